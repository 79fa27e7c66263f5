import Platform
import Rollout
import SharePlan

/// The descriptors that the process may still open.
enum OpenFiles {
    /// What a run needs beside its connections: signals, timers, wake-up calls, the archive's files, a name server.
    /// With fewer, what listens for signals cannot be set up, and Dispatch ends the process at once.
    private static let needed = 22
    /// For each connection: its socket, and what looking up its host takes meanwhile.
    private static let forConnection = 4
    /// Enough for the most connections that can be asked for.
    private static let wanted: rlim_t = 32_768

    /// - Throws: `CommandError` with 1 when too few are left.
    static func check() throws {
        let available = available
        guard available < needed else { return }
        throw CommandError(
            .failed,
            "this process may open only \(available) more files, and \(needed) are needed; "
                + "\(FileError.advice(for: EMFILE)). Nothing was written")
    }

    /// The most connections at once: as many as are wanted, or as the limit leaves room for.
    static func connections(wanted: Int) -> Int {
        max(1, min(wanted, (available - needed) / forConnection))
    }

    /// How many are left, once the soft limit is raised as far as it helps.
    private static var available: Int {
        var limit = rlimit()
        guard getrlimit(files, &limit) == 0 else { return Int.max }
        if limit.rlim_cur < min(wanted, limit.rlim_max) {
            limit.rlim_cur = min(wanted, limit.rlim_max)
            _ = setrlimit(files, &limit)
        }
        let most = Int(min(limit.rlim_cur, wanted))
        // Those that were inherited have low numbers.
        let open = (0..<Int32(min(most, 1_024))).count { fcntl($0, F_GETFD) != -1 }
        return most - open
    }

    #if canImport(Glibc)
        private static let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
        private static let files = RLIMIT_NOFILE
    #endif
}

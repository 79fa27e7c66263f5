import ArgumentParser
import Platform

/// The process with which the sandbox ends, so that a killed script leaves nothing running.
struct ParentProcess: Sendable {
    private let id: pid_t
    /// Whether it is the parent in the system's sense: then a change of parent shows its end even while it is a zombie.
    private let isRealParent: Bool

    init(_ text: String) throws {
        guard let id = pid_t(text), id > 0 else { throw ValidationError("'\(text)' is not a process id.") }
        self.id = id
        isRealParent = getppid() == id
    }

    var hasEnded: Bool {
        if isRealParent { return getppid() != id }
        return kill(id, 0) != 0 && errno == ESRCH
    }
}

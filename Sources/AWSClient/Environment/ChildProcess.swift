import Platform
import Synchronization

/// Runs a program to its end for what it prints, with this process's input and environment.
package enum ChildProcess {
    /// Long enough for a person to answer the program's prompt; one that hangs must not block a nightly job forever.
    static let timeLimit: Duration = .seconds(300)
    /// Longer output is not credentials.
    private static let longestOutput = 1 << 20

    private struct Running {
        /// Those not reaped yet: afterwards a process id may belong to another program.
        var processes: Set<pid_t> = []
        /// Whether this process is about to end.
        var isOver = false
    }

    private static let running = Mutex(Running())
    /// Without a terminal, a program gets its own process group, so that it is ended with what it started. With one,
    /// another group could not read from it.
    private static let hasOwnGroup: Bool = {
        let terminal = open("/dev/tty", O_RDONLY | O_CLOEXEC)
        if terminal >= 0 { close(terminal) }
        return terminal < 0
    }()

    /// Runs without a shell. Signals have their default effect, whatever this process ignores: Ctrl-C ends the program.
    static func run(
        _ arguments: [String], timeLimit: Duration = timeLimit
    ) throws(FileAccessError) -> ProgramResult {
        guard let name = arguments.first else { throw FileAccessError("the command is empty") }
        let (output, errors) = (try ChildPipe(), try ChildPipe())
        let pipes = [output, errors]
        let process = try start(name, arguments, output, errors)
        let deadline = ContinuousClock.now + timeLimit
        var status: Int32 = 0
        while true {
            ChildPipe.read(pipes, milliseconds: 20)
            // A process that it left behind may keep the pipes open; that is not waited for.
            if hasEnded(process, &status) { break }
            let tooLong = pipes.contains { $0.contents.count > longestOutput }
            guard !tooLong, ContinuousClock.now < deadline else {
                end(process)
                throw FileAccessError(
                    tooLong
                        ? "\(name) printed more than \(longestOutput) bytes"
                        : "\(name) did not finish within \(timeLimit.components.seconds) seconds")
            }
            if pipes.allSatisfy(\.isAtEnd) { usleep(5_000) }
        }
        while ChildPipe.read(pipes, milliseconds: 0), !pipes.contains(where: { $0.contents.count > longestOutput }) {}
        return ProgramResult(
            // The exit status, or the negative number of the signal that ended it.
            status: status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F),
            output: output.contents, errorOutput: errors.contents)
    }

    /// Ends all programs, since this process is about to end. No call of ``run(_:timeLimit:)`` returns afterwards.
    package static func endAll() {
        let processes = running.withLock {
            $0.isOver = true
            return $0.processes
        }
        for process in processes { send(SIGTERM, to: process) }
        for _ in 0..<100 where !running.withLock(\.processes.isEmpty) { usleep(20_000) }
        for process in processes { send(SIGKILL, to: process) }
    }

    private static func send(_ signal: Int32, to process: pid_t) {
        running.withLock {
            if $0.processes.contains(process) { _ = kill(hasOwnGroup ? -process : process, signal) }
        }
    }

    private static func hasEnded(_ process: pid_t, _ status: inout Int32) -> Bool {
        let (found, isOver) = running.withLock { running -> (Int32?, Bool) in
            var found: Int32 = 0
            guard waitpid(process, &found, WNOHANG) == process else { return (nil, false) }
            running.processes.remove(process)
            return (found, running.isOver)
        }
        while isOver { sleep(1) }
        status = found ?? status
        return found != nil
    }

    private static func start(
        _ name: String, _ arguments: [String], _ output: ChildPipe, _ errors: ChildPipe
    ) throws(FileAccessError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output.writingEnd, 1)
        posix_spawn_file_actions_adddup2(&actions, errors.writingEnd, 2)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        // Dispatch's threads block every signal, and the child would too.
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ] { sigaddset(&signals, number) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        let group = hasOwnGroup ? Int16(POSIX_SPAWN_SETPGROUP) : 0
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK) | group)

        var process = pid_t()
        var argumentPointers = arguments.map { strdup($0) } + [nil]
        defer { argumentPointers.forEach { free($0) } }
        let failure = running.withLock { running in
            guard !running.isOver else { return ECANCELED }
            let failure = posix_spawnp(&process, name, &actions, &attributes, &argumentPointers, environ)
            if failure == 0 { running.processes.insert(process) }
            return failure
        }
        output.closeWritingEnd()
        errors.closeWritingEnd()
        guard failure == 0 else {
            throw FileAccessError("\(name) cannot be started: \(String(cString: strerror(failure)))")
        }
        return process
    }

    /// Asks the program to end, and kills it when it does not.
    private static func end(_ process: pid_t) {
        var status: Int32 = 0
        send(SIGTERM, to: process)
        for _ in 0..<100 {
            if hasEnded(process, &status) { return }
            usleep(20_000)
        }
        send(SIGKILL, to: process)
        while !hasEnded(process, &status) { usleep(5_000) }
    }
}

/// A pipe in which a child prints, and what it has printed so far.
private final class ChildPipe {
    private(set) var contents: [UInt8] = []
    private(set) var writingEnd: Int32
    private let readingEnd: Int32
    private(set) var isAtEnd = false

    init() throws(FileAccessError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw FileAccessError("a pipe cannot be created: \(String(cString: strerror(errno)))")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        (readingEnd, writingEnd) = (ends[0], ends[1])
    }

    deinit {
        closeWritingEnd()
        close(readingEnd)
    }

    func closeWritingEnd() {
        if writingEnd >= 0 { close(writingEnd) }
        writingEnd = -1
    }

    /// Reads a piece of what is there, waiting for the first of it; false when there was nothing.
    @discardableResult
    static func read(_ pipes: [ChildPipe], milliseconds: Int32) -> Bool {
        let open = pipes.filter { !$0.isAtEnd }
        var entries = open.map { pollfd(fd: $0.readingEnd, events: Int16(POLLIN), revents: 0) }
        guard !entries.isEmpty, poll(&entries, nfds_t(entries.count), milliseconds) > 0 else { return false }
        for (pipe, entry) in zip(open, entries) where entry.revents != 0 { pipe.take() }
        return true
    }

    private func take() {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = systemRead(readingEnd, &buffer, buffer.count)
        if count > 0 {
            contents += buffer[..<count]
        } else {
            isAtEnd = count == 0 || (errno != EINTR && errno != EAGAIN)
        }
    }
}

/// `read(2)`, whose name a method above hides.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}

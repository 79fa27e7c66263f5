import AWSClient
import Dispatch
import Platform
import Rollout
import SharePlan
import Synchronization

/// Whether a command has begun to write.
final class WritingPhase: Sendable {
    private let hasBegun = Atomic(false)

    func begin() {
        hasBegun.store(true, ordering: .releasing)
    }

    var isOn: Bool { hasBegun.load(ordering: .acquiring) }
}

/// SIGINT, SIGTERM and SIGHUP (the terminal was closed) during a command: the first asks the run to stop, the second
/// ends the program at once, unless it is SIGHUP, which shell and terminal may both send.
///
/// While nothing is being written the first one ends the program too, since there is nothing to finish.
struct Interrupts {
    private let sources: [any DispatchSourceSignal]

    /// Begins to listen. The signals keep their meaning until the process ends.
    ///
    /// - Throws: `CommandError` when the process may open too few files for what listens and for the run.
    init(stop: StopSignal, isWriting: @escaping @Sendable () -> Bool) throws {
        try OpenFiles.check()
        sources = [SIGINT, SIGTERM, SIGHUP].compactMap { (number) -> (any DispatchSourceSignal)? in
            // Whoever started the program with nohup wants it to outlive the terminal.
            let before = unsafeBitCast(signal(number, SIG_IGN), to: Int.self)
            if number == SIGHUP, before == unsafeBitCast(SIG_IGN, to: Int.self) { return nil }
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInitiated))
            source.setEventHandler {
                guard isWriting(), !stop.isRequested || number == SIGHUP else {
                    Terminal.standardError.write("\nInterrupted.\n")
                    ChildProcess.endAll()
                    // Without the clean-up of "exit", which would race with the tasks that are still at work.
                    _exit(ExitStatus.interrupted.rawValue)
                }
                guard !stop.isRequested else { return }
                stop.request()
                Terminal.standardError.write(
                    "\nInterrupted: finishing what is in flight. Interrupt again to stop at once; "
                        + "the run can be resumed.\n")
            }
            source.activate()
            return source
        }
    }
}

import SharePlan

/// The exit status of the program, as `docs/operating.md` lists it.
enum ExitStatus: Int32, Sendable {
    case done = 0
    /// Failed before anything was written.
    case failed = 1
    /// `plan --detailed-exitcode`: there are changes.
    case changes = 2
    /// Some repositories failed or were in conflict; every other one is done.
    case incomplete = 3
    /// Refused by a guardrail; nothing was written.
    case refused = 4
    /// Wrong usage.
    case usage = 64
    /// Interrupted; what was in flight is finished and journaled.
    case interrupted = 130
}

/// Ends a command with a status and what a person should read on standard error.
struct CommandError: Error, Sendable {
    let exitStatus: ExitStatus
    /// What is wrong, in one sentence; empty when everything was shown already.
    let message: String
    /// What follows it, a line each.
    let details: [String]

    init(_ exitStatus: ExitStatus, _ message: String, details: [String] = []) {
        self.exitStatus = exitStatus
        self.message = message
        self.details = details
    }

    /// Ends the command without another word.
    static func silent(_ exitStatus: ExitStatus) -> CommandError {
        CommandError(exitStatus, "")
    }

    /// Says it.
    func say() {
        guard !message.isEmpty else { return }
        Terminal.standardError.explain(message, mark: TextLayout.Word("error:"))
        for line in details { Terminal.standardError.say(line) }
    }
}

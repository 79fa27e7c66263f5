import SharePlan

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

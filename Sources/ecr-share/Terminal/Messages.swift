/// What a command says beside its result, on standard error. Each call says one line, whatever the text holds.
struct Messages: Sendable {
    private let isQuiet: Bool
    private let usesColor: Bool

    init(_ options: OutputOptions, environment: [String: String]) {
        isQuiet = options.quiet
        usesColor = Terminal.standardError.allowsColor(options.color, environment: environment)
    }

    /// Says what is going on; not when quiet.
    func note(_ text: String) {
        guard !isQuiet else { return }
        Terminal.standardError.say(text)
    }

    /// Says what came of a run. When quiet, only what did not end well.
    func outcome(_ text: String, isGood: Bool) {
        guard !isQuiet || !isGood else { return }
        Terminal.standardError.say(text)
    }

    /// Says what somebody should look at.
    func warning(_ text: String) {
        Terminal.standardError.say(text, after: painted("warning: ", "33"))
    }

    /// Says what is wrong.
    func error(_ text: String) {
        Terminal.standardError.say(text, after: painted("error: ", "31"))
    }

    /// Passes on lines that carry their own severity, as diagnostics do.
    func lines(_ lines: some Sequence<String>) {
        for line in lines { Terminal.standardError.say(line) }
    }

    private func painted(_ text: String, _ color: String) -> String {
        usesColor ? "\u{1B}[\(color);1m\(text)\u{1B}[0m" : text
    }
}

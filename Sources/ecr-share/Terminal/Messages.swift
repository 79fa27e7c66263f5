/// What a command says beside its result, on standard error.
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
        Terminal.standardError.write(text + "\n")
    }

    /// Says what somebody should look at.
    func warning(_ text: String) {
        Terminal.standardError.write(painted("warning: ", "33") + text + "\n")
    }

    /// Says what is wrong.
    func error(_ text: String) {
        Terminal.standardError.write(painted("error: ", "31") + text + "\n")
    }

    /// Passes on lines that carry their own severity, as diagnostics do.
    func lines(_ lines: some Sequence<String>) {
        for line in lines { Terminal.standardError.write(line + "\n") }
    }

    private func painted(_ text: String, _ color: String) -> String {
        usesColor ? "\u{1B}[\(color);1m\(text)\u{1B}[0m" : text
    }
}

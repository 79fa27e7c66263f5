import SharePlan

/// What a command says beside its result, on standard error. Each call says one line, whatever the text holds; a
/// terminal gets it broken at words.
struct Messages: Sendable {
    private let isQuiet: Bool
    private let usesColor: Bool

    init(_ options: OutputOptions, environment: [String: String]) {
        isQuiet = options.quiet
        usesColor = Terminal.standardError.allowsColor(options.color, environment: environment)
    }

    /// Says what is going on; not when quiet.
    func note(_ text: String) { outcome(text, isGood: true) }

    /// Says what came of a run. When quiet, only what did not end well.
    func outcome(_ text: String, isGood: Bool) {
        guard !isQuiet || !isGood else { return }
        explain(text)
    }

    /// Says what somebody should look at.
    func warning(_ text: String) {
        explain(text, mark: TextLayout.Word("warning:", .warning))
    }

    /// Says what is wrong.
    func error(_ text: String) {
        explain(text, mark: TextLayout.Word("error:", .loss))
    }

    /// Passes on lines that carry their own severity, as diagnostics do. Indented ones, such as those of a policy, stay
    /// whole.
    func lines(_ lines: some Sequence<String>) {
        for line in lines {
            if line.hasPrefix(" ") { Terminal.standardError.say(line) } else { explain(line) }
        }
    }

    private func explain(_ text: String, mark: TextLayout.Word? = nil) {
        Terminal.standardError.explain(text, mark: mark, color: usesColor)
    }
}

/// How a text for terminals and logs looks.
package struct TextOptions: Hashable, Sendable {
    /// How much is shown.
    package enum Verbosity: Hashable, Sendable {
        /// The last line only.
        case quiet
        case normal
        /// Every name and consumer, and the statements before and after.
        case verbose
    }

    /// Columns to fill; lines break between words where they can.
    package var width: Int
    /// Mark losses, gains and warnings with ANSI colours.
    package var color: Bool
    package var verbosity: Verbosity
    /// Whether the text goes to a terminal of this width, not to a program that reads lines.
    package var isTerminal: Bool

    /// The defaults suit a pipe or a log file.
    package init(width: Int = 100, color: Bool = false, verbosity: Verbosity = .normal, isTerminal: Bool = false) {
        self.width = max(40, width)
        self.color = color
        self.verbosity = verbosity
        self.isTerminal = isTerminal
    }
}

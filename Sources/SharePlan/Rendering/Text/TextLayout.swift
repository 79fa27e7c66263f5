/// Lays words out in lines of a given width, with colours that do not count as columns.
package struct TextLayout: Sendable {
    /// What a word means, and so its colour.
    package enum Style: Sendable {
        case plain, strong, faint, loss, gain, warning

        /// The parameters of the SGR sequence. Source: ECMA-48, 8.3.117.
        fileprivate var code: String? {
            switch self {
            case .plain: nil
            case .strong: "1"
            case .faint: "2"
            case .loss: "1;31"
            case .gain: "32"
            case .warning: "33"
            }
        }
    }

    /// Text that is not broken; made visible when it is laid out.
    package struct Word {
        let text: String
        let style: Style
        /// Follows the word before without a space, though the line may break there.
        var isGlued = false

        package init(_ text: String, _ style: Style = .plain, isGlued: Bool = false) {
            (self.text, self.style, self.isGlued) = (text, style, isGlued)
        }
    }

    let options: TextOptions
    package private(set) var text = ""

    package init(options: TextOptions) {
        self.options = options
    }

    var isEmpty: Bool { text.isEmpty }

    mutating func blankLine() {
        if !text.isEmpty { text += "\n" }
    }

    /// Adds a paragraph: `mark` comes first, further lines are indented by `indent` spaces.
    package mutating func paragraph(_ words: [Word], indent: Int, mark: Word? = nil) {
        var line = ""
        var column = 0
        if let mark {
            line = styled(mark.text, mark.style) + " "
            column = mark.text.utf8.count + 1
        } else {
            line = String(repeating: " ", count: indent)
            column = indent
        }
        var isFirst = true
        for word in words {
            let visible = word.text.visible()
            let length = visible.unicodeScalars.count
            let space = isFirst || word.isGlued ? 0 : 1
            if !isFirst, column + space + length > options.width {
                text += line + "\n"
                line = String(repeating: " ", count: indent)
                column = indent
            } else if space == 1 {
                line += " "
                column += 1
            }
            line += styled(visible, word.style)
            column += length
            isFirst = false
        }
        text += line + "\n"
    }

    /// Adds a sentence whose further lines are indented, after a mark or from the start of the line.
    package mutating func sentence(_ text: String, indent: Int, mark: Word? = nil) {
        var words = TextLayout.words(of: text)
        if mark == nil, words.count == 1 { return line(text) }
        let first = mark ?? Word(words.removeFirst().text.visible())
        paragraph(words, indent: indent, mark: first)
    }

    /// Adds one line that is never broken. Spaces at its end are left out.
    mutating func line(_ content: String, _ style: Style = .plain, indent: Int = 0) {
        var visible = content.visible()
        while visible.last == " " { visible.removeLast() }
        text += visible.isEmpty ? "\n" : String(repeating: " ", count: indent) + styled(visible, style) + "\n"
    }

    private func styled(_ text: String, _ style: Style) -> String {
        guard options.color, let code = style.code else { return text }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }

    /// The words of a sentence that may end with a command, which is one word: whoever copies it gets all of it. Spaces
    /// are as they were.
    package static func words(of sentence: String) -> [Word] {
        let start = [": ecr-share ", ": aws "].compactMap { sentence.firstRange(of: $0) }
            .min { $0.lowerBound < $1.lowerBound }
        guard let start else { return words(exactly: sentence) }
        let command = sentence.index(start.lowerBound, offsetBy: 2)
        return words(exactly: sentence[..<sentence.index(before: command)]) + [Word(String(sentence[command...]))]
    }

    private static func words(exactly text: some StringProtocol) -> [Word] {
        text.split(separator: " ", omittingEmptySubsequences: false).map { Word(String($0)) }
    }

    /// The words of a sentence.
    package static func words(_ sentence: String, _ style: Style = .plain) -> [Word] {
        sentence.split(separator: " ").map { Word(String($0), style) }
    }
}

extension String {
    /// The text with spaces behind it up to a width.
    package func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}

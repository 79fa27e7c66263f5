extension String {
    /// The text on one line with everything invisible spelled out, so that it cannot move a cursor, reorder what
    /// is beside it or hide in it, and without what CI systems take for commands.
    ///
    /// Control and format characters (escapes, bidirectional overrides, zero-width characters), line separators,
    /// unusual spaces, private and unassigned characters become `\n`, `\t` or `\u{1b}`. So do a colon that begins `::`
    /// at the start (commands of GitHub), and the second of two `#` (Azure Pipelines, TeamCity, older ones of GitHub).
    /// Sources: the categories of https://www.unicode.org/reports/tr44/#General_Category_Values;
    /// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    package func visible() -> String {
        let isPlain = utf8.allSatisfy { (0x20...0x7E).contains($0) }
        if isPlain, !contains("##"), !beginsCommand { return self }
        var text = ""
        var last: Unicode.Scalar?
        var mayBegin = beginsCommand
        for scalar in unicodeScalars {
            defer { last = scalar }
            switch scalar {
            case "\n": text += #"\n"#
            case "\r": text += #"\r"#
            case "\t": text += #"\t"#
            case "#" where last == "#", ":" where mayBegin, _ where !scalar.isPrintable:
                text += #"\u{"# + String(scalar.value, radix: 16) + "}"
                mayBegin = false
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// Whether the text is a command to GitHub's runner, which skips white space before it.
    private var beginsCommand: Bool {
        guard let start = utf8.firstIndex(where: { $0 > 0x20 }) else { return false }
        return self[start...].hasPrefix("::")
    }

    /// JSON text in which whatever cannot be seen is an escape: it means the same, and can do nothing to a terminal or
    /// a page that shows it.
    package func visibleJSON() -> String {
        if utf8.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x0A }) { return self }
        var text = ""
        for scalar in unicodeScalars {
            if scalar.isPrintable || scalar == "\n" {
                text.unicodeScalars.append(scalar)
            } else {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    text += #"\u"# + String(repeating: "0", count: 4 - digits.utf8.count) + digits
                }
            }
        }
        return text
    }
}

extension Unicode.Scalar {
    /// Whether the scalar shows as itself and leaves its neighbours alone.
    var isPrintable: Bool {
        if self == " " { return true }
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate, .privateUse,
            .unassigned:
            return false
        default:
            // Fillers and variation selectors draw nothing, though their categories are letters and marks.
            return !properties.isDefaultIgnorableCodePoint
        }
    }
}

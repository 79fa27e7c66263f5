extension String {
    /// The text on one line with everything invisible spelled out, so that it cannot move a cursor, reorder what
    /// stands beside it or hide in it.
    ///
    /// Control and format characters (escapes, bidirectional overrides, zero-width characters), line separators,
    /// unusual spaces, private and unassigned characters become `\n`, `\t` or `\u{1b}`. With `ascii` so does every
    /// character beyond ASCII.
    /// Source: the categories of https://www.unicode.org/reports/tr44/#General_Category_Values
    package func visible(ascii: Bool = false) -> String {
        if utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return self }
        var text = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\n": text += #"\n"#
            case "\r": text += #"\r"#
            case "\t": text += #"\t"#
            case _ where scalar.isPrintable && (scalar.isASCII || !ascii): text.unicodeScalars.append(scalar)
            default: text += #"\u{"# + String(scalar.value, radix: 16) + "}"
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

import AWSValues

extension String {
    /// The text as one word of bash or a POSIX shell, whatever it contains, except NUL, which no argument can hold.
    ///
    /// Words of harmless characters stay bare; others are in single quotes, where nothing is special; those with line
    /// ends or invisible characters are in `$'…'` with these spelled out, so that a reader sees all that is there. So
    /// do those with `##`, by which a CI system knows a command to itself in a log.
    /// Source: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02
    package var shellQuoted: String {
        if !isEmpty, utf8.allSatisfy({ $0.isLetterOrDigit || "-_./:+,@%".utf8.contains($0) }) { return self }
        if unicodeScalars.allSatisfy(\.isPrintable), !contains("##") {
            return "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
        }
        var text = "$'"
        for scalar in unicodeScalars {
            switch scalar {
            case "#" where text.hasSuffix("#"): text += #"\043"#
            case "\n": text += #"\n"#
            case "'", #"\"#: text += #"\"# + String(scalar)
            case _ where scalar.isPrintable: text.unicodeScalars.append(scalar)
            default:
                for byte in String(scalar).utf8 {
                    let digits = String(byte, radix: 8)
                    text += #"\"# + String(repeating: "0", count: 3 - digits.utf8.count) + digits
                }
            }
        }
        return text + "'"
    }
}

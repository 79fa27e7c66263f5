/// Splits a command as Python's `shlex` does, and with it botocore: as a POSIX shell would, without anything else that
/// a shell does.
///
/// Source: https://docs.python.org/3/library/shlex.html#parsing-rules
enum CommandWords {
    /// Nil when a quote does not end.
    static func split(_ command: String) -> [String]? {
        var words: [String] = []
        var word: String.UnicodeScalarView?
        var quote: Unicode.Scalar?
        var isEscaped = false
        func appended(_ scalar: Unicode.Scalar...) {
            word = (word ?? String.UnicodeScalarView()) + scalar
        }
        for scalar in command.unicodeScalars {
            if isEscaped {
                // Between double quotes a backslash protects these two only.
                if quote == "\"", scalar != "\"", scalar != "\\" { appended("\\") }
                appended(scalar)
                isEscaped = false
            } else if scalar == "\\", quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if scalar == open { quote = nil } else { appended(scalar) }
            } else if scalar == "\"" || scalar == "'" {
                quote = scalar
                word = word ?? String.UnicodeScalarView()
            } else if scalar == " " || scalar == "\t" || scalar == "\r" || scalar == "\n" {
                if let complete = word { words.append(String(complete)) }
                word = nil
            } else {
                appended(scalar)
            }
        }
        guard quote == nil, !isEscaped else { return nil }
        if let word { words.append(String(word)) }
        return words
    }
}

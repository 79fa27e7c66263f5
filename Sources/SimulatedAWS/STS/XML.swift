/// The little XML that Query services answer with.
enum XML {
    /// An element that holds text.
    static func element(_ name: String, _ text: String) -> String {
        wrap(name, escaped(text))
    }

    /// An element that holds elements.
    static func wrap(_ name: String, _ content: String) -> String {
        "<\(name)>\(content)</\(name)>"
    }

    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { [0x26, 0x3C, 0x3E].contains($0) }) else { return text }
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}

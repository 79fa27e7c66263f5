import Foundation

/// How lines and headers are written, odd ways included.
extension SharedFilesGenerator {
    mutating func configHeader(_ name: String) -> String {
        if name == "default", isLucky(75) { return "[default]" }
        let quoted = name.contains(" ") || name.contains("'")
        let plain =
            quoted && isLucky(90)
            ? pick(["\"\(name)\"", name.replacing(" ", with: "\\ ").replacing("'", with: "\\'")]) : name
        guard isLucky(12) else { return "[profile \(plain)]" }
        if isLucky(3) { return "[profile \(plain)" }
        return pick([
            "[profile \"\(name)\"]", "[profile   \(plain)]", "[profile\t\(plain)]", "[profile \(plain) ]",
            "[ profile \(plain) ]", "[\(plain)]", "[profiles \(plain)]", "[profile \(plain)] # old",
            "[profile \(plain)] // moved", "[profile \(plain)]]", "[profile \(plain) extra]", "[Profile \(plain)]",
            "[profile [OLD] \(plain)]", "[profile \(plain)] [x]",
        ])
    }

    mutating func credentialsHeader(_ name: String) -> String {
        guard isLucky(8) else { return "[\(name)]" }
        return pick([
            "[ \(name) ]", "[\(name)] # c", "[profile \(name)]", "[\"\(name)\"]", "[\(name)]]", "[\(name)] ; x",
        ])
    }

    mutating func section(_ header: String, _ lines: [(String, String)]) -> [String] {
        var text = [header]
        let indentation = isLucky(80) ? "" : pick([" ", "    ", "\t"])
        for (key, value) in lines {
            var own = indentation
            if isLucky(3) { own = pick(["", "  ", "        "]) }
            text.append(own + line(key, value))
            if isLucky(8) { text.append(pick(["", "# comment", "; comment", "   # deeper", " \t ", "  ; x = y"])) }
            if isLucky(3) { text.append(contentsOf: odd()) }
        }
        if isLucky(15) { text.append("") }
        return text
    }

    private mutating func line(_ key: String, _ value: String) -> String {
        let name = isLucky(8) ? pick([key.uppercased(), key.prefix(1).uppercased() + key.dropFirst()]) : key
        let delimiter = isLucky(70) ? " = " : pick(["=", ":", " : ", "\t=\t", " =", "= ", "\u{A0}= "])
        return name + delimiter + value + (isLucky(6) ? pick(["  ", "\t", "\u{A0}"]) : "")
    }

    private mutating func odd() -> [String] {
        if isLucky(3) { return [pick(["nonsense", "= value", "[", "[]"])] }
        return pick([
            ["s3 =", "  max_concurrent_requests = 20", "  addressing_style = path"],
            ["s3:", "    a=b", "", "    c = d"],
            ["output: json"], ["[x = y"], ["cli_pager ="], ["note = one", "  two", "   three = four"],
            ["a b c = d"], ["x == y"], ["quoted = \"a b\""],
        ])
    }

    mutating func file(_ path: String, _ sections: [[String]]) -> SharedFilesCase.File {
        if isLucky(2) { return SharedFilesCase.File(path: path, isFolder: true) }
        var text = sections.shuffled(using: &random).flatMap { $0 }
        if isLucky(15) { text.insert(pick(["# first", "", "; first", "  # first"]), at: 0) }
        let end = isLucky(85) ? "\n" : pick(["\r\n", "\r"])
        var contents = Data((text.joined(separator: end) + (isLucky(80) ? end : "")).utf8)
        if isLucky(2) { contents = Data("\u{FEFF}".utf8) + contents }
        if isLucky(1) { contents.append(contentsOf: [0xFF, 0x0A]) }
        return SharedFilesCase.File(path: path, contents: contents)
    }
}

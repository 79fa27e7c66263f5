extension Reading where Value == RepositoryPattern {
    /// Reads a repository's name or a glob.
    init(repository text: String) {
        if let pattern = RepositoryPattern(text) {
            self.init(pattern)
        } else if text.isEmpty {
            self.init(
                CellFault(.emptyCell, "repository is empty; write a name such as base/python, or a glob such as base/*")
            )
        } else if let damage = SpreadsheetDamage.ofAnyCell(text) ?? SpreadsheetDamage.ofRepository(text) {
            self.init(damage)
        } else {
            self.init(CellFault(.repository, "repository \(shown(text)) \(Reading.reason(forRefusing: text))"))
        }
    }

    private static func reason(forRefusing text: String) -> String {
        if text.hasPrefix("arn:"), let name = text.split(separator: "/", maxSplits: 1).last, name.count < text.count {
            return "is an ARN; write only the repository's name: \(name)"
        }
        if text.contains(".dkr"), let name = text.split(separator: "/", maxSplits: 1).last, name.count < text.count {
            return "is an image address; write only the repository's name: \(name.prefix { $0 != ":" && $0 != "@" })"
        }
        if text.contains(":") || text.contains("@") {
            return "has a tag or digest; access is granted to whole repositories: "
                + text.prefix { $0 != ":" && $0 != "@" }
        }
        if text.contains(";") {
            return "is more than one name; write a row for each, or a glob"
        }
        if text.utf8.count > 256 {
            return "is longer than the 256 characters that ECR allows"
        }
        if text.hasPrefix("/") || text.hasSuffix("/") {
            return "starts or ends with \"/\"; leave it out"
        }
        if text.contains(where: \.isUppercase), RepositoryPattern(text.lowercased()) != nil {
            return "has capital letters, which ECR does not allow; did you mean \"\(text.lowercased())\"?"
        }
        if text.contains(where: \.isWhitespace) {
            return "has a space in it; names have none"
        }
        return "is no name that ECR allows: 2 to 256 lower-case letters and digits, joined by single \".\", \"_\" or "
            + "\"/\", by \"__\", or by hyphens; a glob may also have \"*\" and \"?\""
    }
}

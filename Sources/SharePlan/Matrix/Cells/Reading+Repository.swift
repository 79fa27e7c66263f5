extension Reading where Value == RepositoryPattern {
    /// Reads a repository's name or a glob.
    init(repository text: String) {
        if let name = Reading.name(inImageAddress: text) {
            self.init(
                CellFault(
                    .repository,
                    "repository \(shown(text)) is an image address; write only the repository's name: \(name)"))
        } else if let pattern = RepositoryPattern(text) {
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

    /// The repository's name in the address of an image, as `docker pull` takes it, or of a registry; nil for anything
    /// else. Registries of ECR would pass for the first part of a name.
    private static func name(inImageAddress text: String) -> String? {
        let scheme = ["https://", "http://"].first { text.hasPrefix($0) } ?? ""
        let address = text.dropFirst(scheme.count)
        guard let slash = address.firstIndex(of: "/") else { return nil }
        let host = address[..<slash]
        guard
            host.contains(".dkr.ecr") || host.contains(".dkr-ecr") || host == "public.ecr.aws" || !scheme.isEmpty
        else { return nil }
        return String(address[address.index(after: slash)...].prefix { $0 != ":" && $0 != "@" })
    }

    private static func reason(forRefusing text: String) -> String {
        if text.hasPrefix("arn:"), let name = text.split(separator: "/", maxSplits: 1).last, name.count < text.count {
            return "is an ARN; write only the repository's name: \(name)"
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
        return "is not a name that ECR allows: 2 to 256 lower-case letters and digits, joined by single \".\", \"_\" "
            + "or \"/\", by \"__\", or by hyphens; a glob may also have \"*\" and \"?\""
    }
}

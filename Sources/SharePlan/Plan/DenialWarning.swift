/// The wording of a foreign Deny that defeats wanted grants: one sentence for each statement.
enum DenialWarning {
    /// A warning for each statement and certainty, in the order of the document; consumers beyond five are counted.
    static func all(of denied: [DeniedGrant]) -> [String] {
        let byStatement = Dictionary(grouping: denied, by: \.statement)
        return byStatement.keys.sorted().flatMap { statement in
            let grants = byStatement[statement] ?? []
            let certain = grants.filter(\.isCertain)
            let doubtful = grants.filter { !$0.isCertain }
            let doubts = Set(doubtful.flatMap(\.doubts)).sorted().map(\.description).joined(separator: ", ")
            return [
                sentence(statement, "defeats", certain, ""),
                sentence(statement, "may defeat", doubtful, "; it depends on \(doubts)"),
            ].compactMap { $0 }
        }
    }

    private static func sentence(
        _ statement: StatementReference, _ verb: String, _ grants: [DeniedGrant], _ doubts: String
    ) -> String? {
        guard !grants.isEmpty else { return nil }
        let consumers = Set(grants.map(\.grant.consumer)).sorted()
        let names = consumers.prefix(5).map(\.description).joined(separator: ", ")
        let rest = consumers.count > 5 ? " and \(consumers.count - 5) more" : ""
        return "the foreign Deny in \(statement) \(verb) what is granted to \(names)\(rest)\(doubts)"
    }
}

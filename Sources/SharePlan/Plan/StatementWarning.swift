/// The wording of what single statements do to grants: a foreign Deny that defeats wanted ones, and a statement that
/// still allows removed ones. One sentence for each statement and certainty, in the order of the document.
enum StatementWarning {
    /// Foreign denials that defeat wanted grants.
    static func all(of denied: [DeniedGrant]) -> [String] {
        sentences(denied.map { Finding(grant: $0.grant, statement: $0.statement, doubts: $0.doubts) }) { finding in
            "the foreign Deny in \(finding.statement) \(finding.isCertain ? "defeats" : "may defeat") what is granted to"
        }
    }

    /// Statements by which somebody keeps what is removed.
    static func all(of kept: [KeptGrant]) -> [String] {
        sentences(kept.map { Finding(grant: $0.grant, statement: $0.statement, doubts: $0.doubts) }) { finding in
            "\(finding.statement) \(finding.isCertain ? "still allows" : "may still allow") what is removed from"
        }
    }

    private struct Finding {
        let grant: Grant
        let statement: StatementReference
        let doubts: [Doubt]

        var isCertain: Bool { doubts.isEmpty }
    }

    /// `beginning` is what stands before the consumers; those beyond five are counted.
    private static func sentences(_ findings: [Finding], _ beginning: (Finding) -> String) -> [String] {
        let byStatement = Dictionary(grouping: findings, by: \.statement)
        return byStatement.keys.sorted().flatMap { statement -> [String] in
            let findings = byStatement[statement] ?? []
            return [findings.filter(\.isCertain), findings.filter { !$0.isCertain }].compactMap { findings in
                guard let first = findings.first else { return nil }
                let doubts = Set(findings.flatMap(\.doubts)).sorted().map(\.description).joined(separator: ", ")
                let consumers = Set(findings.map(\.grant.consumer)).sorted()
                let names = consumers.prefix(5).map(\.description).joined(separator: ", ")
                let rest = consumers.count > 5 ? " and \(consumers.count - 5) more" : ""
                return "\(beginning(first)) \(names)\(rest)" + (doubts.isEmpty ? "" : "; it depends on \(doubts)")
            }
        }
    }
}

import AWSValues

/// The wording of what single statements do to grants: a foreign Deny of wanted ones, and a statement that
/// still allows removed ones. A sentence for each statement, certainty and access, in the order of the document.
enum StatementWarning {
    /// Foreign denials of wanted grants, all of a grant or a part of it, in the repository's policy or the
    /// registry's.
    static func all(of denied: [DeniedGrant]) -> [String] {
        let findings = denied.map { denied in
            Finding(
                consumer: denied.grant.consumer,
                word: denied.keepsPull ? "push (not pull)" : denied.hit.map(\.rawValue).inWords,
                statement: denied.statement, doubts: denied.doubts)
        }
        return sentences(findings) { finding, access in
            (finding.statement.registryIndex == nil ? "the foreign Deny in " : "")
                + "\(finding.statement) \(finding.isCertain ? "denies" : "may deny") \(access) to"
        }
    }

    /// What statements open to those whom nobody named.
    static func all(of open: [OpenAccess]) -> [String] {
        open.map { open in
            let audience =
                switch open.audience {
                case .everyone: "everyone with AWS credentials"
                case .anyOrganization: "the members of any organization"
                case .functions: "the Lambda functions of any account"
                case .functionsOfMembers: "the Lambda functions of the members of any organization"
                case .services: "any AWS service"
                case .service(let name): "\(name) on behalf of any account"
                }
            let isSingle = open.statements.count == 1
            let verb = open.doubts.isEmpty ? (isSingle ? "opens" : "open") : "may open"
            let doubts = open.doubts.map(\.description).inWords
            return "\(open.statements.map(\.description).inWords) \(verb) the repository to \(audience): "
                + open.access.joined(separator: ", ") + (doubts.isEmpty ? "" : "; it depends on \(doubts)")
        }
    }

    /// Whether a warning says what opens a repository; plans have warnings as text.
    static func tellsOfOpenAccess(_ sentence: String) -> Bool { sentence.contains(" the repository to ") }

    /// Whether a warning says what denies, or may deny, a grant.
    static func tellsOfDenial(_ sentence: String) -> Bool {
        [" denies ", " may deny "].contains { sentence.contains($0) }
    }

    /// The same of a policy that is there or comes back, whatever it looks like.
    ///
    /// `live` is the policy that it replaces; nil when it is the live one. `today` is the day, in UTC, by which dates
    /// in policies have passed.
    static func ofOpenAccess(
        in policy: Policy?, replacing live: Policy? = nil, of registry: Registry, on today: CalendarDate?
    ) -> [String] {
        func evaluator(_ policy: Policy?, replacing live: PolicyEvaluator? = nil) -> PolicyEvaluator? {
            try? PolicyEvaluator(
                of: policy, partition: registry.region.partition, owner: registry.account, today: today,
                region: registry.region, replacing: live)
        }
        guard let document = try? policy?.document,
            document.statements.contains(where: \.mayBeOpen),
            let evaluator = evaluator(policy, replacing: live.flatMap { evaluator($0) })
        else { return [] }
        return all(of: evaluator.openAccess)
    }

    /// Statements by which somebody keeps what is removed.
    static func all(of kept: [KeptGrant]) -> [String] {
        let findings = kept.map { kept in
            Finding(
                consumer: kept.grant.consumer, word: kept.actions.inWords, statement: kept.statement,
                doubts: kept.doubts)
        }
        return sentences(findings) { finding, actions in
            "\(finding.statement) \(finding.isCertain ? "still allows" : "may still allow") "
                + (actions.isEmpty ? "what is removed from" : "a part of what is removed, \(actions), to")
        }
    }

    private struct Finding {
        let consumer: Consumer
        /// What of the grant is hit, in the matrix's words.
        let word: String
        let statement: StatementReference
        let doubts: [Doubt]

        var isCertain: Bool { doubts.isEmpty }
    }

    /// `beginning` is the text before the consumers; those beyond five are counted.
    private static func sentences(
        _ findings: [Finding], _ beginning: (Finding, _ access: String) -> String
    ) -> [String] {
        let byStatement = Dictionary(grouping: findings, by: \.statement)
        return byStatement.keys.sorted().flatMap { statement -> [String] in
            let findings = byStatement[statement] ?? []
            let isPartial = { (finding: Finding) in finding.doubts.contains(where: \.isOfActions) }
            let possible = findings.filter { !$0.isCertain }
            let parts = [findings.filter(\.isCertain), possible.filter { !isPartial($0) }, possible.filter(isPartial)]
            return parts.flatMap { findings -> [String] in
                guard let first = findings.first else { return [] }
                let doubts = Set(findings.flatMap(\.doubts)).sorted().map(\.description).inWords
                return consumers(of: findings).sorted { $0.key < $1.key }.map { access, consumers in
                    let names = consumers.sorted().map(\.description).listed()
                    return "\(beginning(first, access)) \(names)"
                        + (doubts.isEmpty ? "" : "; it depends on \(doubts)")
                }
            }
        }
    }

    /// The consumers by what of their grants is hit: `lambda` where `pull` is and the Lambda service's part too.
    private static func consumers(of findings: [Finding]) -> [String: [Consumer]] {
        var words: [Consumer: Set<String>] = [:]
        for finding in findings { words[finding.consumer, default: []].insert(finding.word) }
        var consumers: [String: [Consumer]] = [:]
        for (consumer, var own) in words {
            if own.isSuperset(of: ["pull", "lambda-only"]) {
                own = own.subtracting(["pull", "lambda-only"]).union(["lambda"])
            }
            consumers[own.sorted().inWords, default: []].append(consumer)
        }
        return consumers
    }
}

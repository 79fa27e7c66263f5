package import AWSValues
package import SharePlan

extension AccountID {
    /// For literals in tests, so a wrong one stops the test run.
    package static func fixture(_ text: String) -> AccountID {
        guard let account = AccountID(text) else { preconditionFailure("not an account: \(text)") }
        return account
    }
}

extension RepositoryID {
    /// The repository that `ACCOUNT REGION NAME` names; for literals in tests, so a wrong one stops the test run.
    package static func fixture(_ text: String) -> RepositoryID {
        let fields = text.split(separator: " ")
        guard fields.count == 3, let account = AccountID(fields[0]), let region = Region(fields[1]),
            let name = RepositoryName(fields[2])
        else { preconditionFailure("not a repository: \(text)") }
        return RepositoryID(registry: Registry(account: account, region: region), name: name)
    }
}

extension Consumer {
    /// The consumer that `text` spells; for literals in tests.
    package static func fixture(_ text: String) -> Consumer {
        guard let consumer = Consumer(text) else { preconditionFailure("not a consumer: \(text)") }
        return consumer
    }
}

extension WantedGrant {
    /// `CONSUMER ACCESS [REGION]`; for literals in tests.
    package static func fixture(_ text: String, reason: String = "") -> WantedGrant {
        let fields = text.split(separator: " ")
        guard fields.count >= 2, let access = Access(rawValue: String(fields[1])) else {
            preconditionFailure("not a grant: \(text)")
        }
        let region = fields.count > 2 ? Region(fields[2]) : nil
        return WantedGrant(
            Grant(consumer: .fixture(String(fields[0])), access: access, consumerRegion: region), reason: reason)
    }
}

extension SharingRules {
    /// The change that the rules make; nil when there is nothing to do. A problem throws: generated cases have none.
    package func change(on repository: RepositoryID, _ live: Policy?, _ wanted: [WantedGrant]) throws -> Change? {
        switch entry(for: repository, live: live, wanted: wanted) {
        case .change(let change): return change
        case .unchanged, .orphan: return nil
        case .problem(let problem): throw Broken("\(problem.code): \(problem.message); live \(live ?? "none")")
        }
    }
}

/// A promise that a generated case broke.
package struct Broken: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

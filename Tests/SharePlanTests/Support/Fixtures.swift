import SharePlan

extension RepositoryID {
    /// The repository that `ACCOUNT REGION NAME` names; for literals in tests, so a wrong one stops the test run.
    static func fixture(_ text: String) -> RepositoryID {
        let fields = text.split(separator: " ")
        guard fields.count == 3, let account = AccountID(fields[0]), let region = Region(fields[1]),
            let name = RepositoryName(fields[2])
        else { preconditionFailure("not a repository: \(text)") }
        return RepositoryID(registry: Registry(account: account, region: region), name: name)
    }
}

extension Consumer {
    /// The consumer that `text` spells; for literals in tests.
    static func fixture(_ text: String) -> Consumer {
        guard let consumer = Consumer(text) else { preconditionFailure("not a consumer: \(text)") }
        return consumer
    }
}

extension WantedGrant {
    /// `CONSUMER ACCESS [REGION]`; for literals in tests.
    static func fixture(_ text: String, reason: String = "") -> WantedGrant {
        let fields = text.split(separator: " ")
        guard fields.count >= 2, let access = Access(rawValue: String(fields[1])) else {
            preconditionFailure("not a grant: \(text)")
        }
        let region = fields.count > 2 ? Region(fields[2]) : nil
        return WantedGrant(
            Grant(consumer: .fixture(String(fields[0])), access: access, consumerRegion: region), reason: reason)
    }
}

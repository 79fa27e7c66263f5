import SharePlan

/// How this run signs in: flags first, then the configuration file, then the defaults.
struct AWSSettings: Sendable {
    static let defaultRole = "arn:{partition}:iam::{account}:role/EcrShareOperator"

    let via: String?
    let sessionName: String
    /// Seconds.
    let sessionDuration: Int
    let profile: String?
    let region: String?
    let endpointURL: String?
    let concurrency: Int

    private let role: String
    private let externalID: String?
    private let accounts: [AccountID: ConfigurationFile.Account]

    init(_ options: AWSOptions, _ file: ConfigurationFile) {
        role = options.role ?? file.role ?? AWSSettings.defaultRole
        externalID = options.externalID ?? file.externalID
        via = options.via ?? file.via
        sessionName = options.sessionName ?? file.sessionName ?? "ecr-share"
        sessionDuration = options.sessionDuration ?? file.sessionDuration ?? 3600
        profile = options.profile
        region = options.region
        endpointURL = options.endpointURL
        concurrency = options.concurrency ?? file.concurrency ?? 64
        accounts = file.accounts
    }

    /// The role to assume in an owner account, with its placeholders filled; nil to use the base credentials as they
    /// are.
    func role(in account: AccountID, _ partition: Partition) -> String? {
        let template = accounts[account]?.role ?? role
        guard template != "none" else { return nil }
        return template.replacing("{partition}", with: partition.id).replacing("{account}", with: account.description)
    }

    /// The external id that the role of an owner account asks for.
    func externalID(of account: AccountID) -> String? {
        accounts[account]?.externalID ?? externalID
    }
}

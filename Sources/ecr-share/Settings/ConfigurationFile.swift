import SharePlan

/// What `ecr-share.yaml` says. Every option that commands share can be there by its long name; flags and, where AWS
/// has one, the environment's variable win over the file.
struct ConfigurationFile: Sendable {
    /// What is different in one owner account.
    struct Account: Hashable, Sendable {
        var role: String?
        var externalID: String?
    }

    /// Where it was read; nil when there is none.
    var path: String?

    var role: String?
    var via: String?
    var externalID: String?
    var sessionName: String?
    var sessionDuration: Int?
    var profile: String?
    var region: String?
    var endpointURL: String?
    var timeout: Int?
    var concurrency: Int?

    var archive: String?
    var groups: String?
    /// Regions that this version does not know and the matrix may name.
    var newRegions: [String] = []
    var checkAccounts: Bool?

    var merge: MergeMode?
    var adopt: Bool?
    /// Globs of Sids that are adopted whatever their prefix.
    var adoptedSids: [String] = []
    var takeOver: Bool?
    var prune: Bool?
    var sidPrefix: String?
    var maximumPolicySize: Int?

    var allowRevocations: Bool?
    var maximumChanges: PlanLimits.Bound?
    var maximumRevocations: PlanLimits.Bound?
    var maximumFailures: Int?
    var canary: PlanLimits.Bound?
    var rollbackOnFailure: Bool?

    /// Globs of repositories that are never written.
    var protectedRepositories: [String] = []
    /// The only consumers that may gain access, or paths of CSV files that list them; nil allows all.
    var allowedConsumers: [String]?
    var accounts: [AccountID: Account] = [:]

    /// The file itself and those that it names.
    var files: [String] { [path].compactMap(\.self) + (allowedConsumers ?? []).filter { $0.hasSuffix(".csv") } }
}

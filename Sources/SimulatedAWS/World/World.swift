/// What exists when a simulated AWS begins: keys, roles, repositories and their policies, buckets, an organization.
///
/// A plain value to be built up by a test or read from a seed file; the server turns it into a ``Cloud``.
package struct World: Sendable {
    /// A repository and the policy that it has from the start.
    package struct Repository: Hashable, Sendable {
        package var address: RepositoryAddress
        /// JSON; nil for a repository without a policy.
        package var policy: String?
    }

    package var accessKeys: [AccessKey]
    package var roles: [Role] = []
    /// A later entry with the same address replaces an earlier one.
    package var repositories: [Repository] = []
    package var registryPolicies: [RegistryAddress: String] = [:]
    /// All of them have different names.
    package var buckets: [Bucket] = []
    package var organization: Organization?
    package var principals = PrincipalDirectory()
    /// The account setting `REGISTRY_POLICY_SCOPE` of every registry.
    package var registryPolicyScope = "V2"
    /// Seeds every random choice: the same world and the same calls in the same order give the same answers.
    package var seed: UInt64 = 1
    /// How many of the latest calls are kept one by one; the counters count all of them.
    package var recordedCalls = 10_000

    /// A world with these keys and nothing else.
    package init(accessKeys: [AccessKey] = [.platform]) {
        self.accessKeys = accessKeys
    }

    package mutating func addRepository(account: String, region: String, name: String, policy: String? = nil) {
        let address = RepositoryAddress(account: account, region: region, name: name)
        repositories.append(Repository(address: address, policy: policy))
    }

    /// Adds the role `EcrShareOperator` that trusts the account of the platform team's key.
    package mutating func addOperatorRole(account: String) {
        roles.append(Role(account: account, name: "EcrShareOperator", trusts: [AccessKey.platform.account]))
    }
}

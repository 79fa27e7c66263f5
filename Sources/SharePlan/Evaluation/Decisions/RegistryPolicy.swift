package import AWSValues
import OrderedCollections
import OrderedJSON

/// The policy of a whole registry: its denials defeat what repository policies grant, and what it allows may be enough.
///
/// Unlike a repository policy it names resources: each statement says which repositories it is about.
/// Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html
package struct RegistryPolicy: Sendable {
    private let registry: Registry
    private let parts: [(offset: Int, element: JSONValue)]
    private let version: JSONValue?
    /// The day, in UTC, by which dates in conditions have passed; nil when none has.
    let today: CalendarDate?

    /// Reads the policy of `registry` as ECR prints it.
    package init(_ policy: Policy, of registry: Registry, today: CalendarDate? = nil) throws(PolicyError) {
        let policy = try policy.parts
        self.registry = registry
        self.today = today
        parts = Array(policy.statements.enumerated())
        version = policy.members["Version"]
    }

    /// What the policy says of one repository, beside that repository's own policy or alone; nil when it says nothing
    /// of it.
    func evaluator(on repository: RepositoryName, beside own: PolicyEvaluator? = nil) -> PolicyEvaluator? {
        let concerned = statements(on: repository)
        if concerned.isEmpty { return own }
        return PolicyEvaluator(
            statements: concerned, behind: own?.statements ?? [], version: version,
            partition: registry.region.partition, owner: registry.account, today: today, region: registry.region)
    }

    /// The statements about one repository, as a policy of their own; nil when there are none.
    func policy(on repository: RepositoryName) -> Policy? {
        let concerned = statements(on: repository)
        if concerned.isEmpty { return nil }
        var document: JSONObject = [:]
        if let version { document["Version"] = version }
        document["Statement"] = .array(concerned.map(\.element))
        return Policy(JSONValue.object(document).minified)
    }

    private func statements(on repository: RepositoryName) -> [(offset: Int, element: JSONValue)] {
        let arn = RegistryPolicy.bytes(
            "arn:\(registry.region.partition.id):ecr:\(registry.region):\(registry.account):repository/\(repository)")
        return parts.filter { RegistryPolicy.speaks($0.element, of: arn) }.map { part in
            // The evaluator takes every statement for one about the repository, which these are.
            var members = part.element.object ?? [:]
            members["Resource"] = nil
            members["NotResource"] = nil
            return (offset: part.offset, element: part.element.object == nil ? part.element : .object(members))
        }
    }

    /// The grants among `wanted` on a repository that a Deny of this policy hits or may hit.
    package func deniedGrants(among wanted: some Sequence<Grant>, on repository: RepositoryName) -> [DeniedGrant] {
        evaluator(on: repository)?.foreignDenials(of: wanted) ?? []
    }

    /// Whether the statement only lets others replicate into the registry or create repositories there, as registry
    /// policies are mostly for.
    private static func isOfRegistry(_ statement: JSONObject) -> Bool {
        guard statement["Effect"]?.string == "Allow", let action = statement["Action"] else { return false }
        return (action.array ?? [action]).allSatisfy { name in
            name.string.map { actionsOfRegistry.contains($0.lowercased()) } ?? false
        }
    }

    private static let actionsOfRegistry: Set<String> = [
        "ecr:replicateimage", "ecr:createrepository", "ecr:batchimportupstreamimage",
    ]

    /// Whether the statement is about the repository, or may be.
    private static func speaks(_ statement: JSONValue, of arn: [UInt8]) -> Bool {
        let members = statement.object ?? [:]
        if isOfRegistry(members) { return false }
        if let named = patterns(members["Resource"]) { return named.contains { Glob.matches($0, arn) } }
        if let named = patterns(members["NotResource"]) { return !named.contains { Glob.matches($0, arn) } }
        return true
    }

    private static func patterns(_ value: JSONValue?) -> [[UInt8]]? {
        guard let value else { return nil }
        let texts = (value.array ?? [value]).map(\.string)
        return texts.contains(nil) ? nil : texts.compactMap { $0.map(bytes) }
    }

    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
}

extension PolicyEvaluator {
    /// The same policy together with statements of its registry's, as ``RegistryPolicy/policy(on:)`` has them.
    func beside(registry policy: Policy?) throws(PolicyError) -> PolicyEvaluator {
        guard let parts = try policy?.parts else { return self }
        return PolicyEvaluator(
            statements: Array(parts.statements.enumerated()), behind: statements, version: parts.members["Version"],
            partition: partition, owner: owner, today: today, region: region)
    }

    /// The grants among `wanted` that a Deny hits or may hit, whoever wrote it.
    func foreignDenials(of wanted: some Sequence<Grant>) -> [DeniedGrant] {
        // No Sid starts with a prefix that no Sid can have.
        deniedGrants(among: wanted, sidPrefix: " ")
    }
}

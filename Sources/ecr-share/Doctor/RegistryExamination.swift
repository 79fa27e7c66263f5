import AWSClient
import AWSValues
import SharePlan

/// Looks at one registry with the session of its account.
struct RegistryExamination: Sendable {
    let aws: AWS
    let matrix: Matrix
    let registry: Registry
    let sessionPolicy: String
    /// Whose permissions IAM is asked about.
    let role: String

    /// IAM answers at most 100 questions a page; three are asked about each repository.
    private static let askedRepositories = 33

    func findings() async -> [Finding] {
        let client: ECRClient
        let live: [RepositoryName]
        do throws(AWSError) {
            client = try aws.ecr(registry, policy: sessionPolicy)
            live = try await client.repositories().compactMap { RepositoryName($0.name) }
        } catch {
            return [failure(error.concernsRegion ? .region : .read, error)]
        }
        let existing = Set(live)
        let targets = matrix.targets(in: registry, live: live).targets.filter { existing.contains($0.repository.name) }
        var findings = [await reading(client, live.count, targets)]
        findings += await permissions(targets)
        findings.append(await registryPolicy(client, targets))
        return findings
    }

    private func finding(
        _ check: Finding.Check, _ mark: Finding.Mark, _ message: String, fix: String? = nil
    ) -> Finding {
        Finding(
            check: check, mark: mark, account: registry.account, region: registry.region, message: message, fix: fix)
    }

    private func failure(_ check: Finding.Check, _ error: AWSError) -> Finding {
        var finding = finding(check, .failed, error.message, fix: error.advice)
        if error.isAccessDenied { finding.policy = missing }
        return finding
    }

    private var missing: MissingPolicy {
        .permissions(of: role, in: registry.account, registry.region.partition)
    }

    // MARK: Reading

    private func reading(_ client: ECRClient, _ count: Int, _ targets: [Target]) async -> Finding {
        let listed = "lists \(count.repositories)"
        guard let target = targets.first else {
            return finding(.read, .note, "\(listed); the matrix covers none of them, so reading a policy was not tried")
        }
        do throws(AWSError) {
            let text = try await client.repositoryPolicy(of: target.repository.name)
            let has = text == nil ? "has no policy" : "has a policy"
            return finding(.read, .ok, "\(listed); \(target.repository.name) \(has)")
        } catch {
            return failure(.read, error)
        }
    }

    // MARK: What IAM says

    private func permissions(_ targets: [Target]) async -> [Finding] {
        guard !targets.isEmpty else { return [] }
        guard role.contains(":iam:") else {
            return [
                finding(
                    .write, .untested,
                    "with --role none the path of the role behind \(role) is not known, so IAM cannot be asked")
            ]
        }
        let asked = targets.prefix(RegistryExamination.askedRepositories)
        let names = Dictionary(uniqueKeysWithValues: asked.map { (arn(of: $0), $0.repository.name) })
        let decisions: [SimulatedDecision]
        do throws(AWSError) {
            let iam = try aws.iam(
                account: registry.account, partition: registry.region.partition, policy: sessionPolicy)
            decisions = try await iam.simulate(
                ["ecr:GetRepositoryPolicy", "ecr:SetRepositoryPolicy", "ecr:DeleteRepositoryPolicy"],
                on: names.keys.sorted(), as: role)
        } catch {
            let reason =
                error.isAccessDenied ? "the role may not ask IAM (iam:SimulatePrincipalPolicy)" : error.explanation
            return [finding(.write, .untested, "whether it may write was not tested: \(reason)")]
        }
        let isReading: (SimulatedDecision) -> Bool = { $0.action.lowercased() == "ecr:getrepositorypolicy" }
        var findings = [
            writing(decisions.filter { !isReading($0) }, names, all: targets.count)
        ]
        let unreadable = decisions.filter { isReading($0) && !$0.isAllowed }
        if !unreadable.isEmpty { findings.append(refusal(.read, "read the policies of", unreadable, names)) }
        return findings
    }

    private func arn(of target: Target) -> String {
        "arn:\(registry.region.partition.id):ecr:\(registry.region):\(registry.account):repository/"
            + target.repository.name.text
    }

    private func writing(
        _ decisions: [SimulatedDecision], _ names: [String: RepositoryName], all: Int
    ) -> Finding {
        let refused = decisions.filter { !$0.isAllowed }
        if refused.isEmpty {
            let of = names.count < all ? " (\(names.count) of \(all) were asked about)" : ""
            return finding(
                .write, .ok, "may write \(names.count.counting("repository policy", "repository policies"))\(of)")
        }
        if refused.count == decisions.count {
            let reason =
                refused.contains(where: \.isStoppedByOrganization)
                ? "a policy of the organization forbids it"
                : refused.contains(where: \.isDenied) ? "a Deny forbids it" : "no policy of the role allows it"
            return finding(
                .write, .note, "may not write (\(reason)): enough for plan and access, not for apply and rollback")
        }
        return refusal(.write, "write the policies of", refused, names)
    }

    private func refusal(
        _ check: Finding.Check, _ what: String, _ refused: [SimulatedDecision], _ names: [String: RepositoryName]
    ) -> Finding {
        let repositories = Set(refused.compactMap { names[$0.resource] }).sorted()
        let actions = Set(refused.map(\.action)).sorted().joined(separator: ", ")
        var finding = finding(
            check, .failed, "may not \(what) \(repositories.map(\.text).listed())",
            fix: "allow \(actions) on them in the policy of \(role) (RepositoryPrefix of the template)")
        finding.policy = missing
        return finding
    }

    // MARK: The registry's own policy

    private func registryPolicy(_ client: ECRClient, _ targets: [Target]) async -> Finding {
        do throws(AWSError) {
            guard let text = try await client.registryPolicy() else {
                return finding(.registryPolicy, .ok, "there is none")
            }
            return judge(text, targets)
        } catch {
            let reason = error.isAccessDenied ? "\(error.operation) is not allowed" : error.explanation
            return finding(.registryPolicy, .untested, "whether it denies something was not tested: \(reason)")
        }
    }

    private func judge(_ text: String, _ targets: [Target]) -> Finding {
        guard matrix.openUnits.isEmpty, let policy = try? RegistryPolicy(Policy(text), of: registry) else {
            return finding(.registryPolicy, .note, "there is one; check whether it denies what the matrix grants")
        }
        let denials = targets.flatMap { target in
            let wanted = matrix.wantedGrants(for: target).map(\.grant)
            return policy.deniedGrants(among: wanted, on: target.repository.name).map { (target.repository.name, $0) }
        }
        let certain = denials.filter { $1.isCertain }
        guard let (name, denied) = certain.first ?? denials.first else {
            return finding(.registryPolicy, .ok, "there is one, and it denies nothing of the matrix")
        }
        let verb = denied.isCertain ? "denies" : "may deny"
        let count = (denied.isCertain ? certain : denials).count.counting("grant")
        let what =
            "its \(denied.statement.label) \(verb) \(count) of the matrix, such as "
            + "\(denied.grant.access.rawValue) on \(name) for \(denied.grant.consumer)"
        guard denied.isCertain else {
            let doubts = denied.doubts.map(\.description).joined(separator: ", ")
            return finding(.registryPolicy, .note, "\(what); that depends on \(doubts)")
        }
        return finding(
            .registryPolicy, .failed, what,
            fix: "change the registry policy of \(registry), or take the grants out of the matrix: a Deny wins")
    }
}

import AWSClient
import AWSValues
import Rollout
import SharePlan

/// Looks at everything that a run of a matrix needs, without writing anything.
struct Examination: Sendable {
    let aws: AWS
    let matrix: Matrix
    /// The most accounts at once; each asks one question after the other.
    let concurrency: Int

    /// Who asks: the base credentials and the hub role. Nothing else can work without them.
    func callers() async -> [Finding] {
        var findings: [Finding] = []
        do throws(AWSError) {
            let identity = try await aws.baseIdentity()
            findings.append(
                Finding(check: .caller, mark: .ok, message: "\(identity.arn) in account \(identity.account)"))
        } catch {
            return [
                Finding(
                    check: .caller, mark: .failed, message: error.explanation,
                    fix: "sign in, or name a profile with --profile; docs/credentials.md lists where credentials "
                        + "are looked for")
            ]
        }
        guard let partition = matrix.registries.first?.region.partition else { return findings }
        do throws(AWSError) {
            guard let identity = try await aws.hubIdentity(partition: partition) else { return findings }
            findings.append(Finding(check: .hub, mark: .ok, message: identity.arn))
        } catch {
            findings.append(signInFinding(.hub, nil, error))
        }
        return findings
    }

    /// Hands over what is found in each owner account, sorted, as soon as everything is known.
    func accounts() async throws -> [Finding] {
        let registries = Dictionary(grouping: matrix.registries, by: \.account)
        var queue = FairQueue<AccountID, AccountID>()
        for account in registries.keys.sorted() { queue.add(account, to: account) }
        let findings = FindingList()
        try await queue.forEach(atMost: concurrency) { account in
            await findings.add(examine(account, registries[account] ?? []), of: account)
            return []
        }
        return await findings.sorted
    }

    private func examine(_ account: AccountID, _ registries: [Registry]) async -> [Finding] {
        guard let partition = registries.first?.region.partition else { return [] }
        let policy = SessionPermission.examining.policy(for: account, in: partition)
        let identity: CallerIdentity
        do throws(AWSError) {
            identity = try await aws.identity(account: account, partition: partition, policy: policy)
        } catch {
            return [signInFinding(.signIn, account, error)]
        }
        var findings = [Finding(check: .signIn, mark: .ok, account: account, message: identity.arn)]
        let role = aws.roleARN(account: account, partition: partition) ?? identity.arn
        for registry in registries {
            let examination = RegistryExamination(
                aws: aws, matrix: matrix, registry: registry, sessionPolicy: policy, role: role)
            findings += await examination.findings()
        }
        return findings
    }

    private func signInFinding(_ check: Finding.Check, _ account: AccountID?, _ error: AWSError) -> Finding {
        var finding = Finding(check: check, mark: .failed, account: account, message: error.explanation)
        guard case .signIn(let signIn) = error.cause, signIn.underlying?.isAccessDenied == true else { return finding }
        finding.fix =
            "create the role, or let the caller assume it: both the caller's sts:AssumeRole and the role's trust "
            + "policy below are needed (docs/iam.md, \"Verify\")"
        finding.policy = .trust(signIn)
        // The document says what the trust policy needs.
        if finding.policy != nil { finding.message = signIn.refusal }
        return finding
    }
}

/// The findings of all accounts, while they come in.
private actor FindingList {
    private var findings: [AccountID: [Finding]] = [:]

    func add(_ found: [Finding], of account: AccountID) { findings[account] = found }

    /// By account; each account's in the order in which it was asked.
    var sorted: [Finding] { findings.sorted { $0.key < $1.key }.flatMap(\.value) }
}

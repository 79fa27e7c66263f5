import Rollout
import SharePlan

/// The limits of a run: flags first, then the configuration file, then the defaults.
struct GuardrailSettings {
    let limits: PlanLimits
    let options: ApplyOptions
    /// Whether a plan that takes access away may be applied without a person agreeing to it.
    let allowsRevocations: Bool
    /// Whether unknown principals are searched for by trial.
    let isolatesPrincipals: Bool

    init(
        _ flags: GuardrailOptions, _ file: ConfigurationFile, repositoriesAtOnce: Int, messages: Messages
    ) throws {
        isolatesPrincipals = flags.isolatesPrincipals
        allowsRevocations = flags.allowRevocations ?? file.allowRevocations ?? false
        let protected = try file.protectedRepositories.map { text in
            guard let pattern = RepositoryPattern(text) else {
                throw CommandError(.failed, "protect: \"\(text)\" is not a repository name or glob such as base/*")
            }
            return pattern
        }
        limits = PlanLimits(
            maximumChanges: flags.maxChanges ?? file.maximumChanges,
            maximumRevocations: flags.maxRevocations ?? file.maximumRevocations,
            expectedDigest: flags.expect,
            allowedConsumers: try file.allowedConsumers.map { try AllowedConsumers.read($0, messages: messages) },
            isProtected: { repository in protected.contains { $0.matches(repository.name) } })
        options = ApplyOptions(
            concurrency: repositoriesAtOnce, maximumFailures: flags.maxFailures ?? file.maximumFailures ?? 10,
            canary: flags.canary ?? file.canary,
            rollsBackOnFailure: flags.rollbackOnFailure ?? file.rollbackOnFailure ?? false)
    }

    /// The limits of a run that is gone on with: its plan was reviewed when it began, but what is protected or expected
    /// now still counts.
    var limitsOfResuming: PlanLimits {
        PlanLimits(
            expectedDigest: limits.expectedDigest, allowedConsumers: limits.allowedConsumers,
            isProtected: limits.isProtected)
    }
}

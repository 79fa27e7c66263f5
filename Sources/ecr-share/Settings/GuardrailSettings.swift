import AWSValues
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
        allowsRevocations = Settings.allowRevocations.value(flags.allowRevocations, file)
        limits = try PlanLimits(flags.limits, file, messages: messages)
        options = ApplyOptions(
            concurrency: repositoriesAtOnce,
            maximumFailures:
                Settings.maxFailures.value(flags.maxFailures, file),
            canary: Settings.canary.value(flags.canary, file),
            rollsBackOnFailure: Settings.rollbackOnFailure.value(flags.rollbackOnFailure, file))
    }

    /// The limits of a run that is resumed or undone: it was held against the numbers when it began, and a way back
    /// that they close is none. What is protected, allowed or expected now still counts.
    var limitsWithoutNumbers: PlanLimits {
        PlanLimits(
            expectedDigest: limits.expectedDigest, allowedConsumers: limits.allowedConsumers,
            isProtected: limits.isProtected)
    }
}

extension PlanLimits {
    /// The limits that flags and the configuration file set; flags win.
    init(_ flags: PlanLimitOptions, _ file: ConfigurationFile, messages: Messages) throws {
        let protected = try Settings.protect.value([], file).map { text in
            guard let pattern = RepositoryPattern(text) else {
                throw CommandError(.failed, "protect: \"\(text)\" is not a repository name or glob such as base/*")
            }
            return pattern
        }
        self.init(
            maximumChanges: Settings.maxChanges.value(flags.maxChanges, file),
            maximumRevocations: Settings.maxRevocations.value(flags.maxRevocations, file),
            expectedDigest: flags.expect,
            allowedConsumers: try file[Settings.allow].map { try AllowedConsumers.read($0, messages: messages) },
            isProtected: { repository in protected.contains { $0.matches(repository.name) } })
    }
}

extension CommandError {
    /// Ends the command with 4 and every reason. A plan that is only made needs no word that nothing was written.
    init(_ refusal: PlanRefusal, isPlanned: Bool = false) {
        let reasons = refusal.reasons.map(\.description)
        let end = isPlanned ? [] : ["Nothing was written."]
        self.init(.refused, reasons.first ?? "", details: Array(reasons.dropFirst()) + end)
    }
}

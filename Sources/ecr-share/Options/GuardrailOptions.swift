import ArgumentParser
import SharePlan

/// The plans that are refused.
struct PlanLimitOptions: ParsableArguments {
    @Option(help: Settings.maxRevocations.help, transform: Settings.maxRevocations.parse)
    var maxRevocations: PlanLimits.Bound?

    @Option(help: Settings.maxChanges.help, transform: Settings.maxChanges.parse) var maxChanges: PlanLimits.Bound?

    @Option(help: ArgumentHelp("Refuse any plan that does not have this digest.", valueName: "digest"))
    var expect: String?

    func validate() throws {
        guard let expect else { return }
        guard expect.utf8.count == 64, expect.allSatisfy(\.isHexDigit) else {
            throw ValidationError("--expect takes a plan's whole digest, 64 hexadecimal digits")
        }
    }
}

/// What a run may do at most.
struct GuardrailOptions: ParsableArguments {
    @Flag(inversion: .prefixedNo, help: Settings.allowRevocations.flagHelp) var allowRevocations: Bool?

    @OptionGroup var limits: PlanLimitOptions

    @Option(help: Settings.canary.help, transform: Settings.canary.parse) var canary: PlanLimits.Bound?
    @Option(help: Settings.maxFailures.help, transform: Settings.maxFailures.parse) var maxFailures: Int?
    @Flag(inversion: .prefixedNo, help: Settings.rollbackOnFailure.flagHelp) var rollbackOnFailure: Bool?

    @Flag(
        name: .customLong("isolate-principals"),
        help: "Where ECR does not know a principal, find out which by trial, and grant everything else.")
    var isolatesPrincipals = false

    func validate() throws {
        if isolatesPrincipals, rollbackOnFailure == true {
            throw ValidationError(
                "--isolate-principals and --rollback-on-failure cannot be combined: a run that is undone grants nothing "
                    + "else")
        }
    }
}

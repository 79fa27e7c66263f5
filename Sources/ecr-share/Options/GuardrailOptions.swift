import ArgumentParser
import SharePlan

/// The plans that are refused.
struct PlanLimitOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Refuse a plan that is not the one with this digest.", valueName: "digest"))
    var expect: String?

    @Option(
        help: ArgumentHelp(
            "Refuse a plan with more changes than this number or share of its repositories; not a rollback.",
            valueName: "n|p%"))
    var maxChanges: PlanLimits.Bound?

    @Option(
        help: ArgumentHelp(
            "Refuse a plan that takes more grants away than this number or share; not a rollback.", valueName: "n|p%"))
    var maxRevocations: PlanLimits.Bound?

    func validate() throws {
        guard let expect else { return }
        guard expect.utf8.count == 64, expect.allSatisfy(\.isHexDigit) else {
            throw ValidationError("--expect takes a plan's whole digest, 64 hexadecimal digits")
        }
    }
}

/// What a run may do at most.
struct GuardrailOptions: ParsableArguments {
    @Flag(inversion: .prefixedNo, help: "Let an apply with --yes take access away; a rollback may without it.")
    var allowRevocations: Bool?

    @OptionGroup var limits: PlanLimitOptions

    @Option(
        help: ArgumentHelp(
            "Begin no more writes once this many repositories have failed (default: 10). Those under way, up to "
                + "--concurrency, still end.", valueName: "n"))
    var maxFailures: Int?

    @Option(help: ArgumentHelp("Write these first, read them back, and go on only if all hold.", valueName: "n|p%"))
    var canary: PlanLimits.Bound?

    @Flag(
        name: .customLong("isolate-principals"),
        help: "Where ECR does not know a principal, find which by trial, and grant everything else.")
    var isolatesPrincipals = false

    @Flag(inversion: .prefixedNo, help: "Undo the run when a repository fails.")
    var rollbackOnFailure: Bool?

    func validate() throws {
        if let maxFailures, maxFailures < 1 { throw ValidationError("--max-failures takes a number from 1 on") }
        if isolatesPrincipals, rollbackOnFailure == true {
            throw ValidationError(
                "--isolate-principals and --rollback-on-failure exclude each other: a run that is undone grants nothing "
                    + "else")
        }
    }
}

extension PlanLimits.Bound: ExpressibleByArgument {
    init?(argument: String) {
        self.init(argument)
    }
}

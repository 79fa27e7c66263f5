import ArgumentParser
import SharePlan

/// The plans that are refused.
struct PlanLimitOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Refuse a plan that removes more grants than this number or share; not for a rollback.", valueName: "n|p%"))
    var maxRevocations: PlanLimits.Bound?

    @Option(
        help: ArgumentHelp(
            "Refuse a plan with more changes than this number or share of its repositories; not for a rollback.",
            valueName: "n|p%"))
    var maxChanges: PlanLimits.Bound?

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
    @Flag(inversion: .prefixedNo, help: "Allow an apply with --yes to take access away; a rollback may do so anyway.")
    var allowRevocations: Bool?

    @OptionGroup var limits: PlanLimitOptions

    @Option(help: ArgumentHelp("Write these first, read them back, and continue if all succeed.", valueName: "n|p%"))
    var canary: PlanLimits.Bound?

    @Option(
        help: ArgumentHelp(
            "Start no more writes once this many repositories have failed (default: 10). Those in flight, up to "
                + "--concurrency, still finish.", valueName: "n"))
    var maxFailures: Int?

    @Flag(inversion: .prefixedNo, help: "Undo the run when a repository fails.")
    var rollbackOnFailure: Bool?

    @Flag(
        name: .customLong("isolate-principals"),
        help: "Where ECR does not know a principal, find out which by trial, and grant everything else.")
    var isolatesPrincipals = false

    func validate() throws {
        if let maxFailures, maxFailures < 1 { throw ValidationError("--max-failures takes a number of at least 1") }
        if isolatesPrincipals, rollbackOnFailure == true {
            throw ValidationError(
                "--isolate-principals and --rollback-on-failure cannot be combined: a run that is undone grants nothing "
                    + "else")
        }
    }
}

extension PlanLimits.Bound: ExpressibleByArgument {
    init?(argument: String) {
        self.init(argument)
    }
}

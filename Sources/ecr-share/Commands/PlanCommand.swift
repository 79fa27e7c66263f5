import ArgumentParser
import Rollout
import SharePlan

/// `ecr-share plan`: the dry run.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Read the live policies and show what the matrix would change. Writes nothing.",
        discussion: """
            Reads the policy of every repository that the matrix names and prints what would change: first who loses \
            access, then who gains it, then warnings and what could not be planned. The sessions that a plan opens \
            may only read, so a dry run cannot write even if the program were wrong.

              ecr-share plan grants.csv
              ecr-share plan grants.csv --format html --output plan.html
              ecr-share plan grants.csv --out plan.jsonl
              ecr-share apply --plan plan.jsonl --expect DIGEST

            Exits with 0; with 4 if a guardrail refuses the plan, which is shown and saved all the same; with 3 if \
            something could not be planned; with --detailed-exitcode also with 2 if there are changes.
            """)

    @OptionGroup var matrix: MatrixOptions

    @Option(help: "Format of the result: text, json (JSON Lines), markdown, html or aws-cli.")
    var format: PlanFormat = .text

    @Option(
        help: ArgumentHelp(
            "Save the plan, to apply exactly this one later: a file, or a new object s3://BUCKET/NAME.",
            valueName: "file"),
        completion: .file())
    var out: String?

    @Flag(name: .customLong("detailed-exitcode"), help: "Exit with 2 when there are changes.")
    var detailedExitCode = false

    @OptionGroup(title: "Policies") var sharing: SharingOptions
    @OptionGroup(title: "Guardrails") var limits: PlanLimitOptions
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Archive") var archive: ArchiveOptions
    @OptionGroup(title: "AWS") var aws: AWSOptions
    @OptionGroup(title: "Organization") var organization: OrganizationOptions

    func validate() throws {
        if out == "-" || out == "" {
            throw ValidationError("--out takes the name of a file; for the plan on standard output use --format json")
        }
        if let out { _ = try PlanPlace(option: "--out", out) }
    }

    func run() async throws {
        let environment = Environment.current
        let messages = Messages(output, environment: environment)
        let place = try out.map { try PlanPlace($0) }
        if case .file(let path)? = place { try PlanFile.checkReplacing(path) }
        let input = try MatrixInput(matrix, config: aws.config, messages: messages)
        try output.spare(input.files, out)
        let rules = try SharingRules(sharing, input.configuration)
        let settings = AWSSettings(aws, input.configuration)
        let guardrails = try PlanLimits(limits, input.configuration, messages: messages)
        let interrupts = try Interrupts(stop: StopSignal(), isWriting: { false })
        defer { withExtendedLifetime(interrupts) {} }

        try await withLiveStore(settings, allowing: .reading, environment: environment) { store in
            let planning = Planning(
                store: store, rules: rules, settings: settings,
                archive: try await .open(
                    archive, input.configuration, store.aws, allowing: .reading, environment: environment, messages),
                output: output, environment: environment, messages: messages)
            let (plan, leftOut, _) = try await planning.plan(input, sharing, organization)
            try PlanPresenter(format, output, environment: environment, planFile: out)
                .show(plan, leavingOut: leftOut, messages)
            if let place {
                try await plan.save(as: place, archive, input.configuration, store.aws, environment: environment)
            }
            try check(plan, held: guardrails, messages)
            let hasChanges = plan.summary.changes > 0
            try leftOut.throwIfAnything(detailedExitCode && hasChanges ? "; there are changes too" : "")
            if detailedExitCode, hasChanges { throw CommandError.silent(.changes) }
        }
    }

    /// Says how to apply the plan that was saved, unless the guardrails refuse it.
    private func check(_ plan: PlanFile, held guardrails: PlanLimits, _ messages: Messages) throws {
        do { try plan.check(guardrails) } catch let refusal as PlanRefusal {
            if let out { messages.note("Saved as \(out).") }
            throw CommandError(refusal, isPlanned: true)
        }
        guard let out else { return }
        let apply = "ecr-share apply --plan \(out.shellQuoted) --expect \(plan.digest)"
        messages.note("Saved as \(out)." + (plan.summary.changes > 0 ? " To apply exactly this plan: \(apply)" : ""))
    }
}

extension Folder {
    /// Where temporary files go.
    static func temporary(_ environment: [String: String]) -> Folder {
        Folder(environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp")
    }
}

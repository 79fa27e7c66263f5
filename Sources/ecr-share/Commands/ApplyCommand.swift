import ArgumentParser
import Rollout
import SharePlan

/// `ecr-share apply`: plans, asks, then writes; or exactly a saved plan; or resumes a run.
struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Apply the matrix: plan, ask, then write. Or apply exactly a saved plan.",
        discussion: """
            Shows the plan, asks, and writes. Before the first write the plan, with every policy as it was, is on \
            disk, so that the run can be undone. Each repository is read again right before it is written; one that \
            was edited since the plan was made is a conflict and is left alone. One that fails does not stop the others.

              ecr-share apply grants.csv
              ecr-share apply --plan plan.jsonl --expect DIGEST --yes
              ecr-share apply --resume RUN

            Without a terminal to ask, --yes is needed, and for a plan that takes access away also \
            --allow-revocations. Exits with 0 when nothing is left to do, 3 when repositories failed or were left out \
            or alone, 4 when a guardrail refused the plan, 130 when interrupted.
            """)

    @Argument(
        help: ArgumentHelp("The CSV file that says who may use what.", valueName: "matrix"),
        completion: .file(extensions: ["csv"]))
    var matrix: String?

    @Option(
        help: ArgumentHelp("Apply exactly this saved plan: a file, or s3://BUCKET/NAME.", valueName: "file"),
        completion: .file())
    var plan: String?

    @Option(help: ArgumentHelp("Resume a run that was killed, interrupted or had failures.", valueName: "run"))
    var resume: String?

    @OptionGroup var reading: MatrixReadingOptions

    @Flag(help: "Do not ask for confirmation.")
    var yes = false

    @OptionGroup(title: "Policies") var sharing: SharingOptions
    @OptionGroup(title: "Guardrails") var guardrails: GuardrailOptions
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Archive") var archive: ArchiveOptions
    @OptionGroup(title: "AWS") var aws: AWSOptions
    @OptionGroup(title: "Organization") var organization: OrganizationOptions

    func validate() throws {
        guard [matrix, plan, resume].count(where: { $0 != nil }) == 1 else {
            throw ValidationError("give one of: a matrix, --plan FILE, --resume RUN")
        }
        if let plan { _ = try PlanPlace(option: "--plan", plan) }
        guard matrix == nil else { return }
        let senseless = sharing.given + reading.given + organization.given
        guard senseless.isEmpty else {
            throw ValidationError(
                "\(senseless.inWords) can only be used with a matrix: this plan is already made")
        }
    }

    func run() async throws {
        let environment = Environment.current
        let messages = Messages(output, environment: environment)
        if let matrix {
            let input = try MatrixInput(matrix, reading, config: aws.config, messages: messages)
            try output.spare(input.files)
            try await apply(input, environment, messages)
            return
        }
        let configuration = try ConfigurationFile(explicit: aws.config, beside: nil)
        try output.spare(configuration.files, plan)
        let settings = AWSSettings(aws, configuration)
        try await withAWS(settings) { aws in
            let run = try await RunSession(
                configuration, settings, aws, archive: archive, guardrails: guardrails, output: output,
                environment: environment, messages: messages)
            if let plan {
                let plan = try await PlanFile.open(
                    PlanPlace(plan), archive, configuration, aws, environment: environment)
                let leftOut = try LeftOut(of: plan)
                try PlanPresenter(.text, output, environment: environment).show(plan, leavingOut: leftOut, messages)
                leftOut.sayLeftAlone(messages)
                try await aws.requireCredentials()
                try await run.review(plan, isAgreed: yes)
                try await run.execute(plan, over: LiveStore(aws, allowing: .writing))
            } else if let resume {
                try await aws.requireCredentials()
                try await run.resume(resume, over: LiveStore(aws, allowing: .writing))
            }
        }
    }

    private func apply(_ input: MatrixInput, _ environment: [String: String], _ messages: Messages) async throws {
        let rules = try SharingRules(sharing, input.configuration)
        let settings = AWSSettings(aws, input.configuration)
        try await withAWS(settings) { aws in
            let run = try await RunSession(
                input.configuration, settings, aws, archive: archive, guardrails: guardrails, output: output,
                environment: environment, messages: messages, maxPolicySize: sharing.maxPolicySize)
            try await aws.requireCredentials()
            let store = LiveStore(aws, allowing: .writing)
            let planning = Planning(
                store: store, rules: rules, settings: settings, archive: run.archive, output: output,
                environment: environment, messages: messages)
            let (plan, leftOut, targets) = try await planning.plan(input, sharing, organization)
            try PlanPresenter(.text, output, environment: environment).show(plan, leavingOut: leftOut, messages)
            try await run.review(plan, isAgreed: yes)
            try await run.execute(plan, over: store, origin: targets)
        }
    }
}

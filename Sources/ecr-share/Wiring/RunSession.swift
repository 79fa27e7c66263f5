import Rollout
import SharePlan
import Synchronization

/// What `apply` and `rollback` share: the review of a plan, its execution as a run of the archive, and the report.
struct RunSession {
    let settings: AWSSettings
    let archive: Archive
    private let guardrails: GuardrailSettings
    private let output: OutputOptions
    private let environment: [String: String]
    private let messages: Messages

    init(
        _ configuration: ConfigurationFile, aws: AWSOptions, archive: ArchiveOptions, guardrails: GuardrailOptions,
        output: OutputOptions, environment: [String: String], messages: Messages
    ) throws {
        settings = AWSSettings(aws, configuration)
        self.archive = Archive(archive.archive ?? configuration.archive ?? ".ecr-share")
        self.guardrails = try GuardrailSettings(guardrails, configuration, concurrency: settings.concurrency)
        self.output = output
        self.environment = environment
        self.messages = messages
    }

    /// Holds the plan against the guardrails and asks the person at the terminal.
    ///
    /// Ends the command with 4 when a guardrail refuses, when the answer is no, or when there is nobody to ask and no
    /// `--yes`. Without a person to agree, a plan that takes access away needs `--allow-revocations`.
    func review(_ plan: PlanFile, isAgreed: Bool) async throws {
        guard plan.summary.changes > 0 else { return }
        let asks = !isAgreed
        var limits = guardrails.limits
        limits.allowsRevocations = asks || guardrails.allowsRevocations || plan.header.operation == .rollback
        do {
            try plan.check(limits)
        } catch let refusal as PlanRefusal {
            throw CommandError(.refused, "\(refusal)\nNothing was written.")
        }
        guard asks else { return }
        guard Confirmation.isPossible else {
            throw CommandError(
                .refused, "there is no terminal to ask; review the plan and say --yes. Nothing was written.")
        }
        let question = "Write \(Counted(plan.summary.changes, "repository policy", "repository policies"))?"
        guard Confirmation.ask(question) else { throw CommandError(.refused, "not agreed. Nothing was written.") }
    }

    /// Executes a plan as a new run and reports it.
    func execute(_ plan: PlanFile, over store: LiveStore) async throws {
        guard plan.summary.changes > 0 else {
            if plan.summary.problems > 0 { throw CommandError.silent(.incomplete) }
            return
        }
        let id = RunID(plan.header.id) ?? RunID(at: .now)
        try await run(over: store, sidPrefix: plan.header.sidPrefix) { runner, stop in
            messages.note("Run \(id), archived in \(archive.folder.path)")
            return try await runner.execute(plan, as: id, stop: stop)
        }
    }

    /// Goes on with a run of the archive and reports it.
    func resume(_ reference: String, over store: LiveStore) async throws {
        let run = try archive.run(reference)
        let plan = try run.plan()
        try await self.run(over: store, sidPrefix: plan.header.sidPrefix) { runner, stop in
            try await runner.resume(run, stop: stop)
        }
    }

    private func run(
        over store: LiveStore, sidPrefix: String, _ body: (Runner, StopSignal) async throws -> Runner.Result
    ) async throws {
        let stop = StopSignal()
        let interrupts = Interrupts(stop: stop, isWriting: { true })
        defer { withExtendedLifetime(interrupts) {} }
        let progress = ProgressLine(output, concurrency: settings.concurrency) { store.heldBackCalls }
        let undo = RollbackRules(sidPrefix: sidPrefix)
        let runner = Runner(
            archive: archive, store: store, options: guardrails.options,
            haveSameMeaning: { PolicyDocument.haveSameMeaning($0, $1, in: $2) },
            rollbackRules: { undo.entry(undoing: $0, live: $1) }, observer: progress.observer)
        let result = try await body(runner, stop)
        progress.clear()
        RunPresenter(messages: messages).show(result.report)
        if let rollback = result.rollback {
            messages.note("The run was undone:")
            RunPresenter(messages: messages).show(rollback)
        }
        guard let status = ExitStatus(rawValue: result.exitStatus), status != .done else { return }
        throw CommandError.silent(status)
    }
}

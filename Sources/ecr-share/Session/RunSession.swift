import AWSClient
import Rollout
import SharePlan

/// What `apply` and `rollback` share: the review of a plan, its execution as a run of the archive, and the report.
struct RunSession {
    let settings: AWSSettings
    let archive: Archive
    /// As ``RunPresenter/archiveOption``.
    let archiveOption: String
    let guardrails: GuardrailSettings
    let messages: Messages
    private let output: OutputOptions
    private let environment: [String: String]
    let stop = StopSignal()
    /// For documents that are rebuilt, in UTF-8 bytes.
    let maximumPolicySize: Int
    private let writing = WritingPhase()
    private let interrupts: Interrupts

    init(
        _ configuration: ConfigurationFile, _ settings: AWSSettings, _ aws: AWS, archive: ArchiveOptions,
        writes: Bool = true, guardrails: GuardrailOptions, output: OutputOptions, environment: [String: String],
        messages: Messages, maxPolicySize: Int? = nil
    ) async throws {
        self.settings = settings
        maximumPolicySize = Settings.maxPolicySize.value(maxPolicySize, configuration)
        archiveOption = archive.given
        self.guardrails = try GuardrailSettings(
            guardrails, configuration, repositoriesAtOnce: settings.repositoriesAtOnce, messages: messages)
        self.output = output
        self.environment = environment
        self.messages = messages
        interrupts = try Interrupts(stop: stop, isWriting: { [writing] in writing.isOn })
        self.archive = try await .open(
            archive, configuration, aws, allowing: writes ? .writing : .reading, environment: environment, messages)
    }

    /// Holds the plan against the guardrails and asks the person at the terminal.
    ///
    /// Ends the command with 4 when a guardrail refuses, when the answer is no, or when there is no terminal to ask on
    /// and no `--yes`. Without a person to agree, a plan that takes access away needs `--allow-revocations`.
    func review(_ plan: PlanFile, isAgreed: Bool) async throws {
        let asks = !isAgreed
        let isRollback = plan.header.operation == .rollback
        var limits = isRollback ? guardrails.limitsWithoutNumbers : guardrails.limits
        limits.allowsRevocations = asks || guardrails.allowsRevocations || isRollback
        try hold(plan, to: limits)
        guard plan.summary.changes > 0, asks else { return }
        guard Confirmation.isPossible else {
            throw CommandError(
                .refused, "cannot ask without a terminal; review the plan and pass --yes. Nothing was written")
        }
        let taken = plan.summary.grantsRemoved
        let loss = taken > 0 ? " and take \(taken.counting("grant")) away" : ""
        let question = "Write \(plan.summary.changes.counting("repository policy", "repository policies"))\(loss)?"
        guard Confirmation.ask(question) else { throw CommandError(.refused, "cancelled; nothing was written") }
    }

    /// Ends the command with 4 when a guardrail would refuse the plan.
    func hold(_ plan: PlanFile, to limits: PlanLimits) throws {
        do { try plan.check(limits) } catch let refusal as PlanRefusal {
            throw CommandError(refusal)
        }
    }

    /// Executes a plan as a new run and reports it. `origin` is the matrix that it was made from, if available.
    /// `undone` is the plan of the run that a rollback undoes, where it is open already.
    func execute(
        _ plan: PlanFile, undoing undone: PlanFile? = nil, over store: LiveStore, origin: MatrixTargets? = nil
    ) async throws {
        // Where nothing is to be written, nothing is looked at again either.
        let later = try await archive.writtenSincePlanning(plan, .unchanged)
        for (repository, run) in later.sorted(by: { $0.key < $1.key }) {
            messages.error(
                "\(repository): run \(run) wrote it after this rollback was planned; plan the rollback again")
        }
        if plan.summary.changes > 0 {
            try await run(over: store, origin: origin) { runner in
                try await runner.execute(plan, undoing: undone, stop: stop) { id in
                    messages.note("Run \(id), archived in \(archive.location)")
                }
            }
        } else {
            try LeftOut(of: plan).throwIfAnything()
        }
        if !later.isEmpty { throw CommandError.silent(.incomplete) }
    }

    /// Goes on with a run of the archive and reports it.
    func resume(_ reference: String, over store: LiveStore) async throws {
        let (run, plan) = try await archive.open(reference)
        try hold(plan, to: guardrails.limitsWithoutNumbers)
        try await self.run(over: store, wasShown: false) { runner in
            try await runner.resume(run, plan, stop: stop)
        }
    }

    private func run(
        over store: LiveStore, origin: MatrixTargets? = nil, wasShown: Bool = true,
        _ body: (Runner) async throws -> Runner.Result
    ) async throws {
        writing.begin()
        defer { withExtendedLifetime(interrupts) {} }
        // For the journal only, so a refusal does no harm.
        let caller = try? await store.callerARN()
        let progress = ProgressLine(output, concurrency: settings.concurrency) { store.heldBackCalls }
        let runner = Runner(
            archive: archive, store: store, options: guardrails.options, maximumPolicySize: maximumPolicySize,
            caller: caller, observer: progress.observer)
        let result: Runner.Result
        do { result = try await body(runner) } catch let error as RolloutError {
            progress.clear()
            guard case .brokenOff(let run, _) = error else { throw error }
            throw CommandError(
                .incomplete, error.description,
                details: [
                    RunStep.resume(run.text, archive: archiveOption).line,
                    RunStep.undo(run.text, archive: archiveOption).line,
                ])
        }
        progress.clear()
        let presenter = RunPresenter(messages: messages, archiveOption: archiveOption)
        try presenter.show(result.execution, leftTo: result.leftToLaterRuns)
        await keepReport(of: result.execution)
        if let rollback = result.rollback {
            messages.note("Undoing the run:")
            try LeftOut(of: rollback.plan).say(messages)
            try presenter.show(rollback)
            await keepReport(of: rollback)
        } else {
            try await explainUnknownPrincipals(result.execution, runner, over: store, origin)
        }
        let status = result.exitStatus
        if status == .done || status == .incomplete {
            let leftOut = try LeftOut(of: result.execution.plan)
            if !wasShown {
                leftOut.say(messages)
                leftOut.sayLeftAlone(messages)
            }
            try leftOut.throwIfAnything()
        }
        if status != .done { throw CommandError.silent(status) }
    }

    /// Leaves the run's page in the archive. The run has ended, so a page that cannot be written is only worth a
    /// warning.
    private func keepReport(of execution: Runner.Execution) async {
        do {
            messages.note("Report: \(try await archive.writeReport(of: execution))")
        } catch {
            messages.warning("the report of run \(execution.run) could not be written: \(error)")
        }
    }
}

import AWSValues
import ArgumentParser
import Platform
import Rollout
import SharePlan

/// `ecr-share rollback`: undoes a run, whole or in part.
struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Undo a run, whole or in part.",
        discussion: """
            A repository whose policy is still as the run left it gets the policy from before the run back; one that \
            had none gets it deleted. One that was edited since, or written by a later run, is a conflict: it is shown \
            with its three sides and left alone, unless --merge-later-edits is given: then only the run's own grants are \
            taken and given back. With --consumer that is done for these consumers alone. Access that a later run or \
            somebody else granted or revoked stays as they left it, and is listed as left alone where the run had \
            changed it too. A rollback is itself a run: it is shown, archived and can be undone.

              ecr-share rollback latest --dry-run
              ecr-share rollback latest --consumer 777788889999
              ecr-share rollback latest --consumer @data-teams --groups groups.csv
              ecr-share rollback 20261124T2103 --repository 'base/*'

            Exits with 0 when nothing is left to undo, 3 when some repositories were in conflict, failed or keep something, \
            4 when a guardrail refused the plan or it was not confirmed, 130 when interrupted, 1 when nothing could be read.
            """)

    @Argument(
        help: ArgumentHelp(
            "The run's id, its beginning, or 'latest': the last run that is not a rollback.", valueName: "run"))
    var reference: String

    @Option(
        help: ArgumentHelp("Undo only in repositories that this name or glob matches. Repeatable.", valueName: "glob"))
    var repository: [String] = []

    @Option(
        help: ArgumentHelp(
            "Undo only what this consumer, or @group of --groups, gained or lost. Repeatable.", valueName: "id"))
    var consumer: [String] = []

    @Option(help: Settings.groups.help, completion: .file(extensions: ["csv"]), transform: Settings.groups.parse)
    var groups: String?

    @Flag(help: "Where the policy was edited since, take and give back only the run's own grants.")
    var mergeLaterEdits = false

    @Flag(help: "Only show the plan.")
    var dryRun = false

    @Flag(help: "Do not ask for confirmation.")
    var yes = false

    @Option(help: "Format of the plan: text, json (JSON Lines), markdown, html or aws-cli.")
    var format: PlanFormat = .text

    @OptionGroup(title: "Guardrails") var guardrails: GuardrailOptions
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Archive") var archive: ArchiveOptions
    @OptionGroup(title: "AWS") var aws: AWSOptions

    func run() async throws {
        let environment = Environment.current
        let messages = Messages(output, environment: environment)
        let configuration = try ConfigurationFile(explicit: aws.config, beside: nil)
        try output.spare(configuration.files, Settings.groups.value(groups, configuration))
        let settings = AWSSettings(aws, configuration)
        try await withAWS(settings) { aws in
            let session = try await RunSession(
                configuration, settings, aws, archive: archive, writes: !dryRun, guardrails: guardrails, output: output,
                environment: environment, messages: messages)
            let selection = try selection(groups: Settings.groups.value(groups, configuration), messages)
            let (archived, original) = try await session.archive.open(reference, latest: .toUndo)
            let rules = RollbackRules(
                sidPrefix: original.header.sidPrefix, mergeLaterEdits: mergeLaterEdits,
                consumers: selection.consumers.isEmpty ? nil : Set(selection.consumers.values.joined()),
                maximumPolicySize: session.maximumPolicySize)
            try await aws.requireCredentials()
            let store = LiveStore(aws, allowing: dryRun ? .reading : .writing)
            let progress = ProgressLine(output, concurrency: session.settings.concurrency) { store.heldBackCalls }
            let now = Timestamp.now
            let planner = Planner(
                store: store, concurrency: session.settings.repositoriesAtOnce, spoolFolder: .temporary(environment),
                observer: progress.observer)
            let result = try await planner.plan(
                undoing: archived, original, by: rules, in: session.archive, selection, id: RunID(at: now),
                createdAt: now)
            progress.clear()
            messages.warn(result.registryNotes, except: result.signInFailures.map(\.account))
            for run in result.unreadableRuns {
                messages.warning("run \(run.run) \(run.reason)")
            }
            if result.neverWritten > 0 {
                let count = result.neverWritten.repositories
                messages.note("\(count) left alone: the run's journal records no write there.")
            }
            let leftOut = try LeftOut(of: result)
            try leftOut.throwIfNothingWasReached(result, messages)
            // Conflicts are shown with their sides.
            try PlanPresenter(format, output, environment: environment)
                .show(result.plan, leavingOut: leftOut, messages, said: ["conflict"])
            show(result.conflicts, messages)
            leftOut.sayLeftAlone(messages)
            if dryRun {
                try session.hold(result.plan, to: session.guardrails.limitsWithoutNumbers)
            } else {
                try await session.review(result.plan, isAgreed: yes)
                try await session.execute(result.plan, undoing: original, over: store)
            }
            try leftOut.throwIfAnything()
        }
    }

    /// Shows the sides of this many conflicts at most; all of them are problems of the plan.
    private static let shownConflicts = 20

    private func show(_ conflicts: [RepositoryID: PolicyConflict], _ messages: Messages) {
        for (repository, conflict) in conflicts.sorted(by: { $0.key < $1.key }).prefix(Self.shownConflicts) {
            messages.error("\(repository): conflict: the policy is no longer the run's")
            messages.lines(conflict.lines.map { "    " + $0 })
        }
        if conflicts.count > Self.shownConflicts {
            let more = (conflicts.count - Self.shownConflicts).counting("more conflict")
            messages.error("the sides of \(more) are not shown; choose with --repository")
        }
    }

    private func selection(groups path: String?, _ messages: Messages) throws -> RollbackSelection {
        var selection = RollbackSelection()
        selection.repositories = try repository.map { try RepositoryPattern(option: "--repository", $0) }
        let path = consumer.contains { $0.hasPrefix("@") } ? path : nil
        let groups = try path.map {
            try InputFile.read($0, what: "groups file", messages, by: Groups.parse(_:path:))
        }
        for text in consumer {
            if text.hasPrefix("@") {
                selection.consumers[text] = Set(try members(of: text, groups))
                continue
            }
            guard let consumer = Consumer(text) else {
                throw CommandError(
                    .usage,
                    "--consumer: \"\(text)\" is not an account, role, user, organization or @group; write it as the "
                        + "matrix has it, such as 444455556666 or o-a1b2c3d4e5")
            }
            selection.consumers[text] = [consumer]
        }
        return selection
    }

    private func members(of name: String, _ groups: Groups?) throws -> [Consumer] {
        guard let groups else {
            throw CommandError(
                .usage, "--consumer: \(name) is a group; pass the file that lists its members with --groups")
        }
        guard let members = groups.members(of: String(name.dropFirst())) else {
            throw CommandError(
                .usage,
                "--consumer: \(groups.path) has no group \(name); it has \(groups.names.joined(separator: ", "))")
        }
        return members
    }
}

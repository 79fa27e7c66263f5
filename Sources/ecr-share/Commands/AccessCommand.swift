import AWSValues
import ArgumentParser
import Platform
import Rollout
import SharePlan

/// `ecr-share access`: who may pull or push what.
struct AccessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "access",
        abstract: "Show who may pull or push what, from the live policies. Writes nothing.",
        discussion: """
            Every statement counts, whoever wrote it. Give a matrix, and each line says whether the matrix grants \
            it; or give --account and --owner-region for whole registries.

              ecr-share access grants.csv
              ecr-share access --account 111122223333 --owner-region us-east-1
              ecr-share access grants.csv --format html --output access.html

            The html form is one page with a heat map of repositories and consumers. The csv form is a matrix of \
            what ecr-share itself granted, to which "plan" has nothing to change; with --adopt, foreign statements \
            that could be adopted are rows too, otherwise they are comments. In both json and csv, every repository has a \
            line, also one that nobody may use or that could not be read.
            """)

    @Argument(
        help: ArgumentHelp("The CSV file that says who may use what.", valueName: "matrix"),
        completion: .file(extensions: ["csv"]))
    var matrix: String?

    @Option(help: ArgumentHelp("Owner account, instead of a matrix. Repeatable.", valueName: "id"))
    var account: [String] = []

    @Option(help: ArgumentHelp("Region of the owner accounts' registries. Repeatable.", valueName: "region"))
    var ownerRegion: [String] = []

    @OptionGroup var reading: MatrixReadingOptions

    @Option(help: ArgumentHelp("Only repositories that this name or glob matches. Repeatable.", valueName: "glob"))
    var repository: [String] = []

    @Option(help: "Format of the result: text, json (JSON Lines), html (a heat map) or csv (a matrix).")
    var format: Format = .text

    @Flag(help: "In the csv form, count foreign statements of exactly our shapes as ours; not those of another prefix.")
    var adopt = false

    @Option(
        help: ArgumentHelp(
            "Also count foreign statements of our shapes whose Sid matches as ours, whatever its prefix. Repeatable.",
            valueName: "glob"))
    var adoptSid: [String] = []

    @Option(help: Settings.sidPrefix.help, transform: Settings.sidPrefix.parse) var sidPrefix: String?

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Archive") var archive: ArchiveOptions
    @OptionGroup(title: "AWS") var aws: AWSOptions

    /// The forms of the result.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, html, csv
    }

    func validate() throws {
        guard (matrix == nil) != (account.isEmpty && ownerRegion.isEmpty) else {
            throw ValidationError(
                matrix == nil
                    ? "pass a matrix, or --account and --owner-region"
                    : "pass either a matrix, or --account and --owner-region, not both")
        }
        if matrix == nil, account.isEmpty || ownerRegion.isEmpty {
            throw ValidationError("--account and --owner-region belong together")
        }
        if format != .csv, adopt || !adoptSid.isEmpty {
            throw ValidationError("--adopt and --adopt-sid are for --format csv: the other forms show every statement")
        }
    }

    func run() async throws {
        let environment = Environment.current
        let messages = Messages(output, environment: environment)
        let patterns = try repository.map { try RepositoryPattern(option: "--repository", $0) }
        if let matrix {
            let input = try MatrixInput(matrix, reading, config: aws.config, messages: messages)
            try output.spare(input.files)
            try await report(input.configuration, knowsMatrix: true, patterns, environment, messages) { store in
                let consumers = MatrixConsumers(aws: store.aws, messages: messages)
                let matrix = try await consumers.settle(input.matrix, checksAccounts: false)
                return MatrixTargets(matrix, mode: .match, prunes: false)
            }
        } else {
            let configuration = try ConfigurationFile(explicit: aws.config, beside: nil)
            try output.spare(configuration.files)
            let targets = WholeRegistries(try registries())
            try await report(configuration, knowsMatrix: false, patterns, environment, messages) { _ in targets }
        }
    }

    private func report<Source: TargetSource>(
        _ configuration: ConfigurationFile, knowsMatrix: Bool, _ patterns: [RepositoryPattern],
        _ environment: [String: String], _ messages: Messages,
        targets: @Sendable (LiveStore) async throws -> Source
    ) async throws {
        let settings = AWSSettings(aws, configuration)
        let sidPrefix = Settings.sidPrefix.value(sidPrefix, configuration)
        let interrupts = try Interrupts(stop: StopSignal(), isWriting: { false })
        defer { withExtendedLifetime(interrupts) {} }
        let progress = ProgressLine(output, concurrency: settings.concurrency)
        let (findings, unlisted, registryPolicies) = try await withLiveStore(
            settings, allowing: .reading, environment: environment
        ) { store in
            let targets = try await targets(store)
            let registries = try await RegistryPolicies(
                of: targets.registries, in: store, concurrency: settings.repositoriesAtOnce, today: Timestamp.now.day)
            let planner = Planner(
                store: store, concurrency: settings.repositoriesAtOnce, spoolFolder: .temporary(environment),
                observer: progress.observer)
            let adopt = Adoption(
                unprefixed: adopt,
                sids: Settings.adoptSid.value(adoptSid, configuration).compactMap { SidPattern($0) })
            let report = report
            let (findings, unlisted) = try await planner.survey(targets, choosing: patterns) {
                repository, policy throws(StoreError) in
                do {
                    let access = try RepositoryAccess(
                        of: repository, policy: policy, registry: registries[repository.registry],
                        sidPrefix: sidPrefix, adopt: adopt,
                        wanted: knowsMatrix ? targets.wantedGrants(for: repository) : nil, today: Timestamp.now.day)
                    return AccessPresenter.Finding(access, policy: policy, sidPrefix: sidPrefix, for: report)
                } catch {
                    throw StoreError(kind: .other, code: "unreadable-policy", message: "\(error)")
                }
            }
            return (findings, unlisted, registries)
        }
        progress.clear()
        var presenter = AccessPresenter(
            report, title: matrix ?? account.joined(separator: ", "), sidPrefix: sidPrefix,
            ResultOutput(output, isJSON: format == .json))
        var (read, failures) = (0, 0)
        var notes = PlanNotes()
        func add(_ problem: Problem, _ error: StoreError) throws {
            failures += 1
            notes.add(problem, requestID: error.requestID)
            try presenter.addUnread(problem)
        }
        try presenter.begin()
        for finding in findings {
            switch finding.result {
            case .success(let found):
                read += 1
                try presenter.add(found)
            case .failure(let error):
                try add(Problem(repository: finding.repository, code: error.code, message: error.message), error)
            }
        }
        for unlisted in unlisted {
            let error = unlisted.error
            let start = error.kind == .signIn ? "" : "the repositories could not be listed: "
            try add(Problem(registry: unlisted.registry, code: error.code, message: start + error.message), error)
        }
        try presenter.finish()
        messages.warn(
            registryPolicies.notes, of: Set(findings.map(\.repository.registry)),
            except: unlisted.map(\.registry.account))
        for note in notes.problems { messages.error(note.line) }
        guard failures > 0 else {
            let idle = patterns.filter { pattern in !findings.contains { pattern.matches($0.repository.name) } }
            guard idle.isEmpty else {
                let names = idle.map(\.description).joined(separator: ", ")
                throw CommandError(.failed, "no repository fits --repository \(names)")
            }
            return
        }
        throw CommandError.silent(read == 0 ? .failed : .incomplete)
    }

    /// The form of the report; nil for the page.
    private var report: AccessReport? {
        switch format {
        case .text: .text(width: output.output == nil ? Terminal.standardOutput.width : nil)
        case .json: .json
        case .csv: .csv
        case .html: nil
        }
    }

    private func registries() throws -> [Registry] {
        let accounts = try account.map { text in
            guard let id = AccountID(text) else {
                throw CommandError(.usage, "--account: \"\(text)\" is not a 12-digit account id such as 111122223333")
            }
            return id
        }
        let regions = try ownerRegion.map { text in
            guard let region = Region(text) else {
                throw CommandError(
                    .usage, "--owner-region: \"\(text)\" is not a region\(Region.suggestion(for: text))")
            }
            guard region.isKnown || reading.allowRegion.contains(text) else {
                let nearest = Region.suggestion(for: text)
                throw CommandError(
                    .usage,
                    "--owner-region: \"\(text)\" is not a region that this version knows"
                        + (nearest.isEmpty ? "; if" : nearest + " If")
                        + " AWS has opened it since, add --allow-region \(text)")
            }
            return region
        }
        return accounts.flatMap { account in regions.map { Registry(account: account, region: $0) } }
    }
}

extension RepositoryPattern {
    /// The name or glob that an option gives.
    init(option: String, _ text: String) throws {
        guard let pattern = RepositoryPattern(text) else {
            throw CommandError(.usage, "\(option): \"\(text)\" is not a repository name or glob such as 'base/*'")
        }
        self = pattern
    }
}

import AWSClient
import ArgumentParser
import OrderedJSON
import Rollout
import SharePlan

/// `ecr-share doctor`: whether everything is in place for a run.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check that every owner account's role can be assumed and may do what a run needs. Writes nothing.",
        discussion: """
            For each owner account and region of the matrix: who acts there, whether it may read and write, whether the \
            region is on, and whether a registry policy denies what the matrix grants; and whether an archive in a bucket \
            can be read. Write access is checked by asking \
            IAM; no write is tried. Missing policies are printed, ready to use.

            A role that may not write is reported but is not a failure: plan and access only read.

            Exits with 0 when nothing failed, 3 when something did, 1 when no owner account could be entered at all.
            """)

    @OptionGroup var matrix: MatrixOptions

    @Option(help: "Format of the result: text, or json (JSON Lines, one object per check).")
    var format: ResultFormat = .text

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Archive") var archive: ArchiveOptions
    @OptionGroup(title: "AWS") var aws: AWSOptions
    @OptionGroup(title: "Organization") var organization: OrganizationOptions

    func run() async throws {
        let environment = Environment.current
        let messages = Messages(output, environment: environment)
        let input = try MatrixInput(matrix, config: aws.config, messages: messages)
        try output.spare(input.files)
        let settings = AWSSettings(aws, input.configuration)
        let checksAccounts = Settings.checkAccounts.value(organization.checkAccounts, input.configuration)
        let interrupts = try Interrupts(stop: StopSignal(), isWriting: { false })
        defer { withExtendedLifetime(interrupts) {} }

        let findings = try await withLiveStore(
            settings, allowing: .examining, environment: environment, needsCredentials: false
        ) { store in
            let base = Examination(aws: store.aws, matrix: input.matrix, concurrency: settings.concurrency)
            var findings = await base.callers()
            guard !findings.contains(where: { $0.mark == .failed }) else { return findings }
            if let finding = try await archiveFinding(input.configuration, store.aws, environment, messages) {
                findings.append(finding)
            }
            var settled = input.matrix
            if checksAccounts || !settled.openUnits.isEmpty {
                do {
                    settled = try await MatrixConsumers(aws: store.aws, messages: messages).settle(
                        settled, checksAccounts: checksAccounts)
                    findings.append(
                        Finding(check: .organization, mark: .ok, message: "answers; the consumers are known"))
                } catch let error as CommandError {
                    findings.append(Finding(check: .organization, mark: .failed, message: error.message))
                }
            }
            let examination = Examination(aws: store.aws, matrix: settled, concurrency: settings.concurrency)
            return try await findings + examination.accounts()
        }
        try show(findings, environment)
        guard findings.contains(where: { $0.mark == .failed }) else { return }
        throw CommandError.silent(findings.contains(where: \.isSignIn) ? .incomplete : .failed)
    }

    /// Whether an archive in a bucket can be read, and whether a run holds it; nil for one in a folder. That it can be
    /// written is not tried.
    private func archiveFinding(
        _ configuration: ConfigurationFile, _ aws: AWS, _ environment: [String: String], _ messages: Messages
    ) async throws -> Finding? {
        guard case .bucket = Settings.archive.value(archive.archive, configuration) else { return nil }
        do {
            let archive = try await Archive.open(
                archive, configuration, aws, allowing: .reading, environment: environment, messages)
            let (runs, holder) = try await archive.survey()
            let readable = "\(archive.location) can be read and has \(runs.counting("run"))"
            guard let holder else { return Finding(check: .archive, mark: .ok, message: readable) }
            return Finding(
                check: .archive, mark: .note, message: "\(readable); run \(holder) holds it",
                fix: "ecr-share runs show \(holder)\(self.archive.given) tells whether it is still under way")
        } catch let error as CommandError {
            return Finding(check: .archive, mark: .failed, message: error.message)
        } catch let error as RolloutError {
            return Finding(check: .archive, mark: .failed, message: "\(error)")
        }
    }

    private func show(_ findings: [Finding], _ environment: [String: String]) throws {
        var result = ResultOutput(output, isJSON: format == .json)
        if format == .json {
            for finding in findings { try result.write(finding.json) }
            try result.finish()
            return
        }
        let terminal = Terminal.standardOutput
        // In a pipe or a file, each check keeps its own line.
        let options = TextOptions(
            width: (output.output == nil ? terminal.width : nil) ?? .max,
            color: output.output == nil && terminal.allowsColor(output.color, environment: environment))
        for finding in findings where !output.quiet || finding.mark == .failed {
            try result.write(finding.text(options))
        }
        // Several regions of one account lack the same policy, and several accounts may lack an equal one.
        var places: [(document: JSONValue, places: [String])] = []
        for policy in findings.compactMap(\.policy) {
            if let index = places.firstIndex(where: { $0.document == policy.document }) {
                if !places[index].places.contains(policy.place) { places[index].places.append(policy.place) }
            } else {
                places.append((policy.document, [policy.place]))
            }
        }
        for (document, places) in places {
            let start = "The \(places.inWords) \(places.count == 1 ? "needs" : "need each")"
            var layout = TextLayout(options: options)
            layout.paragraph(TextLayout.words("\(start) at least this:"), indent: 0)
            try result.write("\n\(layout.text)\(document.pretty)\n")
        }
        let counts = Dictionary(grouping: findings, by: \.mark).mapValues(\.count)
        let failed = counts[.failed] ?? 0
        let untested = counts[.untested] ?? 0
        try result.write(
            "\nDoctor: \(findings.count.counting("check")), \(failed) failed"
                + (untested > 0 ? ", \(untested) not tested" : "") + ".\n")
        try result.finish()
    }
}

import Rollout
import SharePlan

/// Shows a plan in the form that the user chose.
struct PlanPresenter {
    private let format: PlanFormat
    private let options: OutputOptions
    private let environment: [String: String]
    /// Where the plan is saved, for the command that applies exactly this one.
    private let planFile: String?

    init(_ format: PlanFormat, _ options: OutputOptions, environment: [String: String], planFile: String? = nil) {
        self.format = format
        self.options = options
        self.environment = environment
        self.planFile = planFile
    }

    /// Whether a person who reads the messages has the plan's problems before their eyes as well.
    var showsProblems: Bool { options.output == nil && !options.quiet && (format == .text || format == .markdown) }

    /// Shows the plan. Its notes, and what it leaves out, are said as messages where the reader does not see them; of
    /// `codes` it was said already.
    func show(
        _ plan: PlanFile, leavingOut leftOut: LeftOut, _ messages: Messages, said codes: Set<String> = []
    ) throws {
        try show(plan, of: nil)
        guard !showsProblems else {
            if options.verbose { leftOut.sayRequests(messages) }
            return
        }
        var notes = PlanNotes()
        for note in plan.header.notes { notes.add(warning: note.message, of: note.registry) }
        for note in notes.warnings { messages.warning(note.line) }
        leftOut.say(messages, without: codes)
    }

    /// Writes the plan to the result, entry by entry, and what a run made of it.
    func show(_ plan: PlanFile, of run: RunReport?) throws {
        var result = ResultOutput(options, isJSON: format == .json)
        switch (format, run) {
        case (.json, let run?):
            try result.write(run.json)
            try plan.forEachEntry { entry in
                if case .change(let change) = entry { try result.write(run.json(of: change)) }
            }
        case (.json, nil):
            try result.write(PlanLine.header(plan.header).text)
            try plan.forEachEntry { try result.write(PlanLine.entry($0).text) }
            try result.write(PlanLine.summary(PlanLine.Totals(plan.summary, digest: plan.digest)).text)
        default:
            var renderer = renderer(for: plan.header, run)
            try plan.forEachEntry { entry in
                renderer.add(entry)
                try result.write(renderer.takeOutput())
            }
            try result.write(renderer.finish(summary: plan.summary, digest: plan.digest))
        }
        try result.finish()
    }

    private func renderer(for header: PlanHeader, _ run: RunReport?) -> any PlanRenderer {
        switch format {
        case .text, .json: TextPlanRenderer(header: header, options: textOptions, run: run)
        case .markdown: MarkdownPlanRenderer(header: header, options: MarkdownOptions(planFile: planFile), run: run)
        case .html: HTMLPlanRenderer(header: header, planFile: planFile, run: run)
        case .awsCLI: AWSCLIPlanRenderer(header: header)
        }
    }

    private var textOptions: TextOptions {
        let terminal = Terminal.standardOutput
        let goesToTerminal = options.output == nil && terminal.isInteractive
        return TextOptions(
            width: (goesToTerminal ? terminal.width : environment["COLUMNS"].flatMap { Int($0) }) ?? 100,
            color: options.output == nil && terminal.allowsColor(options.color, environment: environment),
            verbosity: options.quiet ? .quiet : options.verbose ? .verbose : .normal,
            isTerminal: goesToTerminal)
    }
}

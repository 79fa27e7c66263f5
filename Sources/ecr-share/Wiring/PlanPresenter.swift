import Rollout
import SharePlan

/// Shows a plan in the form that the user chose.
struct PlanPresenter {
    private let format: PlanFormat
    private let options: OutputOptions
    private let environment: [String: String]

    init(_ format: PlanFormat, _ options: OutputOptions, environment: [String: String]) {
        self.format = format
        self.options = options
        self.environment = environment
    }

    /// Writes the plan to the result, entry by entry.
    func show(_ plan: PlanFile) throws {
        var result = ResultOutput(options)
        if case .json = format {
            try result.write(PlanLine.header(plan.header).text)
            try plan.forEachEntry { try result.write(PlanLine.entry($0).text) }
            try result.write(PlanLine.summary(PlanLine.Totals(plan.summary, digest: plan.digest)).text)
        } else {
            var renderer = renderer(for: plan.header)
            try plan.forEachEntry { entry in
                renderer.add(entry)
                try result.write(renderer.takeOutput())
            }
            try result.write(renderer.finish(summary: plan.summary, digest: plan.digest))
        }
        try result.finish()
    }

    private func renderer(for header: PlanHeader) -> any PlanRenderer {
        switch format {
        case .text, .json: TextPlanRenderer(header: header, options: textOptions)
        case .markdown: MarkdownPlanRenderer(header: header)
        case .html: HTMLPlanRenderer(header: header)
        case .awsCLI: AWSCLIPlanRenderer(header: header)
        }
    }

    private var textOptions: TextOptions {
        let terminal = Terminal.standardOutput
        let goesToTerminal = options.output == nil && terminal.isInteractive
        return TextOptions(
            width: goesToTerminal ? terminal.width ?? 100 : 100,
            color: options.output == nil && terminal.allowsColor(options.color, environment: environment),
            unicode: goesToTerminal,
            verbosity: options.quiet ? .quiet : options.verbose ? .verbose : .normal)
    }
}

extension PlanLine {
    /// The line with its newline.
    fileprivate var text: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self) + "\n"
    }
}

extension PlanEntry {
    /// What begins a warning about something that a rollback leaves alone.
    static let leftAloneMark = "left alone: "

    /// What a rollback leaves there although its run had given or taken it, each with the reason.
    package var leftAlone: [String] {
        switch self {
        case .change(let change):
            change.warnings.filter { $0.hasPrefix(Self.leftAloneMark) }
                .map { String($0.dropFirst(Self.leftAloneMark.count)) }
        case .problem(let problem) where problem.code == PlanningProblem.leftAlone("").code: [problem.message]
        case .problem, .unchanged, .orphan: []
        }
    }
}

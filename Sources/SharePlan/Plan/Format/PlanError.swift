/// Why a text is not a plan that may be trusted.
///
/// Lines are counted from 1.
package enum PlanError: Error, Hashable, Sendable {
    /// There is not even a first line.
    case empty
    /// The first line is not the header of a plan.
    case notAPlan(reason: String)
    /// The plan was written by a version of the program that knows more.
    case unsupportedVersion(Int)
    /// A line is not what this version of the program writes.
    case malformed(line: Int, reason: String)
    /// A repository or registry comes twice, or behind one that sorts after it.
    case unordered(line: Int, subject: PlanSubject)
    /// The text ends before the summary.
    case cut(afterLine: Int)
    /// The lines are not those that the digest was made of.
    case edited(recorded: String, actual: String)
    /// The summary counts something else than the lines have.
    case miscounted(member: String, recorded: Int, actual: Int)
    /// There is more after the summary, as when two plans were put into one file.
    case textAfterSummary(line: Int)
}

extension PlanError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty:
            "the plan is empty; make it again with plan --out"
        case .notAPlan(let reason):
            "line 1: this is not a plan: \(reason); give a file that plan --out has written"
        case .unsupportedVersion(let version):
            "line 1: this is a plan of version \(version), and this program reads version \(PlanLine.version); "
                + "use the program that made it, or make the plan again"
        case .malformed(let line, let reason):
            "line \(line): \(reason); a plan must stay as it was written, so make it again"
        case .unordered(let line, let subject):
            "line \(line): \(subject) appears twice or out of order; a plan must stay as it was written, so make it again"
        case .cut(let line):
            "the plan was cut: it ends after line \(line) without a summary; copy the whole file, or make the plan again"
        case .edited(let recorded, let actual):
            "the plan was changed after it was made: it has the digest \(actual), its summary says \(recorded); "
                + "make it again"
        case .miscounted(let member, let recorded, let actual):
            "the plan's summary was changed: \(member) is \(recorded) there and \(actual) in its lines; make it again"
        case .textAfterSummary(let line):
            "line \(line): there is more after the summary, as when two plans are in one file; give one plan at a time"
        }
    }
}

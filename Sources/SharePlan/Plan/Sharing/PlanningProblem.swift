import AWSValues

/// Why a repository cannot be planned, with all wording in one place.
enum PlanningProblem: Error, Hashable, Sendable {
    case handEdited(sid: String, reason: String)
    case conflict(String)
    case notUndoable(String)
    /// A policy from before a run that must not be put back.
    case notRestorable(DocumentViolation)
    /// What a rollback can neither take nor give back, when there is nothing else to do.
    case leftAlone(String)

    var code: String {
        switch self {
        case .handEdited: "hand-edited"
        case .conflict: "conflict"
        case .notUndoable: "not-undoable"
        case .notRestorable: "not-restorable"
        case .leftAlone: "left-alone"
        }
    }

    var message: String {
        switch self {
        case .handEdited(let sid, let reason):
            """
            the managed statement "\(sid)" was edited by hand: it \(reason). Undo the edit, give the statement another \
            Sid so that it is foreign, or replace it with --take-over
            """
        case .notRestorable(let violation):
            """
            the policy from before cannot be put back: \(violation). Take back what single consumers gained with \
            --consumer, or share the repository as it should be with a matrix
            """
        case .conflict(let text), .notUndoable(let text), .leftAlone(let text): text
        }
    }
}

extension Problem {
    /// The problem that an error of planning makes of `repository`.
    init(repository: RepositoryID, _ error: any Error) {
        switch error {
        case let error as PlanningProblem:
            self.init(repository: repository, code: error.code, message: error.message)
        case let error as PolicyError:
            self.init(
                repository: repository, code: "unreadable-policy",
                message: "\(error). It is left as it is; correct it by hand first")
        case let violation as DocumentViolation:
            self.init(
                repository: repository, code: "broken-promise",
                message: "the document that was put together is refused: \(violation). Please report this as a bug")
        case let error as PolicyTooLarge:
            self.init(repository: repository, code: PolicyTooLarge.code, message: error.message)
        default:
            self.init(repository: repository, code: "internal", message: "\(error)")
        }
    }
}

extension Problem {
    /// The same, and what the policy that is left as it is opens to strangers on a day, in UTC.
    func beside(live: Policy?, on today: CalendarDate?) -> Problem {
        let open = StatementWarning.ofOpenAccess(in: live, of: subject.registry, on: today)
        if open.isEmpty { return self }
        return Problem(subject, code: code, message: "\(message). Beside that, \(open.joined(separator: "; "))")
    }
}

extension PolicyTooLarge {
    static let code = "policy-too-large"

    var message: String {
        let foreign =
            foreignStatements == 0
            ? "" : " beside \(foreignStatements.counting("foreign statement", "foreign statements"))"
        let subject = grants == 1 ? "1 grant\(foreign) needs" : "\(grants) grants\(foreign) need"
        let advice =
            takesOnly
            ? "Those that keep pull and lose push need one more statement: take pull away too, or shorten a foreign statement"
            : "Grant the organization (o-…) or an organization path (o-…/r-…/ou-…/*) instead: one line for any number of "
                + "accounts"
        return """
            \(subject) at least \(smallestSize) characters, the limit is \(limit) (ECR's is \
            \(PolicyTooLarge.hardLimit)). \(advice)
            """
    }
}

extension PlanEntry {
    /// Whether the policy was edited by somebody, so that the entry leaves it alone.
    package var isConflict: Bool {
        guard case .problem(let problem) = self else { return false }
        return problem.code == PlanningProblem.conflict("").code
    }
}

/// How surely somebody has an access, by the decisions about its actions.
struct GradedAccess {
    let grade: Decision.Grade
    /// What it depends on; empty when it is certain.
    let doubts: Set<Doubt>

    /// Who has what nobody can do without, and not all the rest, perhaps has the access.
    ///
    /// `decision` answers for each action of ``ActionSet/names``; one without an answer counts for nothing.
    init(_ access: Access, _ decision: (String) -> Decision?) {
        func decisions(_ actions: ActionSet) -> [Decision] { actions.names.compactMap(decision) }
        func grade(_ decisions: [Decision]) -> Decision.Grade { decisions.map(\.grade).min() ?? .none }
        let needed = ActionSet(neededFor: access)
        let all = decisions(ActionSet(access))
        let whole = grade(all)
        if whole > .none || grade(decisions(needed)) == .none {
            (self.grade, doubts) = (whole, whole == .possible ? Set(all.flatMap(\.doubts)) : [])
        } else {
            self.grade = .possible
            doubts = Set(all.flatMap(\.doubts)).union([Doubt(needing: needed)])
        }
    }
}

extension ActionSet {
    /// The actions without which nobody can pull or push at all; the other one serves clients that look first.
    ///
    /// Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html and
    /// …/image-push-iam.html
    init(neededFor access: Access) {
        switch access {
        case .pull, .lambdaOnly: self = .lambda
        case .push: self = .push
        }
    }
}

extension Doubt {
    /// Whether actions are enough without the others of their access.
    init(needing actions: ActionSet) { self = .actions(actions.names.sorted().inWords) }
}

extension Decision {
    /// How sure it is that something is allowed.
    enum Grade: Comparable {
        case none, possible, sure
    }

    var grade: Grade {
        switch self {
        case .denied, .notAllowed: .none
        case .depends: .possible
        case .allowed: .sure
        }
    }
}

import AWSValues

/// The last check of a change right before it is sent, whoever made its plan: this program, or somebody with an editor.
///
/// What was reviewed is what the plan says that it grants and takes away. So the document must do exactly that to the
/// policy that it replaces, keep every foreign statement, make nobody public and fit. The one other document that may
/// be sent is the one from before a run, when that run is undone.
package struct ChangeCheck: Hashable, Sendable {
    private let operation: PlanHeader.Operation
    private let mode: MergeMode
    private let sidPrefix: String
    /// The day of the plan, in UTC.
    private let today: CalendarDate?

    package init(_ header: PlanHeader) {
        self.init(header.operation, header.mode, sidPrefix: header.sidPrefix, today: header.day)
    }

    init(_ operation: PlanHeader.Operation, _ mode: MergeMode, sidPrefix: String, today: CalendarDate? = nil) {
        self.today = today
        self.operation = operation
        self.mode = mode
        self.sidPrefix = sidPrefix
    }

    /// Throws when the change must not be sent.
    ///
    /// `undone` is what the run that is undone did to the repository, as its archived plan has it; nil when that is not
    /// known, or when the plan is not a rollback.
    package func check(_ change: Change, undoing undone: Change? = nil) throws(ChangeObjection) {
        let partition = change.repository.region.partition
        let check = DocumentCheck(
            mode: .match, sidPrefix: sidPrefix, owner: change.repository.account, partition: partition)
        if operation == .rollback, let undone, isRestoring(change, undone, in: partition) {
            do { try check.checkRestored(live: change.before, proposed: change.after) } catch {
                throw .violation(error)
            }
            let actual: (grants: GrantDifference, replaced: [ReplacedStatement])
            do { actual = try undone.effectOfRestoring(over: change.before, sidPrefix: sidPrefix) } catch {
                throw .unreadable(error)
            }
            try compare(change.grants, with: actual.grants)
            guard change.replaced == actual.replaced else { throw .hidesReplacement }
        } else {
            try checkMerged(change, check)
        }
        guard (try? change.judged(on: today))?.access == change.access else { throw .misstatesAccess }
    }

    /// Whether the document from before a run comes back over what that run left, or over what its search for unknown
    /// principals left.
    private func isRestoring(_ change: Change, _ undone: Change, in partition: Partition) -> Bool {
        guard Policy.haveSameMeaning(change.after, undone.before, in: partition) else { return false }
        return Policy.haveSameMeaning(change.before, undone.after, in: partition)
            || (try? undone.isTrial(change.before, sidPrefix: sidPrefix)) == true
    }

    /// Checks a document that was merged into the live one.
    private func checkMerged(_ change: Change, _ check: DocumentCheck) throws(ChangeObjection) {
        var check = check
        let partition = change.repository.region.partition
        let before: LivePolicy
        let after: LivePolicy
        do {
            after = try LivePolicy(change.after, sidPrefix: sidPrefix, partition: partition)
            before = try LivePolicy(
                change.before, sidPrefix: sidPrefix, partition: partition, adoptedIn: after)
        } catch {
            throw .unreadable(error)
        }
        // Foreign statements may become managed only where the plan says of each of them that it adopts it.
        if operation == .share, let adoption = before.adoptionWarning, change.warnings.contains(adoption) {
            check.adopts = true
            check.adoptedSids = ["*"]
        }
        do { try check.check(live: change.before, proposed: change.after, wanted: after.held.sorted) } catch {
            throw .violation(error)
        }
        let takeOver = TakeOver(of: before, owner: change.repository.account, partition: partition)
        let actual = GrantDifference(replacing: before, takeOver, by: after.held)
        try compare(change.grants, with: actual)
        guard change.replaced == takeOver.replaced else { throw .hidesReplacement }
        guard operation == .share else { return }
        if mode == .add, let lost = actual.removed.first { throw .againstMode(.add, lost.grant) }
        if mode == .remove, let gained = actual.added.first { throw .againstMode(.remove, gained.grant) }
    }

    private func compare(_ said: GrantDifference, with actual: GrantDifference) throws(ChangeObjection) {
        func difference(_ left: [WantedGrant], _ right: [WantedGrant]) -> Grant? {
            Set(left.map(\.grant)).symmetricDifference(right.map(\.grant)).min()
        }
        if let grant = difference(said.added, actual.added) ?? difference(said.removed, actual.removed) {
            throw .saysOtherwise(grant)
        }
    }
}

/// Why a change is not sent. It is a fault of whoever made the plan, never of the repository.
package enum ChangeObjection: Error, Hashable, Sendable, CustomStringConvertible {
    case violation(DocumentViolation)
    case unreadable(PolicyError)
    /// The document does something with this grant that the plan does not say, or the other way round.
    case saysOtherwise(Grant)
    /// The document replaces hand-edited managed statements otherwise than the plan says.
    case hidesReplacement
    /// Who gains and who loses access by the document is not as the plan says.
    case misstatesAccess
    /// A plan that only adds takes this grant away, or a plan that only removes gives it.
    case againstMode(MergeMode, Grant)

    package var description: String {
        switch self {
        case .violation(let violation): "\(violation)"
        case .unreadable(let error): "the proposed policy is refused, nothing is written: \(error)"
        case .saysOtherwise(let grant):
            "the plan's document and its list of grants disagree on \(grant.access.rawValue) for \(grant.consumer); "
                + "nothing is written. Make the plan again instead of editing it"
        case .hidesReplacement:
            "the plan does not list correctly which hand-edited statements of ours it replaces; nothing is written. "
                + "Make the plan again instead of editing it"
        case .misstatesAccess:
            "the plan does not list correctly who gains and who loses access by its document; nothing is written. Make the plan "
                + "again instead of editing it"
        case .againstMode(.add, let grant):
            "the plan is for --merge add and takes \(grant.access.rawValue) from \(grant.consumer); nothing is written"
        case .againstMode(_, let grant):
            "the plan is for --merge remove and gives \(grant.access.rawValue) to \(grant.consumer); nothing is written"
        }
    }
}

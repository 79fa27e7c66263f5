import AWSValues
import SharePlan

/// Knows where the last few different changes are in a spool, so that what many repositories share is written once.
///
/// What is kept is what follows the repository in a change's line, the rest: ``PlanLine/startOfChange(of:)``.
struct SpooledChanges {
    /// Where a rest is in the spool.
    struct Place {
        let offset: Int
        let length: Int
    }

    /// So many rests are known.
    private static let count = 4
    /// When the changes that are known come to more bytes than this, all are forgotten.
    private static let maximumSize = 8 << 20

    /// By account: the rules are applied to each.
    private var changes: [AccountID: RecentChanges<Place>] = [:]
    private var rests: [(bytes: [UInt8], place: Place)] = []
    private var size = 0

    /// The place of a change that differs from a known one in its repository alone.
    ///
    /// May find none where there is one: rebuilt lists are not compared.
    func place(of change: Change) -> Place? {
        changes[change.repository.account]?.value(of: change)
    }

    /// The place of a rest that was written lately.
    func place(ofRest rest: ArraySlice<UInt8>) -> Place? {
        rests.first { $0.bytes.hasSameBytes(as: rest) }?.place
    }

    /// Remembers a rest that is written now.
    mutating func learn(rest: ArraySlice<UInt8>, at place: Place) {
        if rests.count == SpooledChanges.count { rests.removeLast() }
        rests.insert((Array(rest), place), at: 0)
    }

    /// Remembers where the rest of a change is.
    mutating func learn(_ change: Change, at place: Place) {
        size += place.length
        if size > SpooledChanges.maximumSize {
            changes = [:]
            size = place.length
        }
        let forgotten = changes[change.repository.account, default: RecentChanges()].remember(place, of: change)
        size -= forgotten?.length ?? 0
    }
}

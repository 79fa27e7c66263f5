/// What belongs to the last few different changes, whatever their repository.
///
/// In a rollout most changes are one of a few, again and again. Only what ``Change/sharesAllButRepository(with:)``
/// finds is known again.
package struct RecentChanges<Value: Sendable>: Sendable {
    /// So many are remembered.
    private static var count: Int { 4 }

    /// The newest first.
    private var known: [(change: Change, value: Value)] = []

    package init() {}

    /// What was remembered of such a change; nil if nothing.
    package func value(of change: Change) -> Value? {
        known.first { change.sharesAllButRepository(with: $0.change) }?.value
    }

    /// Remembers something of a change. Returns what is forgotten for it.
    @discardableResult
    package mutating func remember(_ value: Value, of change: Change) -> Value? {
        known.insert((change, value), at: 0)
        return known.count > RecentChanges.count ? known.popLast()?.value : nil
    }
}

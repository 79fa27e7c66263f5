extension FairQueue {
    /// Runs `body` for every item, at most `limit` at once, each lane at its own speed.
    ///
    /// What `body` returns is added to the item's lane. No item is started any more once `mayStart` says no, the task
    /// is cancelled or `body` has thrown; those in flight are always waited for. An error of `body` cancels the others.
    ///
    /// - Returns: how many items were not started.
    /// - Throws: what `body` throws; `CancellationError` when the task was cancelled with items left.
    @discardableResult
    package consuming func forEach(
        atMost limit: Int, while mayStart: @Sendable () -> Bool = { true },
        _ body: @escaping @Sendable (Item) async throws -> [Item]
    ) async throws -> Int {
        var queue = self
        return try await withThrowingTaskGroup(of: (Lane, [Item]).self) { group in
            while true {
                while queue.inFlight < max(limit, 1), !Task.isCancelled, mayStart(), let (lane, item) = queue.next() {
                    group.addTask { (lane, try await body(item)) }
                }
                guard let (lane, more) = try await group.next() else { break }
                queue.finish(in: lane)
                for item in more { queue.add(item, to: lane) }
            }
            if queue.waiting > 0 { try Task.checkCancellation() }
            return queue.waiting
        }
    }
}

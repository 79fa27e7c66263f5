extension Sequence where Element: Sendable {
    /// What `body` makes of each element, in their order; at most `limit` at once. The first error, in the order of the
    /// elements that have ended, cancels the others and is thrown.
    func concurrentMap<Result: Sendable>(
        atMost limit: Int = 16, _ body: @escaping @Sendable (Element) async throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            var results: [Result?] = []
            var elements = makeIterator()
            func start() {
                guard let element = elements.next() else { return }
                let index = results.count
                results.append(nil)
                group.addTask { (index, try await body(element)) }
            }
            for _ in 0..<Swift.max(limit, 1) { start() }
            while let (index, result) = try await group.next() {
                results[index] = result
                start()
            }
            return results.compactMap(\.self)
        }
    }

    /// The same, with what `body` throws as a result; only a cancelled task ends it.
    func concurrentResults<Value: Sendable>(
        atMost limit: Int = 16, _ body: @escaping @Sendable (Element) async throws -> Value
    ) async throws -> [Result<Value, any Error>] {
        try await concurrentMap(atMost: limit) { element in
            do { return .success(try await body(element)) } catch let error as CancellationError { throw error } catch {
                return .failure(error)
            }
        }
    }
}

import Synchronization

/// Values by key, as in a dictionary, of which every second is dropped when they come to more bytes than it may hold.
///
/// For what many repositories share: in a rollout it is found out once, and where every repository differs, memory
/// stays bounded. Which half goes is chance, since registries take turns: of values that are asked for one after the
/// other and do not all fit, a table that dropped the oldest would never know the next.
package struct BoundedTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private var entries: [Key: (value: Value, size: Int)] = [:]
    private var size = 0
    private let limit: Int

    /// `limit` is in bytes.
    package init(limit: Int = 8 << 20) {
        self.limit = limit
    }

    package subscript(key: Key) -> Value? { entries[key]?.value }

    /// Adds a value that takes, with its key, about `size` bytes.
    package mutating func insert(_ value: Value, for key: Key, size: Int) {
        self.size -= entries.removeValue(forKey: key)?.size ?? 0
        while self.size + size > limit, !entries.isEmpty { dropHalf() }
        entries[key] = (value, size)
        self.size += size
    }

    private mutating func dropHalf() {
        var isKept = true
        entries = entries.filter { _ in
            isKept.toggle()
            return isKept
        }
        size = entries.values.reduce(0) { $0 + $1.size }
    }
}

/// A ``BoundedTable`` that many tasks may use at once.
package final class Book<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let table = Mutex(BoundedTable<Key, Value>())

    package init() {}

    package subscript(key: Key) -> Value? { table.withLock { $0[key] } }

    package func insert(_ value: Value, for key: Key, size: Int) {
        table.withLock { $0.insert(value, for: key, size: size) }
    }

    /// The value of the key, or that of `make`, which must depend on the key alone. An error is not kept. What two
    /// tasks ask for at the same moment both make.
    package func value<Failure>(
        for key: Key, size: Int, orElse make: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        if let known = self[key] { return known }
        let value = try make()
        insert(value, for: key, size: size)
        return value
    }
}

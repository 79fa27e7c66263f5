/// What calls are counted by.
package struct CallKey: Hashable, Comparable, Sendable {
    /// The caller's account; empty when the caller is unknown.
    package var account: String
    package var region: String
    /// Without the service, such as `SetRepositoryPolicy`.
    package var operation: String

    package static func < (first: CallKey, second: CallKey) -> Bool {
        (first.account, first.region, first.operation) < (second.account, second.region, second.operation)
    }
}

/// How often something was called.
package struct CallCount: Hashable, Sendable {
    package var total = 0
    /// Calls that were answered with an error, or not at all.
    package var refused = 0
    /// Calls whose answer is not complete yet.
    package var inFlight = 0
    /// The most that ``inFlight`` ever was.
    package var maximumInFlight = 0

    fileprivate mutating func begin() {
        total += 1
        inFlight += 1
        maximumInFlight = max(maximumInFlight, inFlight)
    }
}

/// One call, as tests look at it.
package struct RecordedCall: Hashable, Sendable {
    /// The caller's account, region and operation.
    package var key: CallKey
    package var repository: String?
    /// Of S3, as `BUCKET/KEY`.
    package var object: String?
    package var requestID: String
    /// AWS's code, `reset` for a reset connection, `stall` for no answer; nil for a success.
    package var error: String?
}

/// The counters and the latest calls.
struct CallLedger: Sendable {
    private(set) var counts: [CallKey: CallCount] = [:]
    private(set) var operations: [String: CallCount] = [:]
    /// Over all calls together.
    private(set) var all = CallCount()
    private(set) var latest: [RecordedCall] = []
    let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
    }

    mutating func begin(_ key: CallKey) {
        counts[key, default: CallCount()].begin()
        operations[key.operation, default: CallCount()].begin()
        all.begin()
    }

    mutating func record(_ call: RecordedCall) {
        if call.error != nil {
            counts[call.key, default: CallCount()].refused += 1
            operations[call.key.operation, default: CallCount()].refused += 1
            all.refused += 1
        }
        guard capacity > 0 else { return }
        // Dropping half at a time keeps appending cheap.
        if latest.count >= 2 * capacity { latest.removeFirst(latest.count - capacity) }
        latest.append(call)
    }

    mutating func end(_ key: CallKey) {
        counts[key]?.inFlight -= 1
        operations[key.operation]?.inFlight -= 1
        all.inFlight -= 1
    }
}

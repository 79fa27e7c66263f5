/// A bucket that refills evenly and from which every call takes one token.
struct TokenBucket: Hashable, Sendable {
    let perSecond: Double
    let capacity: Double
    private var tokens: Double
    /// Seconds on a clock that never goes back.
    private var filledAt: Double

    /// A full bucket.
    init(perSecond: Double, capacity: Double, at uptime: Double) {
        self.perSecond = perSecond
        self.capacity = max(1, capacity)
        self.tokens = self.capacity
        self.filledAt = uptime
    }

    /// Takes a token if there is one.
    mutating func take(at uptime: Double) -> Bool {
        tokens = min(capacity, tokens + max(0, uptime - filledAt) * perSecond)
        filledAt = max(filledAt, uptime)
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}

/// A budget for retries, so that an outage is not answered with a storm of them.
///
/// Every retry takes from it; a success gives back what the last retry took, or one when there was none.
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html (the rules of 2026)
package struct RetryQuota: Sendable {
    package static let capacity = 500

    package private(set) var available = RetryQuota.capacity

    /// Takes the cost, if that much is left.
    mutating func take(_ cost: Int) -> Bool {
        guard available >= cost else { return false }
        available -= cost
        return true
    }

    mutating func giveBack(_ amount: Int) {
        available = min(available + amount, RetryQuota.capacity)
    }
}

package import AWSValues

/// Calls that wait because AWS has refused faster ones: one operation of one account and region.
package struct HeldBackCalls: Hashable, Sendable {
    package let service: AWSService
    package let account: AccountID?
    package let region: String
    package let operation: String
    /// The learned rate, in requests a second.
    package let rate: Double
    /// How many calls wait for their turn.
    package let waiting: Int
}

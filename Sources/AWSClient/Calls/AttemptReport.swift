package import AWSValues

/// What became of one attempt of a call. It holds no headers and no bodies, so it may be logged.
package struct AttemptReport: Sendable, CustomStringConvertible {
    package let service: AWSService
    package let operation: String
    package let account: AccountID?
    package let region: String
    /// From 1.
    package let attempt: Int
    /// How long it waited for the allowed rate.
    package let waited: Duration
    /// How long the exchange took, waiting for a free connection included.
    package let took: Duration
    /// Nil for a success.
    package let failure: AWSError?

    package var description: String {
        let place = [account?.description, region].compactMap(\.self).joined(separator: "/")
        let end = failure.map { "failed: \($0.code)\($0.requestID.map { " (request id \($0))" } ?? "")" } ?? "succeeded"
        let times = "waited \(milliseconds(waited)), took \(milliseconds(took))"
        return "\(service.displayName) \(operation) in \(place), attempt \(attempt) \(end); \(times)"
    }

    private func milliseconds(_ span: Duration) -> String {
        "\(Int(span.inSeconds * 1_000)) ms"
    }
}

package import AWSValues

/// How far this machine's clock is behind the service's, according to its responses.
///
/// Source: the AWS SDKs' rule of 2026, as in aws-sdk-go-v2 `aws/middleware`. Signatures are valid for 15 minutes on
/// either side.
package struct ClockSkew: Sendable {
    /// A longer exchange says too little about the moment at which the server read its clock.
    private static let maximumRoundTrip: Duration = .seconds(15 * 60)
    /// Codes that also have other causes count as skew from here on.
    private static let doubtfulSkew = 4 * 60.0

    /// To be added to the local time before signing.
    package private(set) var correction: Duration = .zero
    /// The last `Date` that was read: for a second, all answers have the same.
    private var lastDate: (text: String, value: Timestamp)?

    /// The time to sign with.
    package func signingTime(_ local: Timestamp) -> Timestamp {
        local + correction
    }

    /// Learns from an answer, whatever its status. Returns false when it has no time that can be relied on: without a
    /// readable `Date`, from a cache (which has an `Age`), or after too long a round trip.
    package mutating func observe(_ response: HTTPResponse) -> Bool {
        guard let text = response.headers["date"], let date = date(text), response.headers["age"] == nil
        else { return false }
        let roundTrip = response.receivedAt - response.sentAt
        guard roundTrip >= .zero, roundTrip <= ClockSkew.maximumRoundTrip else { return false }
        correction = date - (response.sentAt + roundTrip / 2)
        return true
    }

    private mutating func date(_ text: String) -> Timestamp? {
        if let lastDate, lastDate.text == text { return lastDate.value }
        lastDate = Timestamp(httpDate: text).map { (text, $0) }
        return lastDate?.value
    }

    /// Whether a refused signature is worth another attempt after an observation.
    package func explains(_ retryClass: RetryClass, observed: Bool) -> Bool {
        switch retryClass {
        case .clockSkew: observed
        case .possibleClockSkew: observed && abs(correction.inSeconds) > ClockSkew.doubtfulSkew
        default: false
        }
    }
}

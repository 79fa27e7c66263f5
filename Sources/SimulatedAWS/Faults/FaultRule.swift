/// One way in which matching calls go wrong, and how often.
package struct FaultRule: Hashable, Sendable {
    /// What happens to a call.
    package enum Effect: Hashable, Sendable {
        /// Refused as too fast, with status 400 or 429 and perhaps `x-amz-retry-after`.
        case throttle(status: Int = 400, retryAfterMilliseconds: Int? = nil)
        /// A 5xx answer. With `afterWork` the call takes effect all the same.
        case serverError(status: Int = 500, body: ErrorBody = .native, afterWork: Bool = false)
        /// Refused with this code, in the form of the service.
        case refuse(code: String, message: String, status: Int = 400)
        /// Answered with this body, in the name of the service; the call takes effect if it says so.
        case answer(status: Int = 200, body: String, afterWork: Bool = true)
        /// The connection is reset and nothing has been done.
        case resetBeforeWork
        /// The connection is reset after the call took effect: its answer is lost.
        case resetAfterWork
        /// The body ends half-way, and so does the connection; the call took effect.
        case cut
        /// The second half of the body is garbage; the call took effect.
        case corrupt
        /// The call took effect, but no answer comes until the client gives up.
        case stall
        /// The body comes in ten pieces over this time.
        case drip(milliseconds: Double)
        /// The answer is later by this much.
        case delay(milliseconds: Double)
        /// The caller's session has ended from this call on; long-lived keys are not affected.
        case expireSession
    }

    /// The form of a 5xx body: proxies and load balancers answer in HTML whatever the service speaks.
    package enum ErrorBody: String, Hashable, Sendable, CaseIterable {
        case native, json, xml, html, empty
    }

    /// What `skip` and `count` count by.
    package enum Scope: String, Hashable, Sendable, CaseIterable {
        case world, account, repository, object
    }

    package var effect: Effect
    package var target: FaultTarget
    /// The chance that a matching call is hit, from 0 to 1.
    package var probability: Double
    /// Matching calls that are spared first.
    package var skip: Int
    /// The most calls that are hit; nil for no limit.
    package var count: Int?
    package var each: Scope

    package init(
        _ effect: Effect,
        target: FaultTarget = FaultTarget(),
        probability: Double = 1,
        skip: Int = 0,
        count: Int? = nil,
        each: Scope = .world
    ) {
        self.effect = effect
        self.target = target
        self.probability = probability
        self.skip = skip
        self.count = count
        self.each = each
    }
}

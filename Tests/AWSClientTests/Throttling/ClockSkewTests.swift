import AWSValues
import Testing

@testable import AWSClient

@Suite struct ClockSkewTests {
    private let noon = Timestamp(CivilDate(year: 2026, month: 5, day: 1, hour: 12))

    private func answer(
        date: String?,
        age: String? = nil,
        sent: Double = 0,
        received: Double = 0
    ) -> HTTPResponse {
        var headers = HTTPHeaders()
        headers["Date"] = date
        headers["Age"] = age
        return HTTPResponse(
            status: 400,
            headers: headers,
            body: [],
            sentAt: noon + .seconds(sent),
            receivedAt: noon + .seconds(received)
        )
    }

    @Test(arguments: [
        // The server read its clock in the middle of the exchange.
        ("Fri, 01 May 2026 12:00:00 GMT", 0.0, 0.0, 0.0),
        ("Fri, 01 May 2026 12:00:02 GMT", 0.0, 4.0, 0.0),
        ("Fri, 01 May 2026 12:10:00 GMT", -1.0, 1.0, 600.0),
        ("Fri, 01 May 2026 11:30:00 GMT", 0.0, 0.0, -1_800.0),
        ("Sat, 02 May 2026 12:00:00 GMT", 0.0, 0.0, 86_400.0),
        ("Fri, 01 May 2026 12:07:30 GMT", 0.0, 900.0, 0.0),
    ]) func `The difference to the middle of the exchange is the skew`(
        date: String,
        sent: Double,
        received: Double,
        expected: Double
    ) {
        var skew = ClockSkew()
        let isObserved = skew.observe(answer(date: date, sent: sent, received: received))
        #expect(isObserved)
        #expect(abs(skew.correction.inSeconds - expected) < 1e-6)
        #expect(abs((skew.signingTime(noon) - noon).inSeconds - expected) < 1e-6)
    }

    @Test func `Answers that tell no reliable time change nothing`() {
        var skew = ClockSkew()
        let first = skew.observe(answer(date: "Fri, 01 May 2026 12:10:00 GMT"))
        #expect(first)
        let learned = skew.correction
        let useless = [
            answer(date: nil),
            answer(date: "yesterday"),
            answer(date: "Fri, 01 May 2026 03:00:00 GMT", age: "32400"),
            answer(date: "Fri, 01 May 2026 12:00:00 GMT", received: 900.1),
            answer(date: "Fri, 01 May 2026 12:00:00 GMT", sent: 5),
        ]
        for one in useless {
            let isObserved = skew.observe(one)
            #expect(!isObserved)
        }
        #expect(skew.correction == learned)
    }

    @Test func `A stale correction is dropped by the next good answer`() {
        var skew = ClockSkew()
        _ = skew.observe(answer(date: "Fri, 01 May 2026 12:10:00 GMT"))
        _ = skew.observe(answer(date: "Fri, 01 May 2026 12:00:00 GMT"))
        #expect(skew.correction == .zero)
    }

    @Test(arguments: [
        (RetryClass.clockSkew, 0.0, true), (.clockSkew, 600, true), (.possibleClockSkew, 120, false),
        (.possibleClockSkew, 240, false), (.possibleClockSkew, 241, true), (.possibleClockSkew, -300, true),
        (.final, 600, false), (.throttling, 600, false),
    ]) func `A doubtful code counts only with a skew of more than four minutes`(
        retryClass: RetryClass,
        skewSeconds: Double,
        expected: Bool
    ) {
        var skew = ClockSkew()
        let time = (noon + .seconds(skewSeconds)).civilDate
        let clock = [time.hour, time.minute, time.second].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
        let observed = skew.observe(answer(date: "Fri, 01 May 2026 \(clock) GMT"))
        #expect(observed)
        #expect(skew.explains(retryClass, observed: true) == expected)
        #expect(!skew.explains(retryClass, observed: false))
    }
}

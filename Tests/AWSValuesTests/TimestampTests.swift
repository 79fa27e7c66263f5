import AWSValues
import Foundation
import Testing

@Suite struct TimestampTests {
    @Test func `Dates agree with Foundation over four thousand years`() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        for number in 0..<5_000 {
            // A step that has no factor in common with days, months or years.
            let seconds = number * 20_000_003 - 11_000_000_000
            let date = CivilDate(secondsSinceEpoch: seconds)
            let parts = calendar.dateComponents(
                [.year, .month, .day, .hour, .minute, .second],
                from: Date(timeIntervalSince1970: Double(seconds))
            )
            #expect(date.secondsSinceEpoch == seconds)
            // Foundation switches to the Julian calendar before 1582.
            guard seconds > -12_219_292_800 else { continue }
            let expected = [parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second]
            #expect([date.year, date.month, date.day, date.hour, date.minute, date.second] == expected)
        }
    }

    @Test(arguments: [
        (2026, 1, 2, "20260102T030405Z"), (2024, 2, 29, "20240229T030405Z"), (1999, 12, 31, "19991231T030405Z"),
    ]) func `The signature's date has its own form`(year: Int, month: Int, day: Int, expected: String) {
        let time = Timestamp(CivilDate(year: year, month: month, day: day, hour: 3, minute: 4, second: 5))
        #expect(time.compact == expected)
        #expect(Timestamp(iso8601: time.rfc3339) == time)
    }

    @Test(arguments: [
        "2026-11-23T23:14:10Z", "2026-11-23 23:14:10Z", "2026-11-24T00:14:10+01:00", "2026-11-23T18:44:10-04:30",
        "2026-11-23T23:14:10+0000", "2026-11-23T18:14:10-0500", "2026-11-24T00:14:10+01", "2026-11-23T23:14:10UTC",
        "2026-11-23T23:14:10 UTC", "2026-11-23 23:14:10 UTC", "2026-11-23 23:14:10 +0000", "20261123T231410Z",
        "2026-11-23t23:14:10z", "2026-11-23T23:14:10GMT",
    ]) func `ISO 8601 times are read`(text: String) {
        let expected = CivilDate(year: 2026, month: 11, day: 23, hour: 23, minute: 14, second: 10)
        #expect(Timestamp(iso8601: text) == Timestamp(expected))
    }

    @Test func `Fractions are kept`() throws {
        let time = try #require(Timestamp(iso8601: "2026-11-23T23:14:10.990834Z"))
        let whole = Timestamp(CivilDate(year: 2026, month: 11, day: 23, hour: 23, minute: 14, second: 10))
        #expect(abs((time - whole).inSeconds - 0.990834) < 1e-6)
    }

    @Test(arguments: [
        "", "2026-11-23", "2026-11-23T23:14:10", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-23T24:00:00Z",
        "2026-11-23T23:14:10 -", "2026-11-23T23:14:10utc", "2026-11-23T23:14:10 +0000 UTC", "4102444800", "2026-11-23Z",
        "2026-11-23T23:14:10.Z", "2026-11-23T23:14:10+1", "2026-11-23T23:14:1xZ", "2026-11-23T23:14:10Zx",
    ]) func `What is not a time is refused`(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z", "19700101T000000Z"),
        (1_709_251_199_007, "2024-02-29T23:59:59Z", "2024-02-29T23:59:59.007Z", "20240229T235959Z"),
        (4_107_542_399_999, "2100-02-28T23:59:59Z", "2100-02-28T23:59:59.999Z", "21000228T235959Z"),
    ]) func `Each form is read as it was written`(milliseconds: Int, seconds: String, exact: String, compact: String) {
        let time = Timestamp(milliseconds: milliseconds)
        #expect(time.milliseconds == milliseconds)
        #expect((time.rfc3339, time.rfc3339Milliseconds, time.compact) == (seconds, exact, compact))
        #expect(Timestamp(rfc3339: exact) == time)
        #expect(Timestamp(rfc3339: seconds)?.milliseconds == milliseconds / 1_000 * 1_000)
        #expect(Timestamp(compact: compact) == Timestamp(rfc3339: seconds))
        #expect(time.day.description == seconds.prefix(10))
    }

    @Test(arguments: [
        "", "20261324T210359Z", "20260230T210359Z", "20261124T240000Z", "19691231T235959Z", "2026112xT210359Z",
        "2026-11-24T21:03:59+00:00", "2026-11-24T21:03:59.2Z", "2026-11-24t21:03:59Z", "2026-11-24T21:03:60Z",
    ]) func `Only what was written is read as ours`(text: String) {
        #expect(Timestamp(compact: text) == nil)
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func `No moment is too far away to be printed`() {
        #expect(Timestamp(secondsSinceEpoch: 1e300).rfc3339 == "9999-12-31T23:59:59Z")
        #expect(Timestamp(secondsSinceEpoch: -1e300).rfc3339 == "0001-01-01T00:00:00Z")
    }

    @Test func `HTTP dates are read, and nothing else`() {
        let expected = Timestamp(CivilDate(year: 2026, month: 1, day: 1, hour: 0, minute: 5, second: 1))
        #expect(Timestamp(httpDate: "Thu, 01 Jan 2026 00:05:01 GMT") == expected)
        for text in [
            "", "Thu, 01 Jan 2026 00:05:01 UTC", "Thursday, 01-Jan-26 00:05:01 GMT", "Thu, 32 Jan 2026 00:05:01 GMT",
        ] {
            #expect(Timestamp(httpDate: text) == nil)
        }
    }
}

import AWSValues
import Testing

@Suite struct CalendarDateTests {
    @Test(arguments: [
        (0, "1970-01-01"), (86_399, "1970-01-01"), (86_400, "1970-01-02"), (-1, "1969-12-31"),
        (951_782_400, "2000-02-29"), (1_801_353_600, "2027-01-31"), (4_107_542_400, "2100-03-01"),
    ])
    func `A Unix time falls on its day in UTC`(seconds: Int, day: String) throws {
        #expect(CalendarDate(secondsSince1970: seconds)?.description == day)
        #expect(CalendarDate(day) == CalendarDate(secondsSince1970: seconds))
    }

    @Test(arguments: ["2027-02-29", "2027-13-01", "2027-00-10", "2027-04-31", "27-01-01", "2027-1-1", "2100-02-29", ""])
    func `What the calendar does not have is no date`(text: String) {
        #expect(CalendarDate(text) == nil)
    }

    @Test func `Days follow each other`() throws {
        var last = try #require(CalendarDate(secondsSince1970: -86_400))
        for day in 0..<60_000 {
            let next = try #require(CalendarDate(secondsSince1970: day * 86_400))
            #expect(last < next)
            #expect(CalendarDate(next.description) == next)
            last = next
        }
    }
}

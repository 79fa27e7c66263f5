import Testing

@testable import SimulatedAWS

@Suite struct TimestampTests {
    @Test(arguments: [
        (0.0, "19700101T000000Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
        (951_782_400, "20000229T000000Z", "Tue, 29 Feb 2000 00:00:00 GMT"),
        (1_440_938_160, "20150830T123600Z", "Sun, 30 Aug 2015 12:36:00 GMT"),
        (4_107_542_399, "21000228T235959Z", "Sun, 28 Feb 2100 23:59:59 GMT"),
    ])
    func `A moment has its known spellings`(seconds: Double, basic: String, http: String) {
        let moment = Timestamp(seconds: seconds)
        #expect(moment.basic == basic)
        #expect(moment.http == http)
        #expect(Timestamp(basic: basic) == moment)
    }

    @Test func `Days of two hundred years come back as they were`() {
        for day in stride(from: 0, to: 73_000, by: 13) {
            let moment = Timestamp(seconds: Double(day * 86_400 + day % 86_400))
            guard Timestamp(basic: moment.basic) != moment else { continue }
            Issue.record("\(moment.basic) came back as another moment")
        }
    }

    @Test(arguments: [
        "", "20150830", "20150830T123600", "20151330T123600Z", "2015-08-30T12:36:00Z", "20150830T253600Z",
    ])
    func `What is no date is refused`(text: String) {
        #expect(Timestamp(basic: text) == nil)
    }
}

/// A day of the Gregorian calendar, without a time or a zone.
package struct CalendarDate: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// `year * 10,000 + month * 100 + day`, so that the order of numbers is the order of days.
    private let number: UInt32

    fileprivate init(_ date: CivilDate) {
        number = UInt32(date.year * 10_000 + date.month * 100 + date.day)
    }

    /// The given day, or nil when the calendar has no such day. Years run from 1 to 9999.
    package init?(year: Int, month: Int, day: Int) {
        let date = CivilDate(year: year, month: month, day: day)
        guard date.isValid, year > 0 else { return nil }
        self.init(date)
    }

    /// The day that `text` spells as `YYYY-MM-DD`, or nil when it is written otherwise or does not exist.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = decimal(bytes[0..<4]), let month = decimal(bytes[5..<7]), let day = decimal(bytes[8..<10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// The day in UTC at a Unix time, given in seconds. Times outside the years 1 to 9999 give nil.
    package init?(secondsSince1970 seconds: Int) {
        let date = CivilDate(secondsSinceEpoch: seconds)
        self.init(year: date.year, month: date.month, day: date.day)
    }

    package var year: Int { Int(number / 10_000) }
    package var month: Int { Int(number / 100 % 100) }
    package var day: Int { Int(number % 100) }

    /// `YYYY-MM-DD`.
    package var description: String {
        var bytes: [UInt8] = []
        CivilDate(year: year, month: month, day: day).appendDay(to: &bytes, separator: "-")
        return String(decoding: bytes, as: UTF8.self)
    }

    package static func < (left: CalendarDate, right: CalendarDate) -> Bool {
        left.number < right.number
    }
}

extension Timestamp {
    /// The day in UTC.
    package var day: CalendarDate { CalendarDate(civilDate) }
}

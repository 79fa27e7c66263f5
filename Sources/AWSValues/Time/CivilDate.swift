/// A date and time of day in UTC on the Gregorian calendar, whole seconds.
///
/// The conversion counts days in eras of 400 years (146,097 days each) whose years begin on 1 March, so that the leap
/// day is a year's last and needs no special case.
package struct CivilDate: Hashable, Sendable {
    package var year: Int
    /// From 1.
    package var month: Int
    /// From 1.
    package var day: Int
    package var hour: Int
    package var minute: Int
    package var second: Int

    private static let secondsPerDay = 86_400
    private static let daysPerEra = 146_097
    /// From 1 March of the year 0 to 1 January 1970.
    private static let daysBeforeEpoch = 719_468

    package init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// The date that is this many seconds after 1 January 1970, 00:00 UTC; before it when negative.
    package init(secondsSinceEpoch seconds: Int) {
        let (days, secondOfDay) = CivilDate.divide(seconds, by: CivilDate.secondsPerDay)
        let (era, dayOfEra) = CivilDate.divide(days + CivilDate.daysBeforeEpoch, by: CivilDate.daysPerEra)
        // Leap days are taken out of the day's number before the years are counted.
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - CivilDate.daysBefore(yearOfEra: yearOfEra)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        day = dayOfYear - CivilDate.daysBefore(monthFromMarch: monthFromMarch) + 1
        year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        hour = secondOfDay / 3_600
        minute = secondOfDay % 3_600 / 60
        second = secondOfDay % 60
    }

    /// Seconds after 1 January 1970, 00:00 UTC; negative before it.
    package var secondsSinceEpoch: Int {
        let (era, yearOfEra) = CivilDate.divide(month <= 2 ? year - 1 : year, by: 400)
        let monthFromMarch = month > 2 ? month - 3 : month + 9
        let dayOfEra =
            CivilDate.daysBefore(yearOfEra: yearOfEra) + CivilDate.daysBefore(monthFromMarch: monthFromMarch) + day - 1
        let days = era * CivilDate.daysPerEra + dayOfEra - CivilDate.daysBeforeEpoch
        return days * CivilDate.secondsPerDay + hour * 3_600 + minute * 60 + second
    }

    /// Whether every field is in its range and the day exists in its month. A leap second, 60, is accepted.
    package var isValid: Bool {
        guard (0...9_999).contains(year), (1...12).contains(month), (0...23).contains(hour),
            (0...59).contains(minute), (0...60).contains(second)
        else { return false }
        return (1...CivilDate.days(inMonth: month, of: year)).contains(day)
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func daysBefore(yearOfEra year: Int) -> Int {
        year * 365 + year / 4 - year / 100
    }

    /// The months from March on have 31, 30, 31, 30, 31 days, twice, then 31 and the rest: 153 days every five months.
    private static func daysBefore(monthFromMarch month: Int) -> Int {
        (153 * month + 2) / 5
    }

    /// Division that rounds down, so that the remainder is never negative.
    private static func divide(_ value: Int, by divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

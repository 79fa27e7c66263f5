import AWSValues

extension Reading where Value == CalendarDate? {
    /// Reads the first day without access, `YYYY-MM-DD`; an empty cell gives nil.
    init(expires text: String) {
        if text.isEmpty {
            self.init(CalendarDate?.none)
        } else if let date = CalendarDate(text) {
            self.init(CalendarDate?.some(date))
        } else if let damage = SpreadsheetDamage.ofAnyCell(text) ?? SpreadsheetDamage.ofDate(text) {
            self.init(damage)
        } else if text.utf8.count == 10, text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (48...57).contains($0) }) {
            self.init(CellFault(.expires, "expires \(shown(text)) is not a valid date; correct the month or the day"))
        } else {
            self.init(
                CellFault(
                    .expires,
                    "expires \(shown(text)) is not a valid date; write the first day without access as YYYY-MM-DD, "
                        + "or leave it empty"))
        }
    }
}

extension Reading where Value == String {
    /// The longest reason, in characters of Unicode.
    static let maximumReasonLength = 256

    /// Reads a reason: any text of one line.
    init(reason text: String) {
        if let index = text.unicodeScalars.firstIndex(where: { $0.properties.generalCategory == .control }) {
            let offset = text.utf8.distance(from: text.startIndex, to: index)
            self.init(
                CellFault(
                    .reason,
                    "reason \(shown(text)) has a line break or another control character; write it on one line",
                    offset: offset))
        } else if text.unicodeScalars.count > Reading.maximumReasonLength {
            self.init(
                CellFault(
                    .reason,
                    "reason has \(text.unicodeScalars.count) characters; at most \(Reading.maximumReasonLength) are "
                        + "carried into the plan: shorten it, or write the number of a ticket"))
        } else {
            self.init(text)
        }
    }
}

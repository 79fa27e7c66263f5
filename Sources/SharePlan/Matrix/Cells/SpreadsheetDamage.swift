import AWSValues

/// What spreadsheets do to cells, in words for the person who has to undo it.
enum SpreadsheetDamage {
    /// The damage that can happen to any cell, or nil: smart quotes, invisible spaces, a formula, an error value, a
    /// leading apostrophe.
    static func ofAnyCell(_ text: String) -> CellFault? {
        for (index, scalar) in zip(text.unicodeScalars.indices, text.unicodeScalars) {
            let offset = text.utf8.distance(from: text.startIndex, to: index)
            switch scalar.value {
            case 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0xAB, 0xBB:
                return damage(
                    "\(shown(text)) has smart quotes (\(scalar)), which a text program put in place of plain ones; "
                        + "delete them, or type a plain \" or '", offset)
            case 0xA0, 0x2007, 0x202F:
                return damage(
                    "\(shown(text)) has a non-breaking space, which only looks like a space; delete it", offset)
            case 0x200B...0x200D, 0x2060, 0xFEFF, 0x200E, 0x200F:
                return damage("\(shown(text)) has an invisible character, pasted from a web page; retype it", offset)
            case 0x2010...0x2015, 0x2212:
                return damage(
                    "\(shown(text)) has a long dash (\(scalar)) where a plain hyphen belongs; type \"-\"", offset)
            case 0xFFFD:
                return damage(
                    "\(shown(text)) has a replacement character: an earlier program read the file in a wrong encoding; "
                        + "retype the cell and save as \"CSV UTF-8\"", offset)
            default:
                continue
            }
        }
        if text.hasPrefix("=") {
            return damage("\(shown(text)) is a formula; write the plain value", 0)
        }
        if text.hasPrefix("'") {
            return damage(
                "\(shown(text)) starts with the apostrophe that marks text in a spreadsheet; delete the apostrophe", 0)
        }
        let errorValues = ["#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"]
        if errorValues.contains(text.uppercased()) || text.count > 2 && text.allSatisfy({ $0 == "#" }) {
            return damage("\(shown(text)) is the error value of a spreadsheet; write the plain value", 0)
        }
        return nil
    }

    /// What happened to a 12-digit account id, or nil when `text` does not look like one.
    static func ofAccount(_ text: String) -> CellFault? {
        let digits = text.filter { isDigit($0) }
        let others = text.filter { !isDigit($0) }
        if others.isEmpty, (9...11).contains(digits.count) {
            let lost = 12 - digits.count
            let mended = String(repeating: "0", count: lost) + digits
            return damage(
                "\(shown(text)) has \(digits.count) digits, but account ids have 12: a spreadsheet probably dropped "
                    + "\(lost == 1 ? "the leading zero" : "\(lost) leading zeros"); if so write \(mended) and format "
                    + "the column as text")
        }
        if isScientific(text) {
            return damage(
                "\(shown(text)) is what a spreadsheet makes of a long number, and digits are lost; format the column "
                    + "as text and write all 12 digits of the account id again")
        }
        if digits.count == 13 || digits.count == 14,
            text.hasSuffix(".0") || text.hasSuffix(",0") || text.hasSuffix(".00")
        {
            return damage("\(shown(text)) has decimals; format the column as text and write 12 digits")
        }
        if digits.count == 12, others.allSatisfy({ $0 == "-" }) {
            return damage("\(shown(text)) is written as the AWS console shows it; leave out the hyphens: \(digits)")
        }
        if (10...12).contains(digits.count), !others.isEmpty, others.allSatisfy({ ".,' \u{2009}".contains($0) }) {
            return damage(
                "\(shown(text)) has thousands separators; format the column as text and write 12 digits"
                    + (digits.count == 12 ? ": \(digits)" : ""))
        }
        return nil
    }

    /// What happened to a date, or nil. The message says how to write the date that was probably meant.
    static func ofDate(_ text: String) -> CellFault? {
        let advice = "; write it as YYYY-MM-DD"
        let parts = text.split(omittingEmptySubsequences: false) { ".-/ ".contains($0) }.map(String.init)
        if parts.count == 3, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { isDigit($0) } }) {
            let numbers = parts.compactMap { Int($0) }
            guard numbers.count == 3 else { return nil }
            if parts[0].count == 4 {
                guard let date = CalendarDate(year: numbers[0], month: numbers[1], day: numbers[2]) else { return nil }
                return damage("\(shown(text)) is not written as YYYY-MM-DD; write \(date)")
            }
            let year = numbers[2] < 100 ? 2000 + numbers[2] : numbers[2]
            let monthFirst = CalendarDate(year: year, month: numbers[0], day: numbers[1])
            let dayFirst = CalendarDate(year: year, month: numbers[1], day: numbers[0])
            switch (monthFirst, dayFirst) {
            case (let a?, let b?) where a != b:
                return damage("the date \(shown(text)) may mean \(a) or \(b)\(advice)")
            case (let date?, _), (nil, let date?):
                return damage("a spreadsheet or its locale wrote the date as \(shown(text)); write \(date)")
            case (nil, nil):
                return nil
            }
        }
        if parts.contains(where: isMonthName) {
            return damage("a spreadsheet wrote the date as \(shown(text))\(advice)")
        }
        if text.count == 5, text.allSatisfy({ isDigit($0) }), let days = Int(text),
            let date = CalendarDate(secondsSince1970: (days - 25_569) * 86_400)
        {
            return damage("\(shown(text)) is a date as a spreadsheet counts days; write \(date)")
        }
        if CalendarDate(text.prefix(10)) != nil {
            return damage(
                "\(shown(text)) has more than a date; write \(text.prefix(10)): access ends as that day starts in UTC")
        }
        return nil
    }

    /// Whether a spreadsheet turned a repository's name, such as `1-feb`, into a date.
    static func ofRepository(_ text: String) -> CellFault? {
        let parts = text.split { ".-/ ".contains($0) }.map(String.init)
        let isDate =
            (2...3).contains(parts.count) && parts.contains(where: isMonthName)
            && parts.contains { $0.allSatisfy { isDigit($0) } } && text.contains { $0.isUppercase }
        guard isDate || isScientific(text) else { return nil }
        return damage(
            "\(shown(text)) looks like a \(isDate ? "date" : "number") that a spreadsheet made of a repository's name; "
                + "format the column as text and write the name again")
    }

    private static func damage(_ message: String, _ offset: Int = 0) -> CellFault {
        CellFault(.spreadsheet, message, offset: offset)
    }

    private static func isDigit(_ character: Character) -> Bool {
        ("0"..."9").contains(character)
    }

    /// `4.44456E+11`, `4,44E+11`, `4E11`.
    private static func isScientific(_ text: String) -> Bool {
        let parts = text.uppercased().split(separator: "E", omittingEmptySubsequences: false)
        guard parts.count == 2, let mantissa = parts.first, let exponent = parts.last else { return false }
        let digits = exponent.hasPrefix("+") ? exponent.dropFirst() : exponent
        return text.contains { $0 == "E" || $0 == "e" }
            && !mantissa.isEmpty && mantissa.allSatisfy { isDigit($0) || $0 == "." || $0 == "," }
            && (exponent.hasPrefix("+") || text.contains("E"))
            && (1...2).contains(digits.count) && digits.allSatisfy { isDigit($0) }
    }

    private static func isMonthName(_ text: String) -> Bool {
        let months = [
            "jan", "feb", "mar", "mär", "mrz", "apr", "may", "mai", "jun", "jul", "aug", "sep", "oct", "okt", "nov",
            "dec", "dez", "fev", "fév", "avr", "ago", "dic",
        ]
        let word = text.lowercased()
        return word.count <= 10 && word.allSatisfy { $0.isLetter } && months.contains { word.hasPrefix($0) }
    }
}

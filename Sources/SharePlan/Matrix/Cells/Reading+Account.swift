import AWSValues

extension Reading where Value == AccountID {
    /// Reads a 12-digit account id; `column` is its name, for the message.
    init(account text: String, column: String) {
        if let account = AccountID(text) {
            self.init(account)
        } else if text.isEmpty {
            self.init(CellFault(.emptyCell, "\(column) is empty; write the 12-digit id of the account"))
        } else if let damage = SpreadsheetDamage.ofAnyCell(text) ?? SpreadsheetDamage.ofAccount(text) {
            self.init(damage)
        } else if text.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) {
            self.init(
                CellFault(.account, "\(column) \(shown(text)) has \(text.utf8.count) digits; account ids have 12"))
        } else if text.contains(";") {
            self.init(
                CellFault(.account, "\(column) takes one account id; write a row for each account of \(shown(text))"))
        } else {
            self.init(CellFault(.account, "\(column) \(shown(text)) is not a valid account id; write its 12 digits"))
        }
    }
}

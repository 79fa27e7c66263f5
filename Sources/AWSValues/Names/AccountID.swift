/// A 12-digit AWS account id.
///
/// Stored as a number, so that ten million grants cost eight bytes each; printed with its leading zeros.
/// Source: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html
package struct AccountID: Hashable, Comparable, Sendable, CustomStringConvertible {
    private let number: UInt64

    /// The account id that `text` spells, or nil unless it is exactly twelve ASCII digits.
    package init?(_ text: some StringProtocol) {
        var number: UInt64 = 0
        var digits = 0
        for byte in text.utf8 {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), digits < 12 else { return nil }
            number = number * 10 + UInt64(byte - UInt8(ascii: "0"))
            digits += 1
        }
        guard digits == 12 else { return nil }
        self.number = number
    }

    package var description: String {
        let digits = String(number)
        return String(repeating: "0", count: 12 - digits.utf8.count) + digits
    }

    package static func < (left: AccountID, right: AccountID) -> Bool {
        left.number < right.number
    }
}

/// Opaque tokens for the next page: hexadecimal, so that nobody is tempted to read them.
enum PageToken {
    static func encode(_ text: String) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: text.utf8.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Nil for a text that ``encode(_:)`` did not make.
    static func decode(_ token: String) -> String? {
        let digits = token.map(\.hexDigitValue)
        guard digits.count.isMultiple(of: 2), !digits.contains(nil) else { return nil }
        let values = digits.compactMap(\.self)
        let bytes = stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] * 16 + values[$0 + 1]) }
        return String(validating: bytes, as: UTF8.self)
    }
}

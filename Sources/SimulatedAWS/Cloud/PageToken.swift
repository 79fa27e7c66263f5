/// Opaque tokens for the next page: hexadecimal, so that nobody is tempted to read them.
enum PageToken {
    static func encode(_ text: String) -> String {
        text.utf8.hexadecimal
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

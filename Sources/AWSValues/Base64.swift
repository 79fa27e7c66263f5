extension [UInt8] {
    /// The bytes in Base64, with padding.
    ///
    /// Source: https://www.rfc-editor.org/rfc/rfc4648#section-4
    package var base64: String {
        let alphabet = [Character]("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: count, by: 3) {
            let group = self[start..<Swift.min(start + 3, count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for digit in 0..<4 {
                text.append(digit <= group.count ? alphabet[bits >> (6 * (3 - digit)) & 63] : "=")
            }
        }
        return text
    }
}

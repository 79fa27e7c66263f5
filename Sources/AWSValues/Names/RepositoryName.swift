/// The name of an ECR repository, such as `base/python`.
///
/// Source: the ECR model, https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html, in the
/// form of 2026, which also takes `a__b` and `a--b`: lower-case words joined by `.`, `_`, `__` or hyphens, in path
/// parts joined by `/`; 2 to 256 characters.
package struct RepositoryName: TextValue {
    package let text: String

    /// The name that `text` spells, or nil when ECR would refuse it.
    package init?(_ text: some StringProtocol) {
        guard RepositoryName.isValid(text) else { return nil }
        self.text = String(text)
    }

    private static func isValid(_ text: some StringProtocol) -> Bool {
        guard (2...256).contains(text.utf8.count) else { return false }
        // Each separator must be between two alphanumeric characters: "." "_" "__" "/" once, "-" any number of times.
        var separator: [UInt8] = []
        var sawWord = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                guard separator.isEmpty || (sawWord && isSeparator(separator)) else { return false }
                separator.removeAll(keepingCapacity: true)
                sawWord = true
            case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "/"):
                separator.append(byte)
            default:
                return false
            }
        }
        return sawWord && separator.isEmpty
    }

    private static func isSeparator(_ bytes: [UInt8]) -> Bool {
        if bytes.allSatisfy({ $0 == UInt8(ascii: "-") }) { return true }
        return bytes.count == 1 || (bytes.count == 2 && bytes.allSatisfy { $0 == UInt8(ascii: "_") })
    }
}

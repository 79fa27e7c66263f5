/// The rule for repository names: 2 to 256 characters of
/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*`.
/// Source: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
func isRepositoryName(_ name: String) -> Bool {
    func isWordCharacter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
    guard (2...256).contains(name.utf8.count) else { return false }
    return name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { segment in
        guard let first = segment.first, let last = segment.last, isWordCharacter(first), isWordCharacter(last) else {
            return false
        }
        let separators = segment.split(whereSeparator: isWordCharacter)
        return separators.allSatisfy { separator in
            separator.elementsEqual(".".utf8) || separator.elementsEqual("_".utf8)
                || separator.elementsEqual("__".utf8) || separator.allSatisfy { $0 == UInt8(ascii: "-") }
        }
    }
}

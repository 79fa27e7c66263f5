import Crypto

/// Policy documents for the page, equal ones once, others as the numbers of the pieces that they are made of.
///
/// Thousands of documents that list the same hundreds of accounts would otherwise make the page tens of megabytes; so
/// they take a few hundred bytes each.
struct DocumentTable: Sendable {
    private var places: [SHA256.Digest: Int] = [:]
    private var pieces = InternTable<String>()
    private var fresh: [String] = []

    /// The number of the document; -1 for none.
    mutating func index(of policy: Policy?) -> Int {
        guard let text = policy?.text else { return -1 }
        let digest = SHA256.hash(data: Array(text.utf8))
        if let place = places[digest] { return place }
        let place = places.count
        places[digest] = place
        fresh.append(runsText(DocumentTable.cut(text).map { pieces.index(of: $0) }))
        return place
    }

    /// The documents that were added since they were last taken: the numbers of their pieces as runs, `0-4,9,2`.
    mutating func takeFresh() -> [String] {
        defer { fresh = [] }
        return fresh
    }

    /// The pieces that were added since they were last taken.
    mutating func takeFreshPieces() -> [String] { pieces.takeFresh() }

    /// The text cut where lists have their elements. The pieces joined are the text, whatever it is.
    private static func cut(_ text: String) -> [String] {
        var pieces: [String] = []
        let bytes = text.utf8
        var start = bytes.startIndex
        for place in bytes.indices {
            let cut: String.Index
            switch bytes[place] {
            case UInt8(ascii: ","), UInt8(ascii: "["): cut = bytes.index(after: place)
            case UInt8(ascii: "]"): cut = place
            default: continue
            }
            guard start < cut else { continue }
            pieces.append(String(text[start..<cut]))
            start = cut
        }
        if start < bytes.endIndex { pieces.append(String(text[start...])) }
        return pieces
    }
}

/// Numbers in their order as short text, each run that counts up by its ends: `0-4,9,2`.
func runsText(_ numbers: [Int]) -> String {
    var text = ""
    var index = 0
    while index < numbers.count {
        var end = index
        while end + 1 < numbers.count, numbers[end + 1] == numbers[end] + 1 { end += 1 }
        if !text.isEmpty { text += "," }
        text += end == index ? "\(numbers[index])" : "\(numbers[index])-\(numbers[end])"
        index = end + 1
    }
    return text
}

/// The text of one cell: unquoted, white space around it removed.
struct CellText {
    /// Why a cell has no text.
    enum Fault: Error {
        /// The cell's bytes are not UTF-8.
        case invalidUTF8(offset: Int)
        case nul(offset: Int)
    }

    let text: String
    /// Where the text starts in the raw cell, in bytes.
    private let start: Int
    /// Where the second of two doubled quotes was, as offsets into the text; sorted.
    private let droppedQuotes: [Int]

    init(_ cell: RawCell, in bytes: UnsafeRawBufferPointer) throws(Fault) {
        var from = cell.start
        var to = cell.end
        CellText.trim(&from, &to, in: bytes)
        var content: [UInt8] = []
        var dropped: [Int] = []
        if to - from >= 2, bytes[from] == UInt8(ascii: "\"") {
            from += 1
            to -= 1
            let quoteEnd = to
            // White space inside the quotes is trimmed too: people pad cells both ways.
            CellText.trim(&from, &to, in: bytes)
            content.reserveCapacity(to - from)
            var offset = from
            while offset < to {
                content.append(bytes[offset])
                if bytes[offset] == UInt8(ascii: "\""), offset + 1 < quoteEnd {
                    dropped.append(content.count)
                    offset += 1
                }
                offset += 1
            }
        } else {
            content.append(contentsOf: bytes[from..<to])
        }
        start = from - cell.start
        droppedQuotes = dropped
        if let nul = content.firstIndex(of: 0) {
            throw .nul(offset: nul + from - cell.start)
        }
        guard let text = String(validating: content, as: UTF8.self) else {
            let valid = CellText.validPrefix(of: content)
            throw .invalidUTF8(offset: valid + from - cell.start)
        }
        self.text = text
    }

    /// The offset in the raw cell of a byte of the text.
    func rawOffset(of offset: Int) -> Int {
        start + offset + droppedQuotes.count { $0 <= offset }
    }

    private static func trim(_ from: inout Int, _ to: inout Int, in bytes: UnsafeRawBufferPointer) {
        while from < to, bytes[from] == UInt8(ascii: " ") || bytes[from] == UInt8(ascii: "\t") { from += 1 }
        while from < to, bytes[to - 1] == UInt8(ascii: " ") || bytes[to - 1] == UInt8(ascii: "\t") { to -= 1 }
    }

    /// How many bytes at the start are UTF-8.
    private static func validPrefix(of bytes: [UInt8]) -> Int {
        var valid = 0
        while valid < bytes.count {
            let length = (1...4).first {
                valid + $0 <= bytes.count && String(validating: bytes[valid..<(valid + $0)], as: UTF8.self) != nil
            }
            guard let length else { break }
            valid += length
        }
        return valid
    }
}

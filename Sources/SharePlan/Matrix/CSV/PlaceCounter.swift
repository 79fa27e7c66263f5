/// Turns offsets of one row into lines and columns.
///
/// Goes on from the place that it was asked for last, so that thousands of findings in one wide row cost one pass.
struct PlaceCounter {
    /// Where the row starts.
    let row: Int
    private var offset: Int
    private var line: Int
    private var column = 1

    /// A counter for the row that starts at `rowStart`, on `line`.
    init(rowStart: Int, line: Int) {
        row = rowStart
        offset = rowStart
        self.line = line
    }

    /// The line and column, in characters from 1, of a byte at or after the one that was asked for last; nil for an
    /// earlier one.
    mutating func place(of target: Int, in bytes: UnsafeRawBufferPointer) -> (line: Int, column: Int)? {
        guard target >= offset else { return nil }
        var lineStart = offset
        for index in offset..<target {
            let endsLine =
                bytes[index] == UInt8(ascii: "\n")
                || (bytes[index] == UInt8(ascii: "\r") && !bytes.has(UInt8(ascii: "\n"), at: index + 1))
            if endsLine {
                line += 1
                column = 1
                lineStart = index + 1
            }
        }
        column += PlaceCounter.characters(in: bytes[lineStart..<target])
        offset = target
        return (line, column)
    }

    private static func characters(in bytes: Slice<UnsafeRawBufferPointer>) -> Int {
        bytes.allSatisfy { $0 < 0x80 } ? bytes.count : String(decoding: bytes, as: UTF8.self).count
    }
}

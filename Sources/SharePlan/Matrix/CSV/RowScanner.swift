/// Where one cell of a row is in the input: its raw bytes, with quotes and white space.
struct RawCell {
    var start: Int
    var end: Int
    /// The cell breaks the rules of CSV; it was reported and is not to be read.
    var isBroken = false

    var length: Int { end - start }
}

/// Splits CSV into rows and cells, as RFC 4180 has it, without copying.
///
/// Accepts line feeds and CRLF; a carriage return alone ends a line too, but is a fault. Lines that start with `#` and
/// lines of white space are skipped. White space around a quoted cell is accepted.
/// Source: https://www.rfc-editor.org/rfc/rfc4180
struct RowScanner {
    /// What breaks the rules of CSV, and where.
    struct Fault {
        enum Kind: Sendable {
            case unterminatedQuote, textAfterQuote, strayQuote, loneCarriageReturn
        }

        let kind: Kind
        let offset: Int
        /// Where the row or comment starts that has the fault, and on which line.
        let rowStart: Int
        let rowLine: Int
    }

    private var scanner: SpecialByteScanner
    let limit: Int
    /// Where the next row starts.
    private(set) var position: Int
    /// The line of ``position``, the first line of this scan being 1.
    private(set) var line = 1

    /// The cells of the row that was read last.
    private(set) var cells: [RawCell] = []
    private(set) var rowStart = 0
    private(set) var rowLine = 1
    /// What is wrong with the row that was read last, or with comment lines before it.
    private(set) var faults: [Fault] = []

    /// A scanner of the rows that start at or after `start` and before `limit`. The last of them may end later.
    init(_ bytes: UnsafeRawBufferPointer, from start: Int, upTo limit: Int) {
        scanner = SpecialByteScanner(bytes, from: start)
        position = start
        self.limit = min(limit, bytes.count)
        cells.reserveCapacity(16)
    }

    private var bytes: UnsafeRawBufferPointer { scanner.bytes }

    /// Reads the next row that is neither blank nor a comment; false when there is none, possibly with faults.
    mutating func readRow() -> Bool {
        if !faults.isEmpty { faults.removeAll() }
        while position < limit {
            rowStart = position
            rowLine = line
            if bytes[position] == UInt8(ascii: "#") {
                skipLine()
                continue
            }
            readCells()
            if cells.count == 1, !cells[0].isBroken, bytes.isBlank(from: cells[0].start, to: cells[0].end) { continue }
            return true
        }
        return false
    }

    /// The first byte of a cell; 0 for an empty one.
    @inline(__always)
    func firstByte(of index: Int) -> UInt8 {
        cells[index].length > 0 ? bytes[cells[index].start] : 0
    }

    private mutating func readCells() {
        cells.removeAll(keepingCapacity: true)
        var start = position
        // Where the text after a closing quote starts; 0 in an unquoted cell.
        var closed = 0
        var isBroken = false
        var at = readPlainCells(&start)
        while true {
            if at < bytes.count, bytes[at] == UInt8(ascii: "\"") {
                if closed == 0, !isBroken, bytes.isBlank(from: start, to: at) {
                    guard let end = skipQuotedText() else {
                        addFault(.unterminatedQuote, at: at)
                        cells.append(RawCell(start: start, end: bytes.count, isBroken: true))
                        position = bytes.count
                        return
                    }
                    closed = end
                } else if !isBroken {
                    if closed == 0 {
                        addFault(.strayQuote, at: at)
                    } else {
                        addFault(.textAfterQuote, at: closed)
                    }
                    isBroken = true
                }
                at = scanner.next()
                continue
            }
            if closed != 0, !isBroken, !bytes.isBlank(from: closed, to: at) {
                addFault(.textAfterQuote, at: closed)
                isBroken = true
            }
            cells.append(RawCell(start: start, end: at, isBroken: isBroken))
            if at < bytes.count, bytes[at] == UInt8(ascii: ",") {
                start = at + 1
                closed = 0
                isBroken = false
                at = scanner.next()
                continue
            }
            endLine(at: at)
            return
        }
    }

    /// Reads cells up to one that has a quote or ends the line: returns where that is, and sets `start` to where that
    /// cell starts.
    @inline(__always)
    private mutating func readPlainCells(_ start: inout Int) -> Int {
        // A copy stays in registers; this is the innermost loop of reading a matrix.
        var scanner = scanner
        defer { self.scanner = scanner }
        while true {
            let at = scanner.next()
            guard bytes.has(UInt8(ascii: ","), at: at) else { return at }
            cells.append(RawCell(start: start, end: at))
            start = at + 1
        }
    }

    private mutating func addFault(_ kind: Fault.Kind, at offset: Int) {
        faults.append(Fault(kind: kind, offset: offset, rowStart: rowStart, rowLine: rowLine))
    }

    /// Goes behind the closing quote and returns where that is; nil when the input ends first.
    private mutating func skipQuotedText() -> Int? {
        while true {
            let at = scanner.next()
            guard at < bytes.count else { return nil }
            switch bytes[at] {
            case UInt8(ascii: "\""):
                guard bytes.has(UInt8(ascii: "\""), at: at + 1) else { return at + 1 }
                _ = scanner.next()
            case UInt8(ascii: "\n"):
                line += 1
            case UInt8(ascii: "\r"):
                if !bytes.has(UInt8(ascii: "\n"), at: at + 1) { line += 1 }
            default:
                break
            }
        }
    }

    private mutating func skipLine() {
        while true {
            let at = scanner.next()
            guard at < bytes.count, bytes[at] == UInt8(ascii: ",") || bytes[at] == UInt8(ascii: "\"") else {
                endLine(at: at)
                return
            }
        }
    }

    /// Goes behind the end of a line, which is at `at`: CRLF, LF, a lone CR, or the end of the input.
    @inline(__always)
    private mutating func endLine(at: Int) {
        guard at < bytes.count else {
            position = bytes.count
            return
        }
        line += 1
        position = at + 1
        guard bytes[at] == UInt8(ascii: "\r") else { return }
        if bytes.has(UInt8(ascii: "\n"), at: at + 1) {
            _ = scanner.next()
            position = at + 2
        } else {
            addFault(.loneCarriageReturn, at: at)
        }
    }
}

extension UnsafeRawBufferPointer {
    @inline(__always)
    func has(_ byte: UInt8, at offset: Int) -> Bool {
        offset < count && self[offset] == byte
    }

    /// Where a cell's text starts, spaces left out.
    func firstNonspace(of cell: RawCell) -> Int {
        var offset = cell.start
        while offset < cell.end, self[offset] == UInt8(ascii: " ") { offset += 1 }
        return offset
    }

    /// Whether there are only spaces and tabs in the range.
    @inline(__always)
    func isBlank(from start: Int, to end: Int) -> Bool {
        var offset = start
        while offset < end {
            guard self[offset] == UInt8(ascii: " ") || self[offset] == UInt8(ascii: "\t") else { return false }
            offset += 1
        }
        return true
    }
}

/// Collects the findings of a file's rows and puts each at its line and column.
struct RowReporter {
    let bytes: UnsafeRawBufferPointer
    private(set) var diagnostics: Diagnostics
    private var rowStart = 0
    private var rowLine = 1
    private var counter = PlaceCounter(rowStart: 0, line: 1)

    init(_ bytes: UnsafeRawBufferPointer, file: String) {
        self.bytes = bytes
        diagnostics = Diagnostics(file: file)
    }

    /// Says which row the next findings are in.
    @inline(__always)
    mutating func begin(rowStart: Int, line: Int) {
        self.rowStart = rowStart
        rowLine = line
    }

    /// The line and the column, in characters from 1, of a byte of the current row.
    mutating func place(of offset: Int) -> (line: Int, column: Int) {
        if counter.row == rowStart, let place = counter.place(of: offset, in: bytes) { return place }
        counter = PlaceCounter(rowStart: rowStart, line: rowLine)
        return counter.place(of: max(offset, rowStart), in: bytes) ?? (rowLine, 1)
    }

    mutating func report(_ fault: CellFault, at offset: Int) {
        report(number(of: fault), at: offset)
    }

    mutating func report(_ wording: UInt32, at offset: Int) {
        let place = place(of: offset)
        diagnostics.add(wording, line: place.line, column: place.column)
    }

    /// The number of a fault's wording, for ``report(_:at:)-(UInt32,_)``.
    mutating func number(of fault: CellFault) -> UInt32 {
        diagnostics.keep(.init(severity: fault.severity, kind: fault.kind, message: fault.message))
    }

    /// Reports what breaks the rules of CSV; `linesBefore` is how many lines come before the scan's first.
    mutating func report(_ faults: [RowScanner.Fault], linesBefore: Int = 0) {
        for fault in faults {
            let (row, line) = (rowStart, rowLine)
            begin(rowStart: fault.rowStart, line: fault.rowLine + linesBefore)
            report(CellFault(.csv, RowReporter.message(for: fault.kind)), at: fault.offset)
            begin(rowStart: row, line: line)
        }
    }

    private static func message(for fault: RowScanner.Fault.Kind) -> String {
        switch fault {
        case .unterminatedQuote:
            "the quote that opens here is never closed; add the closing quote, or delete this one"
        case .textAfterQuote:
            "there is text after the closing quote; put the whole cell between quotes, and write a quote in it twice"
        case .strayQuote:
            "there is a quote inside a cell that does not start with one; put the whole cell between quotes, and write "
                + "this one twice"
        case .loneCarriageReturn:
            "the line ends in a carriage return without a line feed, as on old Macs; save the file with LF or CRLF line "
                + "ends"
        }
    }
}

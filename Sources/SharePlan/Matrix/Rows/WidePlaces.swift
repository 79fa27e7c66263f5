/// Finds again in the file where the cells of a wide matrix are: only those with a diagnostic are needed.
struct WidePlaces {
    private let bytes: UnsafeRawBufferPointer
    private let rows: WideRows
    /// By row: where its cells are, by column.
    private var found: [UInt32: [UInt32]] = [:]

    init(_ rows: WideRows, of bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        self.rows = rows
    }

    /// Where the text of a cell starts in its line; in characters from 1.
    mutating func column(of cell: UInt32) -> UInt32 {
        let (row, column) = cell.quotientAndRemainder(dividingBy: UInt32(rows.width))
        if let columns = found[row] { return columns[Int(column)] }
        let columns = columns(of: rows.rows[Int(row)])
        found[row] = columns
        return columns[Int(column)]
    }

    /// Forgets the rows that were looked at.
    mutating func forget() {
        if !found.isEmpty { found.removeAll() }
    }

    private func columns(of row: WideRows.Row) -> [UInt32] {
        var scanner = RowScanner(bytes, from: Int(row.start), upTo: Int(row.start) + 1)
        _ = scanner.readRow()
        var counter = PlaceCounter(rowStart: Int(row.start), line: Int(row.line))
        // Consumer columns are in the order of the file, so that the counter only grows.
        return rows.columns.map { column in
            let start = bytes.firstNonspace(of: scanner.cells[column.index])
            return UInt32(counter.place(of: start, in: bytes)?.column ?? 1)
        }
    }
}

/// The rows of a wide matrix as they are kept: a byte for each cell, empty ones too, and 24 more for each row.
///
/// A file has a byte or more for each cell, so this never takes more memory than the file and a little for each row.
/// Where a cell is in its line is not kept: ``WidePlaces`` finds it again in the file.
struct WideRows: Sendable {
    /// A column whose cells hold access words.
    struct Column: Sendable {
        /// Its place among all columns of the file.
        let index: Int
        /// ``CellTable/invalid`` when the header is wrong there; then the column has no words in any row.
        let consumer: UInt32
        /// The regions of the Lambda functions, in ``Vocabulary/regionSets``.
        let regions: UInt32
    }

    /// What belongs to all cells of a row, as numbers of a ``Vocabulary``, and where the row is.
    struct Row: Sendable {
        var entry: UInt32
        var expiry: UInt32
        var reason: UInt32
        /// Where it starts, in bytes of the file.
        var start: UInt32
        var line: UInt32
        /// Where the lines of its cells start in ``WideRows/lines``; ``CellTable/invalid`` when all are ``line``.
        var lines = CellTable.invalid
    }

    let columns: [Column]
    private(set) var rows: [Row] = []
    /// The access words of each cell, row by row; 0 for an empty one.
    private var words: [UInt8] = []
    /// The lines of the cells of those rows that take several lines.
    private var lines: [UInt32] = []

    /// No rows yet. Columns are numbered in the order of `columns`.
    init(columns: [Column] = []) {
        self.columns = columns
    }

    /// Cells are numbered row by row: this is how far the numbers of two rows are apart.
    var width: Int { columns.count }

    /// Adds a row with the words of its cells, by column; 0 for an empty one.
    mutating func append(_ row: Row, _ cellWords: [UInt8]) {
        rows.append(row)
        words += cellWords
    }

    /// Keeps the line of each cell of the last row, which takes several.
    mutating func setLines(_ cellLines: [UInt32]) {
        rows[rows.count - 1].lines = UInt32(lines.count)
        lines += cellLines
    }

    mutating func reserveCapacity(rows count: Int) {
        rows.reserveCapacity(count)
        words.reserveCapacity(count * width)
    }

    /// Takes over the rows of a later part of the file, whose lines were counted from 1. Its columns are the same.
    mutating func append(_ later: WideRows, _ renumbering: Vocabulary.Renumbering, linesBefore: UInt32) {
        let linesSoFar = UInt32(lines.count)
        for var row in later.rows {
            renumbering.apply(to: &row)
            row.line += linesBefore
            if row.lines != CellTable.invalid { row.lines += linesSoFar }
            rows.append(row)
        }
        words += later.words
        lines += later.lines.lazy.map { $0 + linesBefore }
    }
}

// Cells
extension WideRows {
    /// What the cell with a number says.
    func meaning(of cell: UInt32) -> MatrixRow {
        let (number, column) = Int(cell).quotientAndRemainder(dividingBy: width)
        return meaning(of: column, in: number, words[Int(cell)])
    }

    /// Calls `body` with the number and the meaning of each cell of a row that is not empty.
    @inline(__always)
    func forEachCell(of row: UInt32, _ body: (_ cell: UInt32, MatrixRow) -> Void) {
        let first = Int(row) * width
        for column in columns.indices where words[first + column] != 0 {
            body(UInt32(first + column), meaning(of: column, in: Int(row), words[first + column]))
        }
    }

    /// The words of all cells of a row, by column.
    func words(of row: UInt32) -> ArraySlice<UInt8> { words[(Int(row) * width)..<((Int(row) + 1) * width)] }

    @inline(__always)
    private func meaning(of column: Int, in number: Int, _ cellWords: UInt8) -> MatrixRow {
        let row = rows[number]
        let line = row.lines == CellTable.invalid ? row.line : lines[Int(row.lines) + column]
        return MatrixRow(
            entry: row.entry, consumer: columns[column].consumer, words: AccessWords(rawValue: cellWords),
            consumerRegions: columns[column].regions, expiry: row.expiry, reason: row.reason, line: line)
    }
}

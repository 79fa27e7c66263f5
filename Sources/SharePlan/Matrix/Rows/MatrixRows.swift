/// All rows of a matrix, in the order of the file, each form in the way that takes the least room for it.
///
/// A record is one row of the file: a single ``MatrixRow`` in a long matrix, any number of them in a wide one. Records
/// are numbered from 0, and so are cells: those of a long matrix as its records, those of a wide one through all rows.
struct MatrixRows: Sendable {
    let form: MatrixHeader.Form
    /// The rows of a long matrix.
    var long: [LongRow] = []
    /// The rows of a wide matrix.
    var wide: WideRows

    init(_ form: MatrixHeader.Form, columns: [WideRows.Column]) {
        self.form = form
        wide = WideRows(columns: columns)
    }

    var recordCount: Int { form == .long ? long.count : wide.rows.count }

    /// One more than the highest number of a cell.
    var cellCount: Int { form == .long ? long.count : wide.rows.count * wide.width }

    mutating func reserveCapacity(records count: Int) {
        switch form {
        case .long: long.reserveCapacity(count)
        case .wide: wide.reserveCapacity(rows: count)
        }
    }

    /// Takes over the rows of a later part of the file, whose lines were counted from 1.
    mutating func append(_ later: consuming MatrixRows, _ renumbering: Vocabulary.Renumbering, linesBefore: UInt32) {
        guard form == .long else {
            wide.append(later.wide, renumbering, linesBefore: linesBefore)
            return
        }
        for index in later.long.indices {
            renumbering.apply(to: &later.long[index])
            later.long[index].line += linesBefore
        }
        if long.capacity == 0 {
            long = later.long
        } else {
            long += later.long
        }
    }
}

extension Matrix {
    /// What the cell with a number says.
    @inline(__always)
    func row(ofCell cell: UInt32) -> MatrixRow {
        rows.form == .long ? vocabulary.meaning(of: rows.long[Int(cell)]) : rows.wide.meaning(of: cell)
    }

    /// Calls `body` with the number of each cell of a record that is not empty, and with what it says.
    @inline(__always)
    func forEachRow(of record: UInt32, _ body: (_ cell: UInt32, MatrixRow) -> Void) {
        if rows.form == .long {
            body(record, vocabulary.meaning(of: rows.long[Int(record)]))
        } else {
            rows.wide.forEachCell(of: record, body)
        }
    }

    /// Calls `body` with all rows of the matrix, in the order of the file.
    @inline(__always)
    func forEachRow(_ body: (MatrixRow) -> Void) {
        for record in 0..<UInt32(rows.recordCount) { forEachRow(of: record) { body($1) } }
    }

    /// The number of a record's reason.
    func reason(ofRecord record: UInt32) -> UInt32 {
        rows.form == .long
            ? vocabulary.remarks[rows.long[Int(record)].remark].second : rows.wide.rows[Int(record)].reason
    }

    /// The number of a record's expiry.
    func expiry(ofRecord record: UInt32) -> UInt32 {
        rows.form == .long
            ? vocabulary.meaning(of: rows.long[Int(record)]).expiry : rows.wide.rows[Int(record)].expiry
    }
}

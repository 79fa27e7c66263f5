/// Finds rows of one consumer and one repository that say the same, or contradict each other.
struct DuplicateCheck {
    private let matrix: Matrix
    /// A bit for each cell that was reported already, for another of its regions.
    private var reported: [UInt64] = []
    private var places: WidePlaces

    /// A check of a matrix whose file is `bytes`.
    init(_ matrix: Matrix, of bytes: UnsafeRawBufferPointer) {
        self.matrix = matrix
        places = WidePlaces(matrix.rows.wide, of: bytes)
    }

    /// Checks the cells of one consumer and one repository, given by their numbers, ascending.
    mutating func check(_ cells: [UInt32], inRegionOfRank rank: Int, _ diagnostics: inout Diagnostics) {
        var firstCell: [UInt64: UInt32] = [:]
        for cell in cells {
            let row = matrix.row(ofCell: cell)
            var earlier: UInt32?
            for key in keys(of: row, inRegionOfRank: rank) {
                if let first = firstCell[key] {
                    earlier = min(earlier ?? first, first)
                } else {
                    firstCell[key] = cell
                }
            }
            if let earlier, mark(cell) { report(row, matrix.row(ofCell: earlier), at: column(of: cell), &diagnostics) }
        }
    }

    /// Says that all cells of a repository were checked.
    mutating func endSubject() { places.forget() }

    private mutating func column(of cell: UInt32) -> UInt32 {
        matrix.rows.form == .long
            ? matrix.vocabulary.column(of: matrix.rows.long[Int(cell)]) : places.column(of: cell)
    }

    /// A number for each access word and region of Lambda functions.
    private func keys(of row: MatrixRow, inRegionOfRank rank: Int) -> [UInt64] {
        var keys: [UInt64] = []
        for (_, word) in AccessWords.spellings where row.words.contains(word) {
            guard word.usesLambda else {
                keys.append(UInt64(word.rawValue))
                continue
            }
            for rank in row.consumerRegions == 0 ? [rank] : matrix.rankSets[Int(row.consumerRegions)] {
                keys.append(UInt64(rank) << 8 | UInt64(word.rawValue))
            }
        }
        return keys
    }

    private func report(_ row: MatrixRow, _ first: MatrixRow, at column: UInt32, _ diagnostics: inout Diagnostics) {
        let isSameGrant =
            row.entry == first.entry && row.words == first.words && row.consumerRegions == first.consumerRegions
        let differences = [
            row.expiry != first.expiry ? "expires" : nil,
            matrix.vocabulary.reasons.isEqual(row.reason, first.reason) ? nil : "reason",
        ].compactMap { $0 }
        let line = Diagnostics.otherLine
        let wording: Diagnostics.Wording =
            if !isSameGrant {
                .init(
                    severity: .warning, kind: .duplicate,
                    message: "line \(line) gives part of this access already; leave it out of one of them")
            } else if differences.isEmpty {
                .init(
                    severity: .warning, kind: .duplicate, message: "line \(line) is the same grant; delete one of them")
            } else {
                .init(
                    severity: .error, kind: .conflict,
                    message:
                        "this grant and that of line \(line) differ only in \(differences.joined(separator: " and "))"
                        + "; delete one of them")
            }
        diagnostics.add(
            diagnostics.keep(wording), line: Int(row.line), column: Int(column), other: first.line)
    }

    /// Marks a cell as reported; false if it was before.
    private mutating func mark(_ cell: UInt32) -> Bool {
        if reported.isEmpty { reported = [UInt64](repeating: 0, count: matrix.rows.cellCount / 64 + 1) }
        let bit: UInt64 = 1 << UInt64(cell % 64)
        let isNew = reported[Int(cell / 64)] & bit == 0
        reported[Int(cell / 64)] |= bit
        return isNew
    }
}

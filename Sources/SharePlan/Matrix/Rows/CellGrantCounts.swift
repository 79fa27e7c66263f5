/// How many grants each cell of a wide matrix gives, where the words alone tell.
///
/// They do when no two columns speak of the same consumer: then a repository that stands in one row has no grant twice,
/// and nothing needs sorting.
struct CellGrantCounts {
    /// By column, then by access words.
    private let counts: [Int]

    /// How many sets of access words there are.
    private static let wordSets = 16

    /// nil for a long matrix, and where two columns speak of one consumer.
    init?(_ matrix: Matrix) {
        guard matrix.rows.form == .wide else { return nil }
        let columns = matrix.rows.wide.columns
        let cells = columns.map(\.consumer).filter { $0 != CellTable.invalid }
        let members = cells.flatMap { matrix.consumerIndex.members(of: $0) }
        // The cells too: a unit has no members before it was looked up.
        guard Set(cells).count == cells.count, Set(members).count == members.count else { return nil }
        var counts = [Int](repeating: 0, count: columns.count * CellGrantCounts.wordSets)
        for (number, column) in columns.enumerated() where column.consumer != CellTable.invalid {
            for words in 0..<CellGrantCounts.wordSets {
                let row = MatrixRow(
                    entry: 0, consumer: column.consumer, words: AccessWords(rawValue: UInt8(words)),
                    consumerRegions: column.regions, expiry: 0, reason: 0, line: 0)
                matrix.forEachGrant(of: row, inRegionOfRank: 0) { _ in
                    counts[number * CellGrantCounts.wordSets + words] += 1
                }
            }
        }
        self.counts = counts
    }

    /// How many grants a record gives.
    func grants(of record: UInt32, in matrix: Matrix) -> Int {
        let rows = matrix.rows.wide
        guard !matrix.areExpired[Int(rows.rows[Int(record)].expiry)] else { return 0 }
        var sum = 0
        var first = 0
        for words in rows.words(of: record) {
            sum += counts[first + Int(words)]
            first += CellGrantCounts.wordSets
        }
        return sum
    }
}

/// Counts the grants of repositories whose rows name each consumer once: no grant is there twice, so nothing needs
/// sorting.
///
/// Most repositories are like that, in any order of the file.
struct DistinctGrantCounts {
    private let matrix: Matrix
    /// By number of a consumer: how many consumers it means.
    private let memberCounts: [Int]
    /// By mark of a long matrix: how many grants each member has. By column and access words of a wide one: how many
    /// grants a cell gives to all members.
    private let grants: [Int]
    /// By number of a consumer of a long matrix: the subject, plus one, that named it last.
    private var namedBy: [UInt32]

    /// How many sets of access words there are.
    private static let wordSets = 1 << AccessWords.spellings.count

    /// nil where two consumers of the matrix have a member in common, and where two columns have the same consumer.
    init?(_ matrix: Matrix) {
        let index = matrix.consumerIndex
        let consumers = UInt32(matrix.vocabulary.consumers.values.count)
        let members = (0..<consumers).flatMap { index.members(of: $0) }
        guard Set(members).count == members.count else { return nil }
        let columns = matrix.rows.wide.columns
        // The numbers too: a unit has no members before it was looked up.
        let named = columns.map(\.consumer).filter { $0 != CellTable.invalid }
        guard Set(named).count == named.count else { return nil }
        self.matrix = matrix
        memberCounts = (0..<consumers).map { index.members(of: $0).count }
        switch matrix.rows.form {
        case .long:
            let vocabulary = matrix.vocabulary
            namedBy = [UInt32](repeating: 0, count: Int(consumers))
            grants = (0..<UInt32(vocabulary.marks.count)).map { mark in
                let (scope, expiry) = vocabulary.terms[vocabulary.marks[mark].first]
                let (words, regions) = vocabulary.scopes[scope]
                return matrix.areExpired[Int(expiry)]
                    ? 0 : matrix.grantsOfMember(AccessWords(rawValue: UInt8(words)), regions)
            }
        case .wide:
            namedBy = []
            let memberCounts = memberCounts
            grants = columns.flatMap { column -> [Int] in
                let count = column.consumer == CellTable.invalid ? 0 : memberCounts[Int(column.consumer)]
                return (0..<DistinctGrantCounts.wordSets).map { words in
                    count * matrix.grantsOfMember(AccessWords(rawValue: UInt8(words)), column.regions)
                }
            }
        }
    }

    /// How many grants the records of a subject give; nil when they may name a consumer twice.
    mutating func grants(of records: SubjectRows.Numbers, subject: Int) -> Int? {
        switch matrix.rows.form {
        case .long: grantsOfLongRows(records, stamp: UInt32(subject + 1))
        case .wide: records.count > 1 ? nil : records.reduce(0) { $0 + grants(ofWideRow: $1) }
        }
    }

    private mutating func grantsOfLongRows(_ records: SubjectRows.Numbers, stamp: UInt32) -> Int? {
        var sum = 0
        for record in records {
            let row = matrix.rows.long[Int(record)]
            guard namedBy[Int(row.consumer)] != stamp else { return nil }
            namedBy[Int(row.consumer)] = stamp
            sum +=
                memberCounts[Int(row.consumer)] * grants[Int(matrix.vocabulary.remarks[row.remark].first)]
        }
        return sum
    }

    private func grants(ofWideRow record: UInt32) -> Int {
        let rows = matrix.rows.wide
        guard !matrix.areExpired[Int(rows.rows[Int(record)].expiry)] else { return 0 }
        var sum = 0
        var first = 0
        for words in rows.words(of: record) {
            sum += grants[first + Int(words)]
            first += DistinctGrantCounts.wordSets
        }
        return sum
    }
}

extension Matrix {
    /// How many grants access words give to each consumer that a cell means.
    fileprivate func grantsOfMember(_ words: AccessWords, _ consumerRegions: UInt32) -> Int {
        var count = 0
        forEachGrant(to: 0, words, consumerRegions, inRegionOfRank: 0) { _ in count += 1 }
        return count
    }
}

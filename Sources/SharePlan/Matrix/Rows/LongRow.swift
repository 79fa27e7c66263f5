/// One row of a long matrix as it is kept.
///
/// 16 bytes: ten million of them fit 160 MB. What many rows have in common is behind one number, ``remark``.
struct LongRow: Sendable {
    /// Account, regions and repository, in ``Vocabulary/entries``.
    var entry: UInt32
    var consumer: UInt32
    /// Access, consumer regions, expiry, reason and column, in ``Vocabulary/remarks``.
    var remark: UInt32
    /// Where the consumer is; from 1.
    var line: UInt32
}

extension Vocabulary {
    /// What a row says.
    @inline(__always)
    func meaning(of row: LongRow) -> MatrixRow {
        let (mark, reason) = remarks[row.remark]
        let (scope, expiry) = terms[marks[mark].first]
        let (words, consumerRegions) = scopes[scope]
        return MatrixRow(
            entry: row.entry, consumer: row.consumer, words: AccessWords(rawValue: UInt8(truncatingIfNeeded: words)),
            consumerRegions: consumerRegions, expiry: expiry, reason: reason, line: row.line)
    }

    /// Where a row's consumer is; in characters from 1.
    func column(of row: LongRow) -> UInt32 { marks[remarks[row.remark].first].second }
}

/// One row of a long matrix, or one cell of a wide one: numbers of values that a ``Vocabulary`` has.
///
/// 16 bytes: ten million of them fit 160 MB. What many rows have in common is behind one number, ``remark``.
struct MatrixRow: Sendable {
    /// Account, regions and repository, in ``Vocabulary/entries``.
    var entry: UInt32
    var consumer: UInt32
    /// Access, consumer regions, expiry, reason and column, in ``Vocabulary/remarks``.
    var remark: UInt32
    /// Where the consumer or, in a wide matrix, the access stands; from 1.
    var line: UInt32
}

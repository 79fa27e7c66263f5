/// One row of a long matrix, or one cell of a wide one: numbers of values that a ``Vocabulary`` has.
///
/// 24 bytes: ten million of them fit 240 MB.
struct MatrixRow: Sendable {
    /// Account, regions and repository, in ``Vocabulary/entries``.
    var entry: UInt32
    var consumer: UInt32
    /// Access, consumer regions and expiry, in ``Vocabulary/terms``.
    var terms: UInt32
    var reason: UInt32
    /// Where the consumer or, in a wide matrix, the access stands; both from 1.
    var line: UInt32
    var column: UInt32
}

/// What one row of a long matrix, or one cell of a wide one, says: numbers of values that a ``Vocabulary`` has.
///
/// Millions of them are kept in smaller forms, in ``MatrixRows``; this one is put together when a row is looked at.
struct MatrixRow {
    /// Account, regions and repository, in ``Vocabulary/entries``.
    let entry: UInt32
    let consumer: UInt32
    let words: AccessWords
    /// The regions of the Lambda functions, in ``Vocabulary/regionSets``.
    let consumerRegions: UInt32
    let expiry: UInt32
    let reason: UInt32
    /// Where the consumer or, in a wide matrix, the access is; from 1.
    let line: UInt32
}

/// The rows that one stretch of a matrix has, read without regard to the rest of the file.
///
/// Lines are counted from 1 at the stretch's first row. Chunks are joined by ``MatrixReader/join(_:of:sha256:)``.
package struct MatrixChunk: Sendable {
    /// Where the first row starts, in bytes of the file.
    let start: Int
    /// Where the first row starts that was not read.
    let end: Int
    /// How many lines were read.
    let lineCount: Int
    /// Rows of the file with content; those of a wide matrix give any number of ``rows``.
    var rowCount: Int
    var rows: MatrixRows
    var vocabulary: Vocabulary
    var diagnostics: Diagnostics
}

package import AWSValues
import Crypto

/// Reads one matrix file, in one go or in stretches that may be read at the same time.
///
/// `Matrix.parse` is all that most callers need. A caller with several cores and a large file opens a reader, reads
/// the stretches of ``stretches(of:count:)`` in any order, and joins the chunks. The bytes must stay the same
/// meanwhile; they are not kept.
package struct MatrixReader: Sendable {
    private let path: String
    private let header: MatrixHeader
    private let groups: Groups?
    private let today: CalendarDate
    private let options: MatrixOptions
    private let headerDiagnostics: Diagnostics
    private let bodyStart: Int
    private let bodyLine: Int

    /// The bytes after which a reader reports its progress.
    static let piece = 1 << 20

    /// A reader for the matrix in `bytes`, whose header is read now.
    ///
    /// - Throws: the diagnostics of a file that is no CSV with a header.
    package init(
        _ bytes: UnsafeRawBufferPointer, path: String, groups: Groups?, today: CalendarDate,
        options: MatrixOptions = MatrixOptions()
    ) throws(UnreadableMatrix) {
        var reporter = RowReporter(bytes, file: path)
        let sheet = Sheet(
            bytes, example: "owner_account,region,repository,consumer,access", reporter: &reporter)
        guard let sheet else {
            var diagnostics = reporter.diagnostics
            diagnostics.sort()
            throw UnreadableMatrix(diagnostics: diagnostics)
        }
        header = MatrixHeader(sheet, groups: groups, options: options, reporter: &reporter)
        headerDiagnostics = reporter.diagnostics
        bodyStart = sheet.bodyStart
        bodyLine = sheet.bodyLine
        self.path = path
        self.groups = groups
        self.today = today
        self.options = options
    }

    /// Where to cut the file into stretches of about equal size: the file's rows, each from one bound to the next.
    ///
    /// A bound is taken to be the start of a row when it follows the end of a line. Inside a quoted cell that is
    /// wrong; ``join(_:of:sha256:)`` notices it and reads that stretch again.
    package func stretches(of bytes: UnsafeRawBufferPointer, count: Int) -> [Range<Int>] {
        let size = bytes.count - bodyStart
        var bounds = [bodyStart]
        for number in 1..<max(2, count) where number < count {
            var offset = max(bodyStart + size / count * number, bodyStart + 1)
            while offset < bytes.count, !bytes.isLineStart(offset) { offset += 1 }
            if let last = bounds.last, offset > last, offset < bytes.count { bounds.append(offset) }
        }
        bounds.append(bytes.count)
        return zip(bounds, bounds.dropFirst()).map { $0..<max($0, $1) }
    }

    /// Reads the rows that start in `stretch`, the first of them at its lower bound.
    ///
    /// `passing` receives the progress of the reading now and then, as an offset into `bytes`: what lies before it is
    /// seldom looked at again.
    package func chunk(
        of bytes: UnsafeRawBufferPointer, in stretch: Range<Int>, passing: (Int) -> Void = { _ in }
    ) -> MatrixChunk {
        MatrixChunkReader(
            bytes, from: stretch.lowerBound, upTo: stretch.upperBound, file: path, header: header, groups: groups,
            options: options
        ).read(passing: passing)
    }

    /// Joins the chunks of all stretches, in the order of the file.
    ///
    /// `sha256` is the digest of `bytes` in hexadecimal digits, if the caller computed it already.
    package func join(
        _ chunks: consuming [MatrixChunk], of bytes: UnsafeRawBufferPointer, sha256: String? = nil
    ) -> MatrixResult {
        var all = chunk(of: bytes, in: bodyStart..<bodyStart)
        // Room for everything at once: growing step by step would hold the rows twice.
        if chunks.count > 1 { all.rows.reserveCapacity(records: chunks.reduce(0) { $0 + $1.rows.recordCount }) }
        var lines = bodyLine - 1
        var diagnostics = headerDiagnostics
        var end = bodyStart
        // The first chunk is taken over as it is; the chunks are dropped as they are joined, to save memory.
        chunks.reverse()
        while let next = next(&chunks, after: end, of: bytes) {
            lines += next.lineCount
            end = max(end, next.end)
            diagnostics.append(next.diagnostics, linesBefore: lines - next.lineCount)
            all.append(next, linesBefore: UInt32(lines - next.lineCount))
        }
        let source = PlanHeader.Source(
            path: path, sha256: sha256 ?? MatrixReader.sha256(of: bytes), rows: all.rowCount)
        return finish(all, of: bytes, source: source, diagnostics: diagnostics)
    }

    /// The chunk that starts at `end`: the next of `chunks`, or one that is read now because a row reached into the
    /// stretch of the next, which therefore starts elsewhere than guessed. nil behind the last row.
    private func next(
        _ chunks: inout [MatrixChunk], after end: Int, of bytes: UnsafeRawBufferPointer
    ) -> MatrixChunk? {
        while let chunk = chunks.popLast() {
            if chunk.start == end { return chunk }
            if chunk.end > end { return self.chunk(of: bytes, in: end..<chunk.end) }
        }
        return end < bytes.count ? chunk(of: bytes, in: end..<bytes.count) : nil
    }

    private func finish(
        _ all: consuming MatrixChunk, of bytes: UnsafeRawBufferPointer, source: PlanHeader.Source,
        diagnostics: Diagnostics
    ) -> MatrixResult {
        var diagnostics = diagnostics
        if all.rowCount == 0, !diagnostics.hasErrors {
            let wording = diagnostics.keep(
                .init(severity: .warning, kind: .header, message: "the matrix has no rows; a run would do nothing"))
            diagnostics.add(wording, line: 1, column: 1)
        }
        // After errors only some rows are known; what is reported about them is still true.
        let matrix = Matrix(source: source, rows: all.rows, vocabulary: all.vocabulary, today: today)
        let counts = matrix.checkDuplicates(of: bytes, &diagnostics)
        diagnostics.sort()
        return MatrixResult(
            matrix: diagnostics.hasErrors ? nil : matrix.counted(counts), diagnostics: diagnostics)
    }

    /// The digest of a matrix in hexadecimal digits, as a plan's header has it. `passing` is called as in
    /// ``chunk(of:in:passing:)``.
    package static func sha256(of bytes: UnsafeRawBufferPointer, passing: (Int) -> Void = { _ in }) -> String {
        var hash = SHA256()
        for start in stride(from: 0, to: bytes.count, by: piece) {
            let end = min(start + piece, bytes.count)
            hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
            passing(end)
        }
        return hash.finalize().hexadecimal
    }
}

/// Why a file is no CSV with a header.
package struct UnreadableMatrix: Error, Sendable {
    package let diagnostics: Diagnostics
}

/// A matrix without errors, or the reasons why there is none.
package struct MatrixResult: Sendable {
    /// nil when there is an error among the diagnostics.
    package let matrix: Matrix?
    /// Everything that was noticed, in the order of lines; warnings also beside a matrix.
    package let diagnostics: Diagnostics

    package init(matrix: Matrix?, diagnostics: Diagnostics) {
        self.matrix = matrix
        self.diagnostics = diagnostics
    }
}

extension MatrixChunk {
    /// Takes over the rows of the next chunk.
    fileprivate mutating func append(_ next: consuming MatrixChunk, linesBefore: UInt32) {
        rowCount += next.rowCount
        let renumbering = vocabulary.merge(next.vocabulary, linesBefore: linesBefore)
        rows.append(next.rows, renumbering, linesBefore: linesBefore)
    }
}

extension UnsafeRawBufferPointer {
    /// Whether the byte before `offset` ends a line.
    fileprivate func isLineStart(_ offset: Int) -> Bool {
        has(UInt8(ascii: "\n"), at: offset - 1)
            || (has(UInt8(ascii: "\r"), at: offset - 1) && !has(UInt8(ascii: "\n"), at: offset))
    }
}

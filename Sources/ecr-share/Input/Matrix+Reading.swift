import AWSValues
import Dispatch
import SharePlan
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Matrix {
    /// Reads a matrix with all cores; the file's own digest is computed beside it.
    ///
    /// The pages of the file are given back behind the readers, so memory grows with the rows and not with their text.
    static func read(
        _ file: MappedFile, path: String, groups: Groups?, today: CalendarDate,
        options: SharePlan.MatrixOptions = SharePlan.MatrixOptions()
    ) -> MatrixResult {
        let reader: MatrixReader
        do throws(UnreadableMatrix) {
            reader = try MatrixReader(file.bytes, path: path, groups: groups, today: today, options: options)
        } catch {
            return MatrixResult(matrix: nil, diagnostics: error.diagnostics)
        }
        // Several stretches a core even the work out; each learns the words by itself, so there are not too many.
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let stretches = reader.stretches(of: file.bytes, count: min(cores * 4, file.bytes.count >> 20))
        let parts = Mutex((digest: "", chunks: [MatrixChunk?](repeating: nil, count: stretches.count)))
        DispatchQueue.concurrentPerform(iterations: stretches.count + 1) { number in
            guard number > 0 else {
                let digest = MatrixReader.sha256(of: file.bytes, passing: file.releasing(from: 0))
                return parts.withLock { $0.digest = digest }
            }
            let stretch = stretches[number - 1]
            let chunk = reader.chunk(of: file.bytes, in: stretch, passing: file.releasing(from: stretch.lowerBound))
            parts.withLock { $0.chunks[number - 1] = chunk }
        }
        let (digest, chunks) = parts.withLock { parts in
            defer { parts.chunks = [] }
            return (parts.digest, parts.chunks.compactMap { $0 })
        }
        return reader.join(consume chunks, of: file.bytes, sha256: digest)
    }
}

extension MappedFile {
    /// For a reader that starts at an offset: gives back what it has passed.
    fileprivate func releasing(from start: Int) -> (Int) -> Void {
        var released = start
        return { [self] offset in
            release(released..<offset)
            released = offset
        }
    }
}

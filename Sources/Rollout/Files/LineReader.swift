import Platform

/// Reads a file line by line, in pieces, so that its size does not matter.
struct LineReader {
    /// One line of the file.
    struct Line {
        /// Without the newline.
        let bytes: ArraySlice<UInt8>
        /// Where it starts in the file.
        let offset: Int
        /// Whether a newline follows; only the last line may lack it.
        let isTerminated: Bool
    }

    /// No line of ours is nearly as long; a longer one is another kind of file.
    private static let maximumLength = 64 << 20

    private let file: OpenFile
    private var buffer: [UInt8] = []
    /// Where the next line starts in ``buffer``.
    private var start = 0
    /// Where ``buffer`` starts in the file.
    private var bufferOffset = 0
    private var isAtEnd = false

    init(_ file: OpenFile) {
        self.file = file
    }

    /// The next line, or nil at the end of the file.
    mutating func next() throws(FileError) -> Line? {
        var searched = start
        while true {
            if let end = newline(from: searched) {
                defer { start = end + 1 }
                return Line(bytes: buffer[start..<end], offset: bufferOffset + start, isTerminated: true)
            }
            searched = buffer.count - start
            guard !isAtEnd else {
                guard start < buffer.count else { return nil }
                defer { start = buffer.count }
                return Line(bytes: buffer[start...], offset: bufferOffset + start, isTerminated: false)
            }
            try fill()
        }
    }

    private mutating func fill() throws(FileError) {
        guard buffer.count - start <= LineReader.maximumLength else {
            throw FileError(operation: "read a line of", path: file.path, number: EFBIG)
        }
        buffer.removeSubrange(..<start)
        bufferOffset += start
        start = 0
        let piece = try file.read(1 << 18, at: bufferOffset + buffer.count)
        isAtEnd = piece.isEmpty
        buffer.append(contentsOf: piece)
    }

    private func newline(from index: Int) -> Int? {
        buffer.withUnsafeBytes { bytes in
            guard index < bytes.count, let base = bytes.baseAddress,
                let found = memchr(base + index, Int32(UInt8(ascii: "\n")), bytes.count - index)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }
}

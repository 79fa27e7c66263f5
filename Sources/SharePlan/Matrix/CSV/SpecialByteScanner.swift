/// Finds the bytes that mean something in CSV (comma, quote, carriage return, line feed), eight bytes at a time.
///
/// It reads a caller's raw buffer rather than an array: the input may be a mapped file of half a gigabyte. Every read
/// is bounded by `bytes.count`, checked here: a whole word is loaded only where eight bytes are left.
struct SpecialByteScanner {
    let bytes: UnsafeRawBufferPointer
    /// Where the current word starts.
    private var base: Int
    /// The high bit of each special byte of the current word that was not returned yet.
    private var mask: UInt64 = 0

    /// A scanner whose first result is the first special byte at or after `start`.
    init(_ bytes: UnsafeRawBufferPointer, from start: Int) {
        self.bytes = bytes
        base = start - 8
    }

    /// Where the next special byte is; `bytes.count` when there is none, any number of times.
    @inline(__always)
    mutating func next() -> Int {
        while mask == 0 {
            base += 8
            if base + 8 <= bytes.count {
                mask = SpecialByteScanner.specialBytes(
                    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: base, as: UInt64.self)))
            } else {
                guard base < bytes.count else {
                    base = bytes.count
                    return bytes.count
                }
                mask = SpecialByteScanner.specialBytes(bytes.lastWord(from: base))
            }
        }
        let position = base + mask.trailingZeroBitCount >> 3
        mask &= mask - 1
        return position
    }

    /// The high bit of every byte of `word` that is special, and no other bit.
    ///
    /// `((y & 0x7F) + 0x7F) | y` has its high bit clear exactly where the byte `y` is zero, and nothing is carried from
    /// one byte into the next.
    @inline(__always)
    private static func specialBytes(_ word: UInt64) -> UInt64 {
        func other(than byte: UInt8) -> UInt64 {
            let difference = word ^ (0x0101_0101_0101_0101 &* UInt64(byte))
            return ((difference & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7F7F_7F7F_7F7F_7F7F) | difference
        }
        let none =
            other(than: UInt8(ascii: ",")) & other(than: UInt8(ascii: "\""))
            & other(than: UInt8(ascii: "\n")) & other(than: UInt8(ascii: "\r"))
        return ~none & 0x8080_8080_8080_8080
    }
}

extension UnsafeRawBufferPointer {
    /// The bytes from `start` to the end, fewer than eight, as a little-endian word filled up with zeros.
    @inline(never)
    func lastWord(from start: Int) -> UInt64 {
        var word: UInt64 = 0
        for index in stride(from: count - 1, through: start, by: -1) {
            word = word << 8 | UInt64(self[index])
        }
        return word
    }

    /// The `length` bytes from `start`, at most eight, as a little-endian word filled up with zeros.
    @inline(__always)
    func word(from start: Int, length: Int) -> UInt64 {
        let word =
            start + 8 <= count
            ? UInt64(littleEndian: loadUnaligned(fromByteOffset: start, as: UInt64.self)) : lastWord(from: start)
        return length >= 8 ? word : word & ((1 << UInt64(length * 8)) - 1)
    }
}

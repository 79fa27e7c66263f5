/// Remembers cells by their raw bytes, so that a cell which occurs a million times is read and checked once.
///
/// Entries have a cell's first and last eight bytes, so that cells of up to 16 bytes, most of them, are compared
/// without the input; for longer ones an entry points to the first occurrence. The input must outlive the table.
struct CellTable {
    /// What reading the cell gave.
    struct Entry {
        fileprivate var key: Key
        fileprivate var hash: UInt32
        fileprivate var start: UInt32
        /// The value's number; ``invalid`` for a cell that has none.
        var value: UInt32
        /// The number of the list of findings, plus one; 0 for none.
        var findings: UInt32
    }

    /// The length and the first and last eight bytes of a cell.
    fileprivate struct Key: Equatable {
        let head: UInt64
        let tail: UInt64
        let length: UInt32

        @inline(__always)
        init(_ cell: RawCell, in bytes: UnsafeRawBufferPointer) {
            head = bytes.word(from: cell.start, length: cell.length)
            // The last eight bytes of a longer cell lie in the cell, whatever comes after it.
            tail =
                cell.length > 8
                ? UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: cell.end - 8, as: UInt64.self)) : 0
            length = UInt32(truncatingIfNeeded: cell.length)
        }
    }

    /// The value of a cell that could not be read.
    static let invalid = UInt32.max

    private var entries: [Entry] = []
    /// An entry's hash and its number plus one, or 0: open addressing, a power of two, at most half full.
    private var slots: [UInt64] = []
    /// The entry that was found last: mostly the row before has the same cell.
    private var last = -1
    private var pendingHash: UInt32 = 0

    /// The entry of a cell if it is the one that was found or added last, which is most cells.
    ///
    /// It changes nothing, so that the compiler need not make sure first that the table has no other owner.
    @inline(__always)
    func findAgain(_ cell: RawCell, in bytes: UnsafeRawBufferPointer) -> Entry? {
        guard last >= 0, matches(entries[last], Key(cell, in: bytes), cell, in: bytes) else { return nil }
        return entries[last]
    }

    /// The entry of a cell, or nil when it is new; then ``add(_:in:value:findings:)`` must follow.
    mutating func find(_ cell: RawCell, in bytes: UnsafeRawBufferPointer) -> Entry? {
        let key = Key(cell, in: bytes)
        let hash = CellTable.hash(of: key, cell, in: bytes)
        pendingHash = hash
        guard !slots.isEmpty else { return nil }
        let mask = slots.count - 1
        var slot = Int(hash) & mask
        while slots[slot] != 0 {
            if UInt32(truncatingIfNeeded: slots[slot] >> 32) == hash {
                let index = Int(slots[slot] & 0xFFFF_FFFF) - 1
                if matches(entries[index], key, cell, in: bytes) {
                    last = index
                    return entries[index]
                }
            }
            slot = (slot + 1) & mask
        }
        return nil
    }

    @inline(__always)
    private func matches(_ entry: Entry, _ key: Key, _ cell: RawCell, in bytes: UnsafeRawBufferPointer) -> Bool {
        entry.key == key
            && (key.length <= 16 || bytes.isEqual(Int(entry.start) + 8, cell.start + 8, length: cell.length - 16))
    }

    /// Remembers the cell that ``find(_:in:)`` did not find just before.
    mutating func add(_ cell: RawCell, in bytes: UnsafeRawBufferPointer, value: UInt32, findings: UInt32) {
        if (entries.count + 1) * 2 > slots.count { grow() }
        last = entries.count
        entries.append(
            Entry(
                key: Key(cell, in: bytes), hash: pendingHash, start: UInt32(cell.start), value: value,
                findings: findings))
        insert(last)
    }

    private mutating func insert(_ index: Int) {
        let mask = slots.count - 1
        var slot = Int(entries[index].hash) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = UInt64(entries[index].hash) << 32 | UInt64(index + 1)
    }

    private mutating func grow() {
        slots = [UInt64](repeating: 0, count: max(64, slots.count * 2))
        for index in entries.indices { insert(index) }
    }

    /// A hash of a cell: each word is multiplied to 128 bits and both halves are folded.
    @inline(__always)
    private static func hash(of key: Key, _ cell: RawCell, in bytes: UnsafeRawBufferPointer) -> UInt32 {
        var state = fold(UInt64(key.length) ^ key.head, 0x9E37_79B9_7F4A_7C15)
        state = fold(state ^ key.tail, 0xD6E8_FEB8_6659_FD93)
        var offset = cell.start + 8
        while offset < cell.end - 8 {
            state = fold(state ^ bytes.word(from: offset, length: cell.end - 8 - offset), 0xD6E8_FEB8_6659_FD93)
            offset += 8
        }
        return UInt32(truncatingIfNeeded: state ^ state >> 32)
    }

    @inline(__always)
    private static func fold(_ word: UInt64, _ factor: UInt64) -> UInt64 {
        let product = (word ^ 0x2545_F491_4F6C_DD1D).multipliedFullWidth(by: factor)
        return product.high ^ product.low
    }
}

extension UnsafeRawBufferPointer {
    /// Whether two ranges of the buffer have the same bytes.
    @inline(__always)
    func isEqual(_ left: Int, _ right: Int, length: Int) -> Bool {
        var offset = 0
        while offset + 8 <= length {
            guard
                loadUnaligned(fromByteOffset: left + offset, as: UInt64.self)
                    == loadUnaligned(fromByteOffset: right + offset, as: UInt64.self)
            else { return false }
            offset += 8
        }
        guard offset < length else { return true }
        return word(from: left + offset, length: length - offset) == word(from: right + offset, length: length - offset)
    }
}

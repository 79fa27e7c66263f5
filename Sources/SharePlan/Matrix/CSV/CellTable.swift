/// Remembers cells by their raw bytes, so that a cell which occurs a million times is read and checked once.
///
/// The bytes are not copied: an entry points to the cell's first occurrence in the input, which must outlive the table.
struct CellTable {
    /// What reading the cell gave.
    struct Entry {
        fileprivate var hash: UInt32
        fileprivate var start: UInt32
        fileprivate var length: UInt32
        /// The value's number; ``invalid`` for a cell that has none.
        var value: UInt32
        /// The number of the list of findings, plus one; 0 for none.
        var findings: UInt32
    }

    /// The value of a cell that could not be read.
    static let invalid = UInt32.max

    private var entries: [Entry] = []
    /// An entry's number plus one, or 0: open addressing, a power of two, at most half full.
    private var slots: [UInt32] = []
    /// The entry that was found last: mostly the row before has the same cell.
    private var last = -1
    private var pendingHash: UInt32 = 0

    /// The entry of a cell, or nil when it is new; then ``add(_:value:findings:)`` must follow.
    @inline(__always)
    mutating func find(_ cell: RawCell, in bytes: UnsafeRawBufferPointer) -> Entry? {
        if last >= 0, entries[last].length == cell.length,
            bytes.isEqual(Int(entries[last].start), cell.start, length: cell.length)
        {
            return entries[last]
        }
        return search(cell, in: bytes)
    }

    private mutating func search(_ cell: RawCell, in bytes: UnsafeRawBufferPointer) -> Entry? {
        let hash = bytes.hash(from: cell.start, length: cell.length)
        pendingHash = hash
        guard !slots.isEmpty else { return nil }
        let mask = slots.count - 1
        var slot = Int(hash) & mask
        while slots[slot] != 0 {
            let index = Int(slots[slot] - 1)
            let entry = entries[index]
            if entry.hash == hash, entry.length == cell.length,
                bytes.isEqual(Int(entry.start), cell.start, length: cell.length)
            {
                last = index
                return entry
            }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// Remembers the cell that ``find(_:in:)`` did not find just before.
    mutating func add(_ cell: RawCell, value: UInt32, findings: UInt32) {
        if (entries.count + 1) * 2 > slots.count { grow() }
        last = entries.count
        entries.append(
            Entry(
                hash: pendingHash, start: UInt32(cell.start), length: UInt32(cell.length), value: value,
                findings: findings))
        insert(last)
    }

    private mutating func insert(_ index: Int) {
        let mask = slots.count - 1
        var slot = Int(entries[index].hash) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = UInt32(index + 1)
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: max(64, slots.count * 2))
        for index in entries.indices { insert(index) }
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

    /// A hash of a range: each word is multiplied to 128 bits and both halves are folded.
    @inline(__always)
    func hash(from start: Int, length: Int) -> UInt32 {
        var state = UInt64(truncatingIfNeeded: length) &* 0x9E37_79B9_7F4A_7C15
        var offset = 0
        while offset < length {
            let word = word(from: start + offset, length: length - offset)
            let product = (state ^ word ^ 0x2545_F491_4F6C_DD1D).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
            state = product.high ^ product.low
            offset += 8
        }
        return UInt32(truncatingIfNeeded: state ^ state >> 32)
    }
}

/// Gives pairs of numbers numbers of their own, from 0 without gaps.
struct PairTable: Sendable {
    private(set) var pairs: [UInt64] = []
    private var slots: [UInt32] = []
    private var last = 0

    var count: Int { pairs.count }

    /// The pair with the given number.
    @inline(__always)
    subscript(number: UInt32) -> (first: UInt32, second: UInt32) {
        let pair = pairs[Int(number)]
        return (UInt32(truncatingIfNeeded: pair >> 32), UInt32(truncatingIfNeeded: pair))
    }

    /// The number of a pair, a new one if the pair is new.
    @inline(__always)
    mutating func number(of first: UInt32, _ second: UInt32) -> UInt32 {
        let pair = UInt64(first) << 32 | UInt64(second)
        if last < pairs.count, pairs[last] == pair { return UInt32(last) }
        last = search(pair)
        return UInt32(last)
    }

    private mutating func search(_ pair: UInt64) -> Int {
        if (pairs.count + 1) * 2 > slots.count { grow() }
        var slot = home(of: pair)
        while slots[slot] != 0 {
            let index = Int(slots[slot] - 1)
            if pairs[index] == pair { return index }
            slot = (slot + 1) & (slots.count - 1)
        }
        pairs.append(pair)
        slots[slot] = UInt32(pairs.count)
        return pairs.count - 1
    }

    private func home(of pair: UInt64) -> Int {
        let product = (pair ^ 0x2545_F491_4F6C_DD1D).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return Int(truncatingIfNeeded: product.high ^ product.low) & (slots.count - 1)
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: max(64, slots.count * 2))
        for (index, pair) in pairs.enumerated() {
            var slot = home(of: pair)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(index + 1)
        }
    }
}

/// Gives values numbers, from 0 without gaps.
struct NumberTable<Value: Hashable & Sendable>: Sendable {
    private(set) var values: [Value] = []
    private var numbers: [Value: UInt32] = [:]

    subscript(number: UInt32) -> Value { values[Int(number)] }

    /// The number of a value, a new one if the value is new.
    mutating func number(of value: Value) -> UInt32 {
        if let number = numbers[value] { return number }
        let number = UInt32(values.count)
        values.append(value)
        numbers[value] = number
        return number
    }
}

import TestSupport

/// Makes inputs that are almost right: samples with a few random changes, the same for the same seed.
struct Mutator {
    private let samples: [[UInt8]]
    private let words: [[UInt8]]
    private var random: SeededGenerator

    /// Longer inputs are cut: what breaks a reader is seldom its length.
    static let maximumSize = 4_096

    init(samples: [String], words: [String], seed: UInt64) {
        self.samples = samples.map { Array($0.utf8) }
        self.words = words.map { Array($0.utf8) }
        random = SeededGenerator(seed: seed)
    }

    mutating func next() -> [UInt8] {
        var bytes = pick(samples)
        for _ in 0..<(1 + number(below: 6)) { change(&bytes) }
        if bytes.count > Mutator.maximumSize { bytes.removeLast(bytes.count - Mutator.maximumSize) }
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let place = number(below: bytes.count + 1)
        let length = min(number(below: 32), bytes.count - place)
        switch number(below: 9) {
        case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8(number(below: 8))
        case 1 where place < bytes.count:
            bytes[place] = pick([0, 0x0A, 0x0D, 0x22, 0x2C, 0x5C, 0x7B, 0x80, 0xC3, 0xFF])
        case 2: bytes.insert(contentsOf: pick(words), at: place)
        case 3: bytes.removeSubrange(place..<(place + length))
        case 4: bytes.insert(contentsOf: Array(bytes[place..<(place + length)]), at: place)
        case 5:
            let other = pick(samples)
            let start = number(below: other.count + 1)
            bytes.replaceSubrange(place..<(place + length), with: other[start..<min(start + 64, other.count)])
        case 6: bytes.removeLast(bytes.count - place)
        case 7:
            let line = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            bytes = Array(line.shuffled(using: &random).joined(separator: [0x0A]))
        default: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
        }
    }

    private mutating func number(below limit: Int) -> Int {
        Int.random(in: 0..<max(1, limit), using: &random)
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[number(below: elements.count)]
    }
}

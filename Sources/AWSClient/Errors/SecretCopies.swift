/// Finds copies of known secrets in a text, and parts of them: wherever the text, read as it is meant (``MeantText``),
/// as hexadecimal digits or as Base64, forwards or backwards and in any case, has ``shortestRun`` characters in a row
/// as a secret has them, or the whole of a shorter secret.
///
/// Works with the hashes of all such runs (Rabin and Karp), so the time is linear in the text and in the secrets.
enum SecretCopies {
    /// Parts of a secret that are shorter tell too little of it, and are too often in other words.
    static let shortestRun = 12
    /// Shorter ones are no secrets worth the name, and would make holes in every other word.
    static let shortestSecret = 6

    /// Where the copies are in the text, in order and apart from each other.
    static func places(of secrets: [String], in text: [UInt8]) -> [Range<Int>] {
        let secretsByRun = runs(of: secrets)
        guard !secretsByRun.isEmpty else { return [] }
        let meant = MeantText(text)
        let readings = meant.readings + (meant.hasEscapes ? MeantText(text, unescaping: false).readings : [])
        var places: [Range<Int>] = []
        for (length, secrets) in secretsByRun {
            let known = hashes(of: secrets, length, thatMayBeIn: readings)
            guard !known.isEmpty else { continue }
            for reading in readings {
                forEachRun(of: length, in: reading.bytes) { start, hash in
                    guard known.contains(hash) else { return }
                    places.append(
                        reading.places[start].lowerBound..<reading.places[start + length - 1].upperBound)
                }
            }
        }
        return places.sorted { $0.lowerBound < $1.lowerBound }.reduce(into: []) { joined, place in
            guard let last = joined.last, place.lowerBound <= last.upperBound else { return joined.append(place) }
            joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, place.upperBound)
        }
    }

    /// The secrets, forwards and backwards, by the length of the runs that are looked for.
    private static func runs(of secrets: [String]) -> [Int: [[UInt8]]] {
        var result: [Int: [[UInt8]]] = [:]
        let isPlain = isPlain
        for secret in secrets where secret.utf8.count >= shortestSecret {
            let written = Array(secret.utf8)
            guard !written.allSatisfy({ isPlain[Int($0)] }) else {
                result[min(written.count, shortestRun), default: []] += [written, written.reversed()]
                continue
            }
            for unescaping in [true, false] {
                let bytes = MeantText(written, unescaping: unescaping).bytes
                guard bytes.count >= shortestSecret else { continue }
                let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
                result[min(bytes.count, shortestRun), default: []] += [
                    bytes, scalars.reversed().flatMap { Array(String($0).utf8) },
                ]
            }
        }
        return result
    }

    /// The hashes of the secrets' runs, save for most of those that the text does not have.
    private static func hashes(
        of secrets: [[UInt8]], _ length: Int, thatMayBeIn readings: [MeantText]
    ) -> Set<UInt64> {
        var bits = [UInt64](repeating: 0, count: 1024)
        for reading in readings {
            forEachRun(of: length, in: reading.bytes) { _, hash in bits[Int(hash >> 54)] |= 1 << (hash >> 48 & 63) }
        }
        var hashes: Set<UInt64> = []
        for secret in secrets {
            forEachRun(of: length, in: secret) { _, hash in
                if bits[Int(hash >> 54)] & 1 << (hash >> 48 & 63) != 0 { hashes.insert(hash) }
            }
        }
        return hashes
    }

    @inline(__always)
    private static func forEachRun(of length: Int, in bytes: [UInt8], _ body: (Int, UInt64) -> Void) {
        let factor: UInt64 = 0x9E37_79B9_7F4A_7C15
        let first = (0..<length).reduce(into: 1 as UInt64) { power, _ in power &*= factor }
        bytes.withUnsafeBufferPointer { bytes in
            folded.withUnsafeBufferPointer { folded in
                var hash: UInt64 = 0
                var index = 0
                while index < bytes.count {
                    hash = hash &* factor &+ folded[Int(bytes[index])]
                    if index >= length { hash = hash &- first &* folded[Int(bytes[index - length])] }
                    index += 1
                    if index >= length { body(index - length, hash) }
                }
            }
        }
    }

    /// By byte: the same for both cases of a letter, and for both alphabets of Base64.
    private static let folded: [UInt64] = (0...255).map { (byte: UInt64) in
        switch byte {
        case 0x41...0x5A: byte | 0x20
        case 0x2D: 0x2B
        case 0x5F: 0x2F
        default: byte
        }
    }

    /// By byte: whether it is ASCII, seen and no part of an escape, so that a text of such bytes is meant as it is
    /// written.
    private static let isPlain = (0...255).map { (0x21..<0x7F).contains($0) && ![0x25, 0x26, 0x3B, 0x5C].contains($0) }
}

/// A small generator with a seed, for choices that must be the same in every run.
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014), figure 12
struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Text of characters from the alphabet.
    mutating func text(length: Int, alphabet: StaticString) -> String {
        alphabet.withUTF8Buffer { letters in
            String(
                unsafeUninitializedCapacity: length,
                initializingUTF8With: { buffer in
                    for index in 0..<length { buffer[index] = letters[Int(next() % UInt64(letters.count))] }
                    return length
                }
            )
        }
    }

    /// An id in the form of a UUID.
    mutating func requestID() -> String {
        let hexadecimal: StaticString = "0123456789abcdef"
        return [8, 4, 4, 4, 12].map { text(length: $0, alphabet: hexadecimal) }.joined(separator: "-")
    }
}

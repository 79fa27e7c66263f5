#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// SplitMix64: random numbers that a seed repeats. https://prng.di.unimi.it/splitmix64.c describes the constants.
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    package mutating func chance(_ oneIn: Int) -> Bool {
        Int.random(in: 0..<oneIn, using: &self) == 0
    }

    package mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &self)]
    }

    package mutating func subset<Element>(of elements: [Element], atMost most: Int) -> [Element] {
        Array(elements.shuffled(using: &self).prefix(Int.random(in: 0...most, using: &self)))
    }

    /// In 0..<1.
    package mutating func fraction() -> Double {
        Double(next() >> 11) / Double(1 << 53)
    }
}

/// The seed of the property tests and how many cases each runs; both can be set to repeat or to search longer.
package enum PropertySettings {
    package static let seed = number("ECR_SHARE_PROPERTY_SEED").map { UInt64($0) } ?? 20_261_124
    /// 13,000 for each of the eight properties: 104,000 cases.
    package static let cases = number("ECR_SHARE_PROPERTY_CASES") ?? 13_000

    /// Documents that the judge of `access` is asked about: 100,000 in a long run, some thousand otherwise.
    package static let judgedDocuments = number("ECR_SHARE_JUDGED_DOCUMENTS") ?? min(cases, 2_000)

    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }
}

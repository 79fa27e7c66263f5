/// The access words of one cell. What they grant says ``Matrix/forEachGrant(to:_:_:inRegionOfRank:_:)``.
package struct AccessWords: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let pull = AccessWords(rawValue: 1)
    package static let push = AccessWords(rawValue: 2)
    package static let lambda = AccessWords(rawValue: 4)
    package static let lambdaOnly = AccessWords(rawValue: 8)

    /// The words as a matrix spells them, in the order of the product's own lists.
    static let spellings: [(text: String, word: AccessWords)] = [
        ("pull", .pull), ("push", .push), ("lambda", .lambda), ("lambda-only", .lambdaOnly),
    ]

    /// Whether the Lambda service is granted something.
    var usesLambda: Bool { !isDisjoint(with: [.lambda, .lambdaOnly]) }
}

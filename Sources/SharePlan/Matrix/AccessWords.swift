/// The access words of one cell. What they grant follows from ``accesses``.
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

    /// The kinds of grant that the words mean: `lambda` is short for `pull` and `lambda-only`.
    package var accesses: [Access] {
        var accesses: [Access] = []
        if contains(.push) {
            accesses.append(.push)
        } else if contains(.pull) || contains(.lambda) {
            accesses.append(.pull)
        }
        if usesLambda { accesses.append(.lambdaOnly) }
        return accesses
    }

    /// Whether the Lambda service is granted something.
    var usesLambda: Bool { !isDisjoint(with: [.lambda, .lambdaOnly]) }
}

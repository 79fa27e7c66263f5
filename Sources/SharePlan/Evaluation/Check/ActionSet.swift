/// Some of the actions that a document is probed with: those of the grants, and a few that no grant may ever give.
struct ActionSet: OptionSet, Hashable {
    let rawValue: UInt16

    /// In bit order: three to pull, four more to push, then what is never granted.
    static let names = [
        "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage", "ecr:BatchCheckLayerAvailability",
        "ecr:PutImage", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload",
        "ecr:BatchDeleteImage", "ecr:DeleteRepository", "ecr:DeleteRepositoryPolicy", "ecr:GetRepositoryPolicy",
        "ecr:SetRepositoryPolicy",
    ]
    static let foldedNames = names.map { $0.lowercased() }

    static let pull = ActionSet(rawValue: 0b111)
    static let push = ActionSet(rawValue: 0b111_1111)
    /// What the Lambda service needs: to fetch an image, not to check its layers.
    static let lambda = ActionSet(rawValue: 0b11)

    /// The actions that a grant consists of.
    init(_ access: Access) {
        switch access {
        case .pull: self = .pull
        case .push: self = .push
        case .lambdaOnly: self = .lambda
        }
    }

    init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// The set of exactly these actions, in any letter case, or nil if one is a pattern or not among ``names``.
    init?(exactly names: [String]) {
        self = []
        for name in names {
            guard let action = ActionSet.byFoldedName[name.lowercased()] else { return nil }
            formUnion(action)
        }
    }

    private static let byFoldedName = Dictionary(
        uniqueKeysWithValues: foldedNames.enumerated().map { ($1, ActionSet(rawValue: 1 << UInt16($0))) })

    /// The actions that a statement mentions, surely or possibly.
    init(possiblyIn statement: EvaluatedStatement) {
        self = []
        for (bit, name) in ActionSet.foldedNames.enumerated() where statement.fit(action: name) != .no {
            formUnion(ActionSet(rawValue: 1 << UInt16(bit)))
        }
    }

    /// The actions' names, in bit order.
    var names: [String] {
        ActionSet.names.enumerated().filter { rawValue & (1 << UInt16($0.offset)) != 0 }.map(\.element)
    }
}

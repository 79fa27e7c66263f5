import OrderedCollections

/// The actions that a policy is asked about.
struct AskedActions {
    /// The actions that are about a repository, so that its policy has a say in them.
    ///
    /// Source:
    /// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
    static let ofRepositories = [
        "ecr:BatchCheckLayerAvailability", "ecr:BatchDeleteImage", "ecr:BatchGetImage",
        "ecr:BatchGetRepositoryScanningConfiguration", "ecr:BatchImportUpstreamImage", "ecr:CompleteLayerUpload",
        "ecr:CreateRepository", "ecr:DeleteLifecyclePolicy", "ecr:DeleteRepository", "ecr:DeleteRepositoryPolicy",
        "ecr:DescribeImageReplicationStatus", "ecr:DescribeImageScanFindings", "ecr:DescribeImageSigningStatus",
        "ecr:DescribeImages", "ecr:DescribeRepositories", "ecr:GetDownloadUrlForLayer", "ecr:GetImageCopyStatus",
        "ecr:GetLifecyclePolicy", "ecr:GetLifecyclePolicyPreview", "ecr:GetRepositoryPolicy", "ecr:InitiateLayerUpload",
        "ecr:ListImageReferrers", "ecr:ListImages", "ecr:ListTagsForResource", "ecr:PutImage",
        "ecr:PutImageScanningConfiguration", "ecr:PutImageTagMutability", "ecr:PutLifecyclePolicy",
        "ecr:ReplicateImage", "ecr:SetRepositoryPolicy", "ecr:StartImageScan", "ecr:StartLifecyclePolicyPreview",
        "ecr:TagResource", "ecr:UntagResource", "ecr:UpdateImageStorageClass", "ecr:UploadLayerPart",
    ]

    /// Actions of which each statement speaks in the same way.
    struct Kind {
        /// By statement, in document order.
        let fits: [Fit]
        /// As they are spelled.
        let actions: [String]
        /// For a name with wildcards of which some statement speaks in part: the actions of a repository that it
        /// matches. To be asked about instead where the part makes a difference.
        var parts: [Kind] = []

        /// The kind if statements that mention a part mentioned all or nothing.
        func taking(_ part: Fit) -> Kind {
            Kind(fits: fits.map { $0 == .some ? part : $0 }, actions: actions)
        }
    }

    /// The kinds to ask about: of those with parts the parts, where `differs` says so of the kind that takes a part for
    /// nothing and of the one that takes it for all.
    static func resolved(_ kinds: [Kind], where differs: (Kind, Kind) -> Bool) -> [Kind] {
        var seen: Set<String> = []
        return kinds.flatMap { kind -> [Kind] in
            guard !kind.parts.isEmpty else { return kind.fits.contains(.some) ? [] : [kind] }
            let none = kind.taking(.no)
            guard differs(none, kind.taking(.yes)) else { return [none] }
            return kind.parts.compactMap { part in
                let actions = part.actions.filter { seen.insert($0).inserted }
                return actions.isEmpty ? nil : Kind(fits: part.fits, actions: actions)
            }
        }
    }

    /// The actions of the grants, and what else `statements` name, by kind: of the statements at `relevant` alone,
    /// since of the others nothing follows.
    ///
    /// What a statement allows or denies by NotAction counts as `ecr:*`.
    static func kinds(in statements: [EvaluatedStatement], relevant: [Bool]) -> [Kind] {
        var names = Array(ActionSet.names[..<7])
        var seen = Set(ActionSet.foldedNames[..<7])
        func append(_ name: String) {
            if seen.insert(name.lowercased()).inserted { names.append(name) }
        }
        for (statement, isRelevant) in zip(statements, relevant) where isRelevant {
            guard let actions = statement.actions else { continue }
            for name in actions.names { append(name) }
            // It allows or denies all that it does not name.
            if actions.isNegated { append("ecr:*") }
        }
        func fits(_ name: String) -> [Fit] {
            let folded = name.lowercased()
            return zip(statements, relevant).map { $1 ? $0.fit(action: folded) : .no }
        }
        func grouped(_ names: [(name: String, fits: [Fit])]) -> [Kind] {
            OrderedDictionary(grouping: names, by: \.fits).map { fits, names in
                Kind(fits: fits, actions: names.map(\.name))
            }
        }
        var whole: [(String, [Fit])] = []
        var partial: [Kind] = []
        for name in names {
            let found = fits(name)
            guard found.contains(.some) else {
                whole.append((name, found))
                continue
            }
            let pattern = Array(name.lowercased().utf8)
            let actions = ofRepositories.filter { action in
                let folded = action.lowercased()
                return Glob.matches(pattern, Array(folded.utf8)) && !seen.contains(folded)
            }
            partial.append(Kind(fits: found, actions: [name], parts: grouped(actions.map { ($0, fits($0)) })))
        }
        return grouped(whole) + partial
    }
}

/// The kinds of statement that grants become: the three of the vendor guides, and those of organizations.
///
/// In the order in which a document has them.
package enum GrantShape: CaseIterable, Hashable, Sendable {
    case pull
    case push
    case lambdaPull
    case organizationPull
    case organizationPush
    case organizationPathPull
    case organizationPathPush

    /// The Sid behind the prefix. Letters only: ECR takes more, IAM does not.
    package var sidSuffix: String {
        switch self {
        case .pull: "AllowPull"
        case .push: "AllowPullAndPush"
        case .lambdaPull: "AllowLambdaPull"
        case .organizationPull: "AllowPullOrg"
        case .organizationPush: "AllowPullAndPushOrg"
        case .organizationPathPull: "AllowPullOrgPaths"
        case .organizationPathPush: "AllowPullAndPushOrgPaths"
        }
    }

    /// Whether a Sid is exactly `prefix` and one of our names. One that merely begins with the prefix is not.
    package static func isManaged(sid: String?, prefix: String) -> Bool {
        guard let sid, sid.utf8.starts(with: prefix.utf8) else { return false }
        return GrantShape.prefix(ofSid: sid)?.utf8.count == prefix.utf8.count
    }

    /// What precedes one of our names at the end of a Sid, empty for the bare name; nil for any other Sid.
    ///
    /// None of the names ends with another one, so a Sid is managed under one prefix at most.
    static func prefix(ofSid sid: String) -> Substring? {
        for suffix in suffixes where sid.utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) {
            return sid[..<sid.utf8.index(sid.endIndex, offsetBy: -suffix.utf8.count)]
        }
        return nil
    }

    private static let suffixes = allCases.map(\.sidSuffix)

    /// The actions in the order of the guides.
    package var actions: [String] {
        switch self {
        case .pull, .organizationPull, .organizationPathPull: GrantShape.pullActions
        case .push, .organizationPush, .organizationPathPush: GrantShape.pushActions
        case .lambdaPull: GrantShape.lambdaActions
        }
    }

    /// The shape that a grant belongs to.
    package init(_ grant: Grant) {
        switch (grant.access, grant.consumer) {
        case (.lambdaOnly, _): self = .lambdaPull
        case (.pull, .account), (.pull, .principal): self = .pull
        case (.push, .account), (.push, .principal): self = .push
        case (.pull, .organization): self = .organizationPull
        case (.push, .organization): self = .organizationPush
        case (.pull, .organizationPath): self = .organizationPathPull
        case (.push, .organizationPath): self = .organizationPathPush
        }
    }

    static let pullActions = ["ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage", "ecr:BatchCheckLayerAvailability"]
    static let pushActions =
        pullActions + ["ecr:PutImage", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload"]
    static let lambdaActions = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    static let lambdaService = "lambda.amazonaws.com"
    static let lambdaCondition = (operator: "StringLike", key: "aws:sourceARN")
    static let organizationCondition = (operator: "StringEquals", key: "aws:PrincipalOrgID")
    static let organizationPathCondition = (operator: "ForAnyValue:StringLike", key: "aws:PrincipalOrgPaths")
}

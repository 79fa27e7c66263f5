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

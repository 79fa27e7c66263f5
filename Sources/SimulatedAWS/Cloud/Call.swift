/// The services behind the one port, named as credential scopes name them.
enum AWSService: String, Hashable, Sendable {
    case ecr
    case sts
    case organizations
    case iam
    case s3

    /// Whether it speaks the Query protocol: forms in, XML out.
    var isQuery: Bool { self == .sts || self == .iam }
}

/// One authenticated call on its way to an operation.
struct Call: Sendable {
    var service: AWSService
    /// Without the service, such as `SetRepositoryPolicy`.
    var operation: String
    /// The region of the credential scope.
    var region: String
    var caller: Identity
    var input: Input
    /// The repository that the input names, if any.
    var repository: String?
    /// The object that the request names, if any, as `BUCKET/KEY`.
    var object: String?
    /// The account of the role to be assumed, if any.
    var roleAccount: String?

    /// The input in the form of its protocol.
    enum Input: Sendable {
        case json(JSON)
        case form([String: String])
        case s3(S3Input)
    }

    /// What counters and rate limits go by: limits are charged to the caller's account.
    var key: CallKey { CallKey(account: caller.account, region: region, operation: operation) }
}

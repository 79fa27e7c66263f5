/// A service that this program calls.
package enum AWSService: String, CaseIterable, Hashable, Sendable {
    case ecr
    case sts
    case organizations
    case iam
    /// IAM Identity Center's portal, which gives credentials for a login.
    case ssoPortal
    /// IAM Identity Center's token service.
    case ssoOIDC
    /// The service behind `aws login`.
    case signIn = "signin"

    /// The name in messages.
    package var displayName: String {
        switch self {
        case .ecr: "ECR"
        case .sts: "STS"
        case .organizations: "Organizations"
        case .iam: "IAM"
        case .ssoPortal: "IAM Identity Center"
        case .ssoOIDC: "IAM Identity Center OIDC"
        case .signIn: "AWS Sign-In"
        }
    }

    /// The name in a signature's scope.
    package var signingName: String { rawValue }

    /// How many requests may be in flight before anything is known of a limit.
    ///
    /// STS is reported to accept 600 requests a second of an account, so a run over some dozen owner accounts need not
    /// wait for its first answers. Source: https://github.com/awslabs/mountpoint-s3/issues/1358
    var openingWindow: Double { self == .sts ? 32 : AdaptiveRateLimiter.Tuning().openingWindow }

    /// What follows `AWS_ENDPOINT_URL_` in the variable that overrides the endpoint.
    /// Source: https://docs.aws.amazon.com/sdkref/latest/guide/ss-endpoints-table.html
    package var endpointVariableSuffix: String {
        switch self {
        case .ecr: "ECR"
        case .sts: "STS"
        case .organizations: "ORGANIZATIONS"
        case .iam: "IAM"
        case .ssoPortal: "SSO"
        case .ssoOIDC: "SSO_OIDC"
        case .signIn: "SIGNIN"
        }
    }

    /// The service's name in a section `[services …]` of the shared config file.
    package var servicesKey: String { endpointVariableSuffix.lowercased() }
}

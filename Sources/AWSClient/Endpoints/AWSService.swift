/// A service that this program calls.
package enum AWSService: String, CaseIterable, Hashable, Sendable {
    case ecr
    case sts
    case organizations
    case iam
    case s3
    /// IAM Identity Center's portal, which gives credentials for a login.
    case ssoPortal
    /// IAM Identity Center's token service.
    case ssoOIDC
    /// The service behind `aws login`.
    case signIn = "signin"

    /// In messages; behind `AWS_ENDPOINT_URL_` in the variable that overrides the endpoint; before the region in hosts.
    ///
    /// Source: https://docs.aws.amazon.com/sdkref/latest/guide/ss-endpoints-table.html
    private var names: (display: String, variable: String, host: String) {
        switch self {
        case .ecr: ("ECR", "ECR", "api.ecr")
        case .sts: ("STS", "STS", "sts")
        case .organizations: ("Organizations", "ORGANIZATIONS", "organizations")
        case .iam: ("IAM", "IAM", "iam")
        case .s3: ("S3", "S3", "s3")
        case .ssoPortal: ("IAM Identity Center", "SSO", "portal.sso")
        case .ssoOIDC: ("IAM Identity Center OIDC", "SSO_OIDC", "oidc")
        case .signIn: ("AWS Sign-In", "SIGNIN", "signin")
        }
    }

    /// The name in messages.
    package var displayName: String { names.display }

    /// The name in a signature's scope.
    package var signingName: String { rawValue }

    /// How many requests may be in flight before anything is known of a limit.
    ///
    /// STS is reported to accept 600 requests a second of an account, so a run over some dozen owner accounts need not
    /// wait for its first answers. Source: https://github.com/awslabs/mountpoint-s3/issues/1358
    var openingWindow: Double { self == .sts ? 32 : AdaptiveRateLimiter.Tuning().openingWindow }

    /// What follows `AWS_ENDPOINT_URL_` in the variable that overrides the endpoint.
    package var endpointVariableSuffix: String { names.variable }

    /// How the service's host names begin.
    var hostPrefix: String { names.host }

    /// The service's name in a section `[services …]` of the shared config file.
    package var servicesKey: String { endpointVariableSuffix.lowercased() }
}

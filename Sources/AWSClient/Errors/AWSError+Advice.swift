import AWSValues

extension AWSError {
    /// What happened, in AWS's words where there are any, and what to do about it.
    package var explanation: String {
        guard let advice else { return message }
        return message.isEmpty ? advice : message + (message.hasSuffix(".") ? " " : ". ") + advice
    }

    /// What to do about the failure, in full sentences; nil where AWS's own words are enough.
    package var advice: String? {
        guard case .answered(let answer) = cause else {
            if case .transport(let error) = cause {
                if let advice = error.adviceOnProxy { return advice }
                guard error.kind != .unknownProxy else { return nil }
            }
            // A URL that was set long ago and forgotten is the usual reason.
            return isUnreachable ? endpointOrigin.map { "The endpoint's URL comes from \($0)" } : nil
        }
        if service == .s3, let advice = adviceOnS3(answer) { return advice }
        switch answer.code {
        case _ where !answer.namesCode:
            let place = endpointOrigin.map { "the endpoint's URL, which comes from \($0)," } ?? "HTTPS_PROXY"
            return "A proxy, a gateway or another server seems to have answered in AWS's place: check \(place) and the "
                + "network" + (answer.httpStatus >= 500 ? ", or try again later" : "")
        case _ where token == .stray && (isExpiredSession || AWSError.codesOfUnknownKeys.contains(answer.code)):
            return "A session token was sent with a long-lived access key (AKIA…), which has none: unset "
                + "AWS_SESSION_TOKEN, or remove aws_session_token from the profile"
        case "RegionDisabledException":
            return "STS is switched off in \(regionName) for this account. An administrator switches it on in the "
                + "account settings of IAM, or --region names another region: a session is valid in all of them"
        case _ where AWSError.codesOfUnknownKeys.contains(answer.code):
            guard let region, Partition.isOptIn(region) else {
                return "AWS does not know these credentials: the key was deleted or deactivated"
                    + (token == .ofSession ? ", or the session token belongs to another key" : "")
                    + ", or it is of another partition than \(partition)"
            }
            return "\(region) is a region that each account must enable, and AWS returns this error until then. An "
                + "administrator of \(account?.description ?? "the account") enables it with: aws account enable-region "
                + "--region-name \(region)"
        case "AWSOrganizationsNotInUseException":
            return "The calling account does not belong to an organization. Units (ou-…) and --check-accounts need "
                + "credentials, or with --via a role, in the management account or a delegated administrator's"
        case "PackedPolicyTooLarge" where service == .sts:
            return "The session's policy and the session tags that the caller passes on are too large together; pass "
                + "fewer or shorter tags"
        case "ValidationError" where service == .sts && answer.message.contains("role chaining"):
            return "A role that is assumed with a role's session lasts one hour at most: pass --session-duration 3600 "
                + "or less"
        case _ where isThrottling:
            let place = [account?.description, region].compactMap(\.self).joined(separator: "/")
            return "AWS throttled every attempt at \(operation)\(place.isEmpty ? "" : " in \(place)"), up to "
                + "\(RetryPolicy().maximumThrottledAttempts) with growing pauses: something else probably uses up the "
                + "account's limit. Try again later, or with a lower --concurrency"
        case _ where isAccessDenied: return adviceOnDenial(answer)
        default: return nil
        }
    }

    private static let codesOfUnknownKeys = [
        "UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId", "InvalidToken",
    ]

    private var regionName: String { region ?? "this region" }

    private var partition: String {
        region.map { "\(Partition(ofRegionNamed: $0).id), which \($0) is in" } ?? "this one"
    }

    private func adviceOnDenial(_ answer: ErrorAnswer) -> String? {
        switch service {
        // `SignInError`, which knows who asked, says what a refused assumption needs; what is in the way of
        // it, here.
        case .sts: return AccessDenial(answer.message).obstacle
        case .ssoPortal, .ssoOIDC, .signIn: return nil
        case .organizations:
            return "AWS Organizations answers only the management account and delegated administrators, and the "
                + "caller needs organizations:\(operation). Name a role there with --via (docs/iam.md)"
        case .ecr, .iam, .s3: break
        }
        let denial = AccessDenial(answer.message)
        if let obstacle = denial.obstacle { return obstacle }
        let action = denial.action ?? "\(service.signingName):\(operation)"
        let resource = denial.resource ?? usualResource
        return "\(denial.caller ?? "The caller")'s policy needs this statement: "
            + #"{"Effect":"Allow","Action":"\#(action)","Resource":"\#(resource)"}"#
    }

    /// What the service's actions are about, where AWS does not say it.
    private var usualResource: String {
        guard service == .ecr, let region, let account else { return "*" }
        return "arn:\(Partition(ofRegionNamed: region).id):ecr:\(region):\(account):repository/*"
    }
}

/// What AWS's message about a refused call says: it is the only place where AWS says who asked, and what was in the
/// way. Whatever is not found in it is nil, and only advice depends on it.
///
/// Source of the wording: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
struct AccessDenial {
    let caller: String?
    let action: String?
    let resource: String?
    /// The layer that refused, where AWS names it.
    let layer: Layer?
    /// Whether a Deny statement refused, and not only the lack of an Allow.
    let isExplicit: Bool
    /// A sentence about what must change, when it is not the caller's own policy, nor the trust policy of a role.
    let obstacle: String?

    /// What can refuse a call, as AWS calls it.
    enum Layer: String, CaseIterable {
        case serviceControlPolicy = "service control policy"
        case resourceControlPolicy = "resource control policy"
        case permissionsBoundary = "permissions boundary"
        case endpointPolicy = "VPC endpoint policy"
        case sessionPolicy = "session policy"
        case identityPolicy = "identity-based policy"
        case resourcePolicy = "resource-based policy"
    }

    init(_ message: String) {
        let words = message.split(separator: " ")
        func word(after start: String, isWanted: (Substring) -> Bool) -> String? {
            guard let index = words.firstIndex(where: { $0 == start }), index + 1 < words.count,
                isWanted(words[index + 1])
            else { return nil }
            return String(words[index + 1])
        }
        caller = word(after: "User:") { $0.hasPrefix("arn:") }
        action = word(after: "perform:") { $0.contains(":") }
        // S3 puts it into quotes.
        resource = word(after: "resource:") { $0.hasPrefix("arn:") || $0.hasPrefix("\"arn:") || $0 == "*" }?
            .replacing("\"", with: "")
        let found = Layer.allCases.first { message.contains($0.rawValue) }
        layer = found
        isExplicit = message.contains("explicit deny")
        // For STS the resource is a role, and its policy the trust policy.
        let isTrust = action?.hasPrefix("sts:") == true
        let refuses = isExplicit ? "forbids" : "does not allow"
        switch found {
        case .serviceControlPolicy: obstacle = "A service control policy of the organization \(refuses) it"
        case .resourceControlPolicy:
            obstacle = "A resource control policy of \(isTrust ? "the role's" : "the") organization \(refuses) it"
        case .permissionsBoundary:
            obstacle = "The permissions boundary of the \(isTrust ? "caller" : "role") \(refuses) it"
        case .endpointPolicy: obstacle = "The policy of the VPC endpoint \(refuses) it"
        case .sessionPolicy where isTrust:
            obstacle = "The session policy with which the caller's session was opened \(refuses) it"
        case .sessionPolicy:
            obstacle = "The session's own policy \(refuses) it: this command opens sessions with fewer permissions"
        case .resourcePolicy where !isTrust && !isExplicit:
            obstacle =
                "The caller is in another account, whose own policies are not enough: name a role of the owner account "
                + "with --role"
        case .identityPolicy, .resourcePolicy, nil:
            if isExplicit {
                let place =
                    switch found {
                    case .identityPolicy: " in the caller's own policy"
                    case .resourcePolicy: isTrust ? " in the role's trust policy" : " in a resource-based policy"
                    default: ""
                    }
                obstacle = "A Deny statement\(place) forbids it, which no other permission overrides"
            } else if message.contains("MultiFactorAuthentication failed") {
                obstacle =
                    "The code of the MFA device was wrong or had been used; run the command again with the next code"
            } else {
                obstacle = nil
            }
        }
    }
}

extension Partition {
    /// Whether accounts must enable the region before they can use it: those that AWS opened after March 2019.
    ///
    /// Source: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
    static func isOptIn(_ region: String) -> Bool {
        Partition(ofRegionNamed: region) == .aws && !defaultRegions.contains(region)
    }

    /// The regions that are on in every account; AWS adds none to them.
    private static let defaultRegions: Set = [
        "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
        "ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1",
        "us-east-2", "us-west-1", "us-west-2",
    ]
}

extension AWSError {
    /// Whether the region itself seems to be the trouble: switched off for the account, or not there.
    package var concernsRegion: Bool {
        switch cause {
        case .answered(let answer):
            ["UnrecognizedClientException", "InvalidClientTokenId", "RegionDisabledException"].contains(answer.code)
        case .transport(let error): error.kind == .unknownHost
        case .endpoint: true
        case .unreadable, .credentials, .signIn, .sessionEnded, .cancelled: false
        }
    }
}

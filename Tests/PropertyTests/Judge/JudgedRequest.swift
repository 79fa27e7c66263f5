import AWSValues
import SharePlan
import TestSupport

/// One concrete call: who makes it, and what AWS knows about it.
struct JudgedRequest {
    let caller: JudgedCaller
    /// The condition keys by lower-cased name; what is not here is absent.
    /// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    var keys: [String: [String]]
    /// The organization of the caller's account, or of the account on whose behalf a service calls; nil for none.
    let organization: String?
    /// Where in the organization that account is.
    let path: String?
    /// The identity provider that a role's session signed in through, if documents name it.
    var provider: String?
}

/// Whoever calls.
enum JudgedCaller: Hashable {
    /// A session of a role; `path` is the role's path with a slash at both ends.
    case role(account: String, path: String, name: String, session: String)
    case user(account: String, name: String)
    case root(account: String)
    case federated(account: String, name: String)
    /// A service, for Lambda on behalf of a function of `account`.
    case service(name: String, account: String?, region: String, function: String)

    var account: String? {
        switch self {
        case .role(let account, _, _, _), .user(let account, _), .root(let account), .federated(let account, _): account
        case .service(_, let account, _, _): account
        }
    }

    /// Whether it may use a repository of that region: Lambda does so in its own only.
    func mayUse(_ region: String) -> Bool {
        if case .service(JudgedWorld.lambda, _, let own, _) = self { own == region } else { true }
    }

    /// Whether its own policies are enough where nothing denies.
    var isOwner: Bool { !isService && account == JudgedWorld.owner }

    var isService: Bool {
        if case .service = self { true } else { false }
    }

    /// The value of aws:PrincipalArn: of a role's session that of the role.
    var arn: String {
        switch self {
        case .role(let account, let path, let name, _): "arn:aws:iam::\(account):role\(path)\(name)"
        case .user(let account, let name): "arn:aws:iam::\(account):user/\(name)"
        case .root(let account): "arn:aws:iam::\(account):root"
        case .federated(let account, let name): "arn:aws:sts::\(account):federated-user/\(name)"
        case .service(let name, _, _, _): name
        }
    }

    /// The ARN of the session, for those that are one.
    var sessionARN: String? {
        switch self {
        case .role(let account, _, let name, let session): "arn:aws:sts::\(account):assumed-role/\(name)/\(session)"
        case .federated: arn
        default: nil
        }
    }
}

/// The finite world that documents are judged in: accounts with and without a name in documents, organizations with and
/// without, and what else a request may carry.
enum JudgedWorld {
    static let owner = "111122223333"
    static let ownerID = AccountID.fixture(owner)
    /// The repository's region.
    static let region = "us-east-1"
    /// The day of the first requests.
    static let today = CalendarDate("2026-06-01")
    /// What documents name.
    static let accounts = ["200000000003", "200000000004", "444455556666"]
    /// What no document names.
    static let unnamedAccount = "999988887777"
    static let unnamedOrganization = "o-zzzz999999"
    static let unnamedService = "zulu.amazonaws.com"
    static let lambda = "lambda.amazonaws.com"
    static let services = ["codebuild.amazonaws.com", "ecs.amazonaws.com"]

    static let memberships: [(organization: String?, path: String?)] = [
        (nil, nil),
        ("o-a1b2c3d4e5", "o-a1b2c3d4e5/r-ab12/"),
        ("o-a1b2c3d4e5", "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"),
        ("o-a1b2c3d4e5", "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/ou-ab12-22222222/"),
        ("o-a1b2c3d4e5", "o-a1b2c3d4e5/r-ab12/ou-ab12-33333333/"),
        ("o-b1b2c3d4e5", "o-b1b2c3d4e5/r-cd34/ou-cd34-11111111/"),
        ("o-zzzz999999", "o-zzzz999999/r-zz99/ou-zz99-11111111/"),
    ]

    static func identities(of account: String) -> [JudgedCaller] {
        [
            .role(account: account, path: "/", name: "build", session: "s1"),
            .role(account: account, path: "/", name: "build", session: "s2"),
            .role(account: account, path: "/path/", name: "ci", session: "s1"),
            .role(account: account, path: "/", name: "eks-node", session: "s1"),
            .user(account: account, name: "ann"), .user(account: account, name: "build"),
            .root(account: account), .federated(account: account, name: "fed"),
        ]
    }

    static func calls(of service: String, for account: String?) -> [JudgedCaller] {
        guard service == lambda else { return [.service(name: service, account: account, region: "", function: "")] }
        return ["us-east-1", "eu-west-1", "sa-east-1"].flatMap { region in
            ["prod-x", "dev-y"].map { .service(name: service, account: account, region: region, function: $0) }
        }
    }

    /// Keys that only the request determines, with the values that they may have; nil for none.
    static let freeKeys: [String: [[String]?]] = [
        "aws:sourceip": [["10.1.2.3"], ["192.0.2.1"], nil],
        "aws:sourcevpce": [nil, ["vpce-1"], ["vpce-2"]],
        "aws:sourcevpc": [nil, ["vpc-1"]],
        "aws:principaltag/team": [nil, ["data"], ["ops"]],
        "aws:currenttime": [["2026-06-01T00:00:00Z"], ["2028-06-01T00:00:00Z"]],
        "aws:multifactorauthage": [nil, ["100"], ["5000"]],
        "aws:multifactorauthpresent": [nil, ["true"], ["false"]],
        "aws:tagkeys": [nil, ["a"], ["a", "b"]],
        "aws:useragent": [["docker/27"], ["x"]],
    ]

    /// What the actions of a repository's policy are.
    static let actions = [
        "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage", "ecr:BatchCheckLayerAvailability", "ecr:PutImage",
        "ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload", "ecr:BatchDeleteImage",
        "ecr:DescribeImages", "ecr:ListImages", "ecr:PutImageTagMutability", "ecr:PutLifecyclePolicy",
        "ecr:SetRepositoryPolicy", "ecr:ReplicateImage",
    ]

    /// The keys of a call but for the free ones; several where the documentation leaves a choice.
    static func keys(
        of caller: JudgedCaller, in membership: (organization: String?, path: String?)
    ) -> [[String: [String]]] {
        var keys: [String: [String]] = [
            "aws:securetransport": ["true"], "aws:resourceaccount": [owner], "aws:requestedregion": [region],
        ]
        let organization = membership.organization.map { [$0] }
        let path = membership.path.map { [$0] }
        guard case .service(let name, let account, let region, let function) = caller else {
            keys["aws:principalisawsservice"] = ["false"]
            keys["aws:principalaccount"] = caller.account.map { [$0] }
            keys["aws:principalarn"] = [caller.arn]
            keys["aws:principalorgid"] = organization
            keys["aws:principalorgpaths"] = path
            return [keys]
        }
        keys["aws:principalisawsservice"] = ["true"]
        keys["aws:principalservicename"] = [name]
        if let account {
            keys["aws:sourceaccount"] = [account]
            keys["aws:sourcearn"] = [
                name == lambda
                    ? "arn:aws:lambda:\(region):\(account):function:\(function)"
                    : "arn:aws:codebuild:us-east-1:\(account):project/p"
            ]
            keys["aws:sourceorgid"] = organization
            keys["aws:sourceorgpaths"] = path
        }
        // Whether a service has an account is not documented.
        var owned = keys
        owned["aws:principalaccount"] = ["000000000001"]
        return [keys, owned]
    }
}

import AWSValues
import OrderedJSON

/// What the sessions of a command may do: never more than its job needs.
///
/// The inline session policy takes effect together with the role's own policies, so a dry run cannot write even if the
/// program were wrong. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
enum SessionPermission: Sendable {
    /// `plan`, `access`: read repositories, their policies and the registry's.
    case reading
    /// `doctor`: ask IAM what the role may do.
    case examining
    /// `apply`, `rollback`: write policies too.
    case writing

    /// The session policy for an owner account; at most 2,048 characters.
    func policy(for account: AccountID, in partition: Partition) -> String {
        var actions = ["ecr:DescribeRepositories", "ecr:GetRepositoryPolicy"]
        switch self {
        case .reading, .examining: break
        case .writing: actions += ["ecr:SetRepositoryPolicy", "ecr:DeleteRepositoryPolicy"]
        }
        var statements: [JSONValue] = [
            [
                "Effect": "Allow",
                "Action": .array(actions.map(JSONValue.string)),
                "Resource": .string("arn:\(partition.id):ecr:*:\(account):repository/*"),
            ]
        ]
        // These know no resource narrower than the account.
        var wide: [JSONValue] = ["ecr:GetRegistryPolicy"]
        if case .examining = self { wide.append("iam:SimulatePrincipalPolicy") }
        statements.append(["Effect": "Allow", "Action": .array(wide), "Resource": "*"])
        let policy: JSONValue = ["Version": "2012-10-17", "Statement": .array(statements)]
        return policy.minified
    }
}

import AWSClient
import AWSValues
import OrderedJSON

/// A policy that an owner account lacks, filled in so that it can be pasted.
struct MissingPolicy: Sendable {
    /// Where it belongs.
    let place: String
    let document: JSONValue

    var json: JSONValue {
        JSONValue(members: [("place", .string(place)), ("document", document)])
    }

    /// The least that the operator role must be allowed, as `manifests/iam/operator-role.yaml` makes it.
    static func permissions(of role: String, in account: AccountID, _ partition: Partition) -> MissingPolicy {
        let repositories = JSONValue.string("arn:\(partition.id):ecr:*:\(account):repository/*")
        func statement(_ sid: String, _ actions: [String], _ resource: JSONValue) -> JSONValue {
            JSONValue(members: [
                ("Sid", .string(sid)), ("Effect", "Allow"), ("Action", .array(actions.map(JSONValue.string))),
                ("Resource", resource),
            ])
        }
        let statements = [
            statement("Read", ["ecr:DescribeRepositories", "ecr:GetRepositoryPolicy"], repositories),
            statement("Write", ["ecr:DeleteRepositoryPolicy", "ecr:SetRepositoryPolicy"], repositories),
            statement("ReadRegistrySettings", ["ecr:GetRegistryPolicy"], "*"),
            statement("AskWhatThisRoleMayDo", ["iam:SimulatePrincipalPolicy"], .string(role)),
        ]
        return MissingPolicy(place: "permissions policy of \(role)", document: document(statements))
    }

    /// The trust policy that lets the refused caller in.
    static func trust(_ error: SignInError) -> MissingPolicy? {
        guard error.concernsTrust, let role = error.roleARN,
            let statement = try? JSONValue(parsing: error.trustStatement)
        else { return nil }
        return MissingPolicy(place: "trust policy of \(role)", document: document([statement]))
    }

    private static func document(_ statements: [JSONValue]) -> JSONValue {
        JSONValue(members: [("Version", "2012-10-17"), ("Statement", .array(statements))])
    }
}

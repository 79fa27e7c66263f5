import AWSValues
import OrderedJSON
package import SharePlan

/// A plan to render: what a reader of a plan file hands over.
package struct SamplePlan: Sendable, CustomStringConvertible {
    package let name: String
    package let header: PlanHeader
    package let entries: [PlanEntry]
    package let digest: String

    package init(
        name: String, header: PlanHeader, entries: [PlanEntry], digest: String = String(repeating: "4f1a90c3", count: 8)
    ) {
        self.name = name
        self.header = header
        self.entries = entries
        self.digest = digest
    }

    package var summary: PlanSummary { PlanSummary(entries) }
    package var description: String { name }

    package static let all = [small, grouped, hostile]

    package static func header(
        id: String = "20261124T210359Z-7k3q", path: String = "matrix.csv", rows: Int = 12,
        operation: PlanHeader.Operation = .share, undoes: String? = nil
    ) -> PlanHeader {
        PlanHeader(
            id: id, createdAt: "2026-11-24T21:03:59Z", operation: operation, mode: .match, sidPrefix: "EcrShare",
            matrix: operation == .share
                ? .init(path: path, sha256: String(repeating: "ab", count: 32), rows: rows) : nil,
            undoes: undoes)
    }

    package static func change(
        _ repository: String, before: Policy?, after: Policy?, added: [String] = [], removed: [String] = [],
        reason: String = "", warnings: [String] = []
    ) -> PlanEntry {
        let change = Change(
            repository: .fixture(repository), before: before, after: after,
            grants: GrantDifference(
                added: added.map { .fixture($0, reason: reason) }, removed: removed.map { .fixture($0, reason: reason) }
            ),
            warnings: warnings)
        // Where a document cannot be read, the grants say it.
        return .change((try? change.judged(on: nil)) ?? change)
    }

    package static func unchanged(_ repository: String, warnings: [String] = []) -> PlanEntry {
        .unchanged(Unchanged(repository: .fixture(repository), warnings: warnings))
    }

    package static func problem(_ repository: String, code: String, message: String) -> PlanEntry {
        .problem(Problem(repository: .fixture(repository), code: code, message: message))
    }

    /// A policy in the shapes that the program writes; `foreign` is a statement's JSON.
    package static func policy(
        pull: [String] = [], push: [String] = [], organization: String? = nil, lambda: [String] = [],
        lambdaRegion: String = "us-east-1", foreign: [String] = [], version: String = "2008-10-17"
    ) -> Policy {
        func roots(_ accounts: [String]) -> String {
            let arns = accounts.map { $0.hasPrefix("arn:") ? $0 : "arn:aws:iam::\($0):root" }
            return #"{"AWS":\#(list(arns))}"#
        }
        func statement(_ sid: String, _ principal: String, _ actions: [String], _ condition: String? = nil) -> String {
            #"{"Sid":"EcrShareAllow\#(sid)","Effect":"Allow","Principal":\#(principal),"Action":\#(list(actions))"#
                + (condition.map { #","Condition":\#($0)"# } ?? "") + "}"
        }
        let pullActions = ["ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage", "ecr:BatchCheckLayerAvailability"]
        let pushActions = [
            "ecr:PutImage", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload",
        ]
        var statements = foreign
        if !pull.isEmpty { statements.append(statement("Pull", roots(pull), pullActions)) }
        if !push.isEmpty { statements.append(statement("PullAndPush", roots(push), pullActions + pushActions)) }
        if let organization {
            statements.append(
                statement(
                    "PullOrg", #""*""#, pullActions,
                    organization.contains("/")
                        ? #"{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":\#(quoted(organization))}}"#
                        : #"{"StringEquals":{"aws:PrincipalOrgID":\#(quoted(organization))}}"#))
        }
        if !lambda.isEmpty {
            let functions = lambda.map { "arn:aws:lambda:\(lambdaRegion):\($0):function:*" }
            statements.append(
                statement(
                    "LambdaPull", #"{"Service":"lambda.amazonaws.com"}"#,
                    ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                    #"{"StringLike":{"aws:sourceARN":\#(list(functions))}}"#))
        }
        return #"{"Version":\#(quoted(version)),"Statement":[\#(statements.joined(separator: ","))]}"#
    }

    /// `text` as a JSON string.
    package static func quoted(_ text: String) -> String { JSONValue.string(text).minified }

    private static func list(_ texts: [String]) -> String {
        "[" + texts.map(quoted).joined(separator: ",") + "]"
    }
}

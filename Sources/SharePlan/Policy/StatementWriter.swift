import OrderedCollections
import OrderedJSON

/// Who most likely wrote a statement, guessed from its Sid: a hint for a person who looks at a conflict, nothing more.
/// Anybody may use any Sid.
package enum StatementWriter: Hashable, Sendable {
    /// The Lambda service, which adds its statement when somebody who may edit the policy creates an image function.
    /// Source: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#images-permissions
    case lambda
    /// A template or module that sets the statement which Lambda's documentation shows; the bootstrap stack of the AWS
    /// CDK is one.
    case lambdaTemplate
    /// The companion stack of the AWS SAM command line.
    case sam
    /// The Terraform module `terraform-aws-modules/ecr`.
    case terraformModule
    /// ECR's console, which proposes the Sid.
    case console
    /// This program under another `--sid-prefix`.
    case otherPrefix(String)
    /// This program.
    case ourselves

    /// nil when the Sid shows nothing.
    package init?(of statement: PolicyStatement, sidPrefix: String) {
        guard let sid = statement.sid, !sid.isEmpty else { return nil }
        if statement.isManaged(prefix: sidPrefix) {
            self = .ourselves
        } else if sid.hasPrefix("LambdaECRImageRetrievalPolicy") {
            // Only the service itself asks for the right to edit the policy later.
            self = statement.names(action: "ecr:setrepositorypolicy") ? .lambda : .lambdaTemplate
        } else if sid == "AllowLambdaSLR" {
            self = .sam
        } else if ["PrivateReadOnly", "PrivateReadWrite", "PrivateLambdaReadOnly"].contains(sid) {
            self = .terraformModule
        } else if sid == "new statement" || sid == "new policy" {
            self = .console
        } else if let prefix = GrantShape.prefix(ofSid: sid), !prefix.isEmpty {
            self = .otherPrefix(String(prefix))
        } else {
            return nil
        }
    }
}

extension StatementWriter: CustomStringConvertible {
    /// The end of "written by …".
    package var description: String {
        switch self {
        case .lambda: "AWS Lambda itself, for an image function"
        case .lambdaTemplate: "a template for Lambda, such as the AWS CDK's"
        case .sam: "AWS SAM"
        case .terraformModule: "the Terraform module terraform-aws-modules/ecr"
        case .console: "ECR's console"
        case .otherPrefix(let prefix): "ecr-share with --sid-prefix \(prefix)"
        case .ourselves: "ecr-share"
        }
    }
}

extension PolicyStatement {
    /// Whether `Action` has the action, given in lower case.
    fileprivate func names(action: String) -> Bool {
        let value = members["Action"]
        let names = value?.array?.compactMap(\.string) ?? [value?.string].compactMap { $0 }
        return names.contains { $0.lowercased() == action }
    }
}

import OrderedCollections

/// An identity or session policy: which actions are allowed on which resources.
///
/// Conditions are refused rather than ignored, since a policy that is enforced in part would prove nothing.
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
package struct PermissionPolicy: Hashable, Sendable {
    private struct Statement: Hashable, Sendable {
        var denies: Bool
        var actions: [WildcardPattern]
        var coversOtherActions: Bool
        var resources: [WildcardPattern]
        var coversOtherResources: Bool

        func covers(action: String, resource: String) -> Bool {
            actions.contains { $0.matches(action) } != coversOtherActions
                && resources.contains { $0.matches(resource) } != coversOtherResources
        }
    }

    private var statements: [Statement] = []

    /// Parses a policy document; nil when it is malformed or holds something that is not enforced here.
    package init?(parsing text: String) {
        guard let document = try? JSON(parsing: text), let members = document.object,
            Set(members.keys).isSubset(of: ["Version", "Id", "Statement"]), let statement = members["Statement"]
        else { return nil }
        for element in statement.array ?? [statement] {
            guard let statement = PermissionPolicy.statement(element) else { return nil }
            statements.append(statement)
        }
        guard !statements.isEmpty else { return nil }
    }

    private static func statement(_ value: JSON) -> Statement? {
        guard let members = value.object,
            Set(members.keys).isSubset(of: ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource"]),
            let effect = members["Effect"]?.string, ["Allow", "Deny"].contains(effect),
            (members["Action"] == nil) != (members["NotAction"] == nil),
            (members["Resource"] == nil) != (members["NotResource"] == nil),
            let actions = patterns(members["Action"] ?? members["NotAction"], ignoringCase: true),
            let resources = patterns(members["Resource"] ?? members["NotResource"], ignoringCase: false)
        else { return nil }
        return Statement(
            denies: effect == "Deny",
            actions: actions,
            coversOtherActions: members["NotAction"] != nil,
            resources: resources,
            coversOtherResources: members["NotResource"] != nil
        )
    }

    private static func patterns(_ value: JSON?, ignoringCase: Bool) -> [WildcardPattern]? {
        guard let value else { return nil }
        let texts = (value.array ?? [value]).map(\.string)
        guard !texts.isEmpty, !texts.contains(nil) else { return nil }
        return texts.compactMap(\.self).map { WildcardPattern($0, ignoringCase: ignoringCase) }
    }

    /// What the policy says of one call.
    package enum Verdict: Hashable, Sendable {
        case allowed
        case explicitlyDenied
        case notAllowed
    }

    /// Decides on one action, such as `ecr:GetRepositoryPolicy`, on one resource ARN; `*` is the resource of actions
    /// that have none.
    package func verdict(action: String, resource: String) -> Verdict {
        let covering = statements.filter { $0.covers(action: action, resource: resource) }
        if covering.contains(where: \.denies) { return .explicitlyDenied }
        return covering.isEmpty ? .notAllowed : .allowed
    }
}

/// The one operation of IAM that is served: what a role may do.
/// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
extension CloudState {
    /// The version of IAM's API, by which its requests are known.
    static let iamVersion = "2010-05-08"

    /// Runs the operation; what comes back are the elements inside the result element.
    func performIAM(_ call: Call, _ form: [String: String]) throws(ServiceError) -> String {
        guard call.operation == "SimulatePrincipalPolicy" else {
            throw ServiceError("InvalidAction", "Could not find operation \(call.operation) for version 2010-05-08")
        }
        let source = form["PolicySourceArn"] ?? ""
        try call.caller.authorize("iam:SimulatePrincipalPolicy", on: source)
        guard let role = roles[source], role.account == call.caller.account else {
            throw ServiceError("NoSuchEntity", "The role with ARN \(source) cannot be found.", status: 404)
        }
        let actions = CloudState.members("ActionNames", of: form)
        guard !actions.isEmpty else { throw ServiceError("InvalidInput", "ActionNames must not be empty") }
        let resources = CloudState.members("ResourceArns", of: form)
        var results = ""
        for resource in resources.isEmpty ? ["*"] : resources {
            for action in actions { results += XML.wrap("member", result(action, resource, role)) }
        }
        return XML.element("IsTruncated", "false") + XML.wrap("EvaluationResults", results)
    }

    private func result(_ action: String, _ resource: String, _ role: Role) -> String {
        let decision: String
        switch role.permissions?.verdict(action: action, resource: resource) {
        case nil, .allowed?: decision = "allowed"
        case .explicitlyDenied?: decision = "explicitDeny"
        case .notAllowed?: decision = "implicitDeny"
        }
        return XML.element("EvalActionName", action) + XML.element("EvalResourceName", resource)
            + XML.element("EvalDecision", decision) + XML.wrap("MatchedStatements", "")
            + XML.wrap("MissingContextValues", "")
    }

    /// The list that a form spells `Name.member.1`, `Name.member.2`, and so on.
    private static func members(_ name: String, of form: [String: String]) -> [String] {
        var values: [String] = []
        while let value = form["\(name).member.\(values.count + 1)"] { values.append(value) }
        return values
    }
}

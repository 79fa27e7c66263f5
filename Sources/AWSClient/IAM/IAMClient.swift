import AWSValues

/// Calls IAM in one account: only to ask what a role may do.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/welcome.html (the protocol is AWS Query)
package struct IAMClient: Sendable {
    let caller: AWSCaller
    let account: AccountID
    let endpoint: Endpoint
    let credentials: CredentialCache

    /// What IAM would answer to each action on each resource, judged by the role's or user's own policies, its
    /// permissions boundary, and the organization's policies. Nothing is done; session policies do not count.
    ///
    /// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
    package func simulate(
        _ actions: [String],
        on resources: [String],
        as principalARN: String
    ) async throws(AWSError) -> [SimulatedDecision] {
        var decisions: [SimulatedDecision] = []
        var seen: Set<String> = []
        var marker: String?
        repeat {
            var parameters = [("PolicySourceArn", principalARN)]
            parameters += actions.enumerated().map { ("ActionNames.member.\($0 + 1)", $1) }
            parameters += resources.enumerated().map { ("ResourceArns.member.\($0 + 1)", $1) }
            if let marker { parameters.append(("Marker", marker)) }
            let answer = try await call("SimulatePrincipalPolicy", parameters)
            for element in answer.result.child("EvaluationResults")?.children ?? [] {
                decisions.append(try SimulatedDecision(element, answer))
            }
            marker = answer.result.text(of: "IsTruncated") == "true" ? answer.result.text(of: "Marker") : nil
            if let marker, !seen.insert(marker).inserted { throw answer.unreadable("the page marker is repeated") }
        } while marker != nil
        let isComplete = actions.allSatisfy { action in
            decisions.count { $0.action == action } == max(resources.count, 1)
        }
        guard isComplete, decisions.count == actions.count * max(resources.count, 1) else {
            throw call("SimulatePrincipalPolicy", []).error(
                .unreadable(reason: "it does not cover every action and resource", httpStatus: 200, requestID: nil),
                attempts: 1
            )
        }
        return decisions
    }

    private func call(
        _ operation: String,
        _ parameters: [(String, String)]
    ) async throws(AWSError) -> QueryAnswer {
        let call: AWSCall = call(operation, parameters)
        return try QueryAnswer(try await caller.answer(to: call), to: call)
    }

    private func call(_ operation: String, _ parameters: [(String, String)]) -> AWSCall {
        AWSCall(
            query: parameters.map { ($0, $1) }, to: .iam, version: "2010-05-08", operation, account: account, endpoint,
            credentials)
    }
}

/// What IAM would answer to one action on one resource.
package struct SimulatedDecision: Hashable, Sendable {
    /// For example `ecr:SetRepositoryPolicy`.
    package let action: String
    package let resource: String
    package let isAllowed: Bool
    /// Whether a statement denies it, so that no further Allow would help.
    package let isDenied: Bool
    /// Whether a policy of the organization denies it.
    package let isStoppedByOrganization: Bool

    init(_ element: XMLElement, _ answer: QueryAnswer) throws(AWSError) {
        guard let action = element.text(of: "EvalActionName"), let decision = element.text(of: "EvalDecision") else {
            throw answer.unreadable("a result has no action or decision")
        }
        self.action = action
        resource = element.text(of: "EvalResourceName") ?? "*"
        isAllowed = decision == "allowed"
        isDenied = decision == "explicitDeny"
        isStoppedByOrganization =
            element.child("OrganizationsDecisionDetail")?.text(of: "AllowedByOrganizations") == "false"
    }
}

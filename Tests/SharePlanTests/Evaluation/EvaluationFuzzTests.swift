import AWSValues
@testable import SharePlan
import TestSupport
import Testing

@Suite struct EvaluationFuzzTests {
    private static let words = [
        "Allow", "Deny", "*", "ecr:*", "ecr:BatchGetImage", "444455556666", "arn:aws:iam::444455556666:root", "AWS",
        "arn:aws:iam::444455556666:role/build", "arn:aws:lambda:us-east-1:444455556666:function:*", "Service",
        "lambda.amazonaws.com", "AROAX", "StringLike", "ForAnyValue:StringLike", "ArnLike", "Null", "aws:SourceArn",
        "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalAccount", "o-a1b2c3d4e5", "o-a1b2c3d4e5/*", "${x}",
        "EcrShareA", "", "é", "arn:::::", "arn:aws:lambda:*:*:function:?", ":", "true", "Statement", "2012-10-17",
    ]
    private static let members = [
        "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Condition", "Resource",
    ]

    private static func value(_ random: inout SeededGenerator, depth: Int) -> String {
        switch Int.random(in: 0..<(depth > 3 ? 5 : 8), using: &random) {
        case 0...2: return "\"\(words.randomElement(using: &random) ?? "")\""
        case 3: return Bool.random(using: &random) ? "true" : "false"
        case 4: return Bool.random(using: &random) ? "null" : "7"
        case 5:
            let elements = (0..<Int.random(in: 0..<4, using: &random)).map { _ in value(&random, depth: depth + 1) }
            return "[\(elements.joined(separator: ","))]"
        default:
            var members: [String: String] = [:]
            for name in words where Int.random(in: 0..<words.count, using: &random) < 3 {
                members[name] = value(&random, depth: depth + 1)
            }
            return object(members)
        }
    }

    private static func object(_ members: [String: String]) -> String {
        let members = members.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
        return "{\(members.joined(separator: ","))}"
    }

    /// A statement that is right but for a few members.
    private static func statement(_ random: inout SeededGenerator) -> String {
        var members = [
            "Effect": Bool.random(using: &random) ? "\"Allow\"" : "\"Deny\"",
            "Principal": #"{"AWS":["444455556666","arn:aws:iam::777788889999:root"]}"#,
            "Action": #"["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]"#,
        ]
        for name in Self.members where Int.random(in: 0..<4, using: &random) == 0 {
            members[name] = value(&random, depth: 0)
        }
        return Int.random(in: 0..<20, using: &random) == 0 ? value(&random, depth: 0) : object(members)
    }

    @Test func `No document makes the evaluator fail`() throws {
        var random = SeededGenerator(seed: 20_261_124)
        let id = organization("o-a1b2c3d4e5")
        let requesters: [AccessRequest.Requester] = [
            .account(consumer), .account(owner), .principal(role(in: consumer)), .stranger, .service("x.amazonaws.com"),
            .lambda(functions(of: consumer)), .lambda(LambdaCaller(account: nil, region: nil)),
            .member(of: id, path: nil), .member(of: id, path: "o-a1b2c3d4e5/r-ab12/*"),
        ]
        let check = DocumentCheck(mode: .add, sidPrefix: "EcrShare", adopts: true, owner: owner, partition: .aws)
        for round in 0..<20_000 {
            let statements = (0..<Int.random(in: 0..<4, using: &random)).map { _ in Self.statement(&random) }
            let version = Bool.random(using: &random) ? "2012-10-17" : "2008-10-17"
            let text: Policy = #"{"Version":"\#(version)","Statement":[\#(statements.joined(separator: ","))]}"#
            let evaluator = try SharePlanTests.evaluator(text)
            for _ in 0..<2 {
                guard let requester = requesters.randomElement(using: &random) else { return }
                let decision = evaluator.decision(for: AccessRequest(requester, action: "ecr:BatchGetImage"))
                if case .depends(let doubts, let references) = decision, doubts.isEmpty || references.isEmpty {
                    Issue.record("\(requester) gets no reason in \(text)")
                }
            }
            guard round.isMultiple(of: 40) else { continue }
            _ = GrantAudit(of: evaluator)
            try? check.check(live: text, proposed: text, wanted: [])
            // A Deny for everybody, without conditions, beats whatever was there.
            let all = #"{"Effect":"Deny","Principal":"*","Action":"*"}"#
            let denying = try SharePlanTests.evaluator(policy((statements + [all]).joined(separator: ",")))
            for requester in requesters {
                let decision = denying.decision(for: AccessRequest(requester, action: "ecr:BatchGetImage"))
                guard case .denied = decision else {
                    Issue.record("\(requester) gets through in \(text)")
                    continue
                }
            }
        }
    }
}

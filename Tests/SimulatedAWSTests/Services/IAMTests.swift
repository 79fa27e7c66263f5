import Testing

@testable import SimulatedAWS

@Suite struct IAMTests {
    private static let role = "arn:aws:iam::111122223333:role/EcrShareOperator"
    private static let repository = "arn:aws:ecr:us-east-1:111122223333:repository/base/python"

    private func simulate(_ permissions: String?, source: String = role) throws -> Answer {
        var world = smallWorld()
        world.roles[0].permissions = permissions.flatMap { PermissionPolicy(parsing: $0) }
        let client = try TestClient(cloud: Cloud(world)).signedIn()
        return try client.iam(
            "SimulatePrincipalPolicy",
            [
                "PolicySourceArn": source, "ActionNames.member.1": "ecr:SetRepositoryPolicy",
                "ResourceArns.member.1": Self.repository,
            ])
    }

    @Test(
        arguments: [
            (nil, "allowed"),
            (#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#, "allowed"),
            (#"{"Statement":[{"Effect":"Allow","Action":["ecr:Get*","iam:*"],"Resource":"*"}]}"#, "implicitDeny"),
            (
                #"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"ecr:Set*","Resource":"*"}]}"#,
                "explicitDeny"
            ),
        ] as [(String?, String)]) func `A role's permissions decide`(permissions: String?, decision: String) throws
    {
        let answer = try simulate(permissions)
        #expect(answer.status == 200)
        #expect(answer.element("EvalDecision") == decision)
        #expect(answer.element("EvalResourceName") == Self.repository)
    }

    @Test func `Who may not ask is refused, and an unknown role is not found`() throws {
        let refused = try simulate(#"{"Statement":[{"Effect":"Allow","Action":"ecr:*","Resource":"*"}]}"#)
        #expect(refused.code == "AccessDenied")
        #expect(try simulate(nil, source: "arn:aws:iam::111122223333:role/Other").code == "NoSuchEntity")
    }
}

extension TestClient {
    fileprivate func iam(_ action: String, _ parameters: [String: String]) throws -> Answer {
        let all = parameters.merging(["Action": action, "Version": "2010-05-08"]) { given, _ in given }
        let unreserved = { (text: String) in text.replacing(":", with: "%3A").replacing("/", with: "%2F") }
        let body = all.sorted { $0.key < $1.key }.map { "\($0.key)=\(unreserved($0.value))" }
        return send(try signed(service: "iam", body: body.joined(separator: "&")))
    }
}

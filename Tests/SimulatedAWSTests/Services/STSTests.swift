import NIOHTTP1
import Testing

@testable import SimulatedAWS

@Suite struct STSTests {
    private static let operatorRole = "arn:aws:iam::111122223333:role/EcrShareOperator"

    private func client(_ change: (inout Role) -> Void = { _ in }) -> TestClient {
        var world = smallWorld()
        change(&world.roles[0])
        return TestClient(cloud: Cloud(world))
    }

    @Test func `A session says who it is`() throws {
        let client = try client().signedIn()
        let identity = try client.sts("GetCallerIdentity")
        #expect(identity.element("Account") == "111122223333")
        #expect(identity.element("Arn") == "arn:aws:sts::111122223333:assumed-role/EcrShareOperator/test")
        #expect(client.credentials.keyID.hasPrefix("ASIA"))
        #expect(try self.client().sts("GetCallerIdentity").element("Arn") == AccessKey.platform.arn)
    }

    @Test func `The expiry is the time that was asked for`() throws {
        let client = client { $0.maximumDuration = 43_200 }
        let expected = (client.cloud.now + 900).extended
        let answer = try client.assume(Self.operatorRole, ["DurationSeconds": "900"])
        // The clock may pass a second between the two.
        let late = (client.cloud.now + 900).extended
        let expiration = try #require(answer.element("Expiration"))
        #expect((expected...late).contains(expiration))
    }

    @Test(
        arguments: [
            (["999900001111"], true), (["arn:aws:iam::999900001111:root"], true),
            ([AccessKey.platform.arn], true), (["*"], true), ([], false), (["111122223333"], false),
            (["arn:aws:iam::999900001111:user/another"], false),
        ] as [([String], Bool)])
    func `Only who is trusted may assume a role`(trusts: [String], isAllowed: Bool) throws {
        let answer = try client { $0.trusts = trusts }.assume()
        #expect(answer.code == (isAllowed ? nil : "AccessDenied"))
        #expect(answer.status == (isAllowed ? 200 : 403))
    }

    @Test func `A missing role, a wrong external id and a denied role look alike`() throws {
        let client = client { $0.externalID = "secret-word" }
        let answers = [
            try client.assume(Self.operatorRole), try client.assume(Self.operatorRole, ["ExternalId": "other"]),
            try self.client { $0.isDenied = true }.assume(Self.operatorRole),
            try self.client { $0.name = "Other" }.assume(Self.operatorRole),
        ]
        #expect(Set(answers.map(\.code)) == ["AccessDenied"])
        #expect(Set(answers.map(\.message)).count == 1)
        #expect(answers[0].message?.contains("secret-word") == false)
        #expect(try client.assume(Self.operatorRole, ["ExternalId": "secret-word"]).status == 200)
    }

    @Test(
        arguments: [
            (["DurationSeconds": "899"], "ValidationError"), (["DurationSeconds": "43201"], "ValidationError"),
            (["DurationSeconds": "3601"], "ValidationError"), (["DurationSeconds": "x"], "MalformedInput"),
            (["RoleSessionName": "a"], "ValidationError"), (["RoleSessionName": "with space"], "ValidationError"),
            (["RoleSessionName": "a/b"], "ValidationError"), (["RoleSessionName": "user=+,.@-_1"], nil),
            (["RoleArn": "short"], "ValidationError"), (["ExternalId": "x"], "ValidationError"),
            (["Policy": "{"], "MalformedPolicyDocument"), (["Version": "2012-01-01"], "InvalidAction"),
        ] as [([String: String], String?)])
    func `Parameters are checked`(parameters: [String: String], code: String?) throws {
        #expect(try client().assume(Self.operatorRole, parameters).code == code)
    }

    @Test func `A session policy may have 2048 characters and no more`() throws {
        let policy = #"{"Statement":{"Effect":"Allow","Action":"ecr:*","Resource":"*"}}"#
        let longest = policy + String(repeating: " ", count: 2048 - policy.utf8.count)
        let answer = try client().assume(Self.operatorRole, ["Policy": longest])
        #expect(answer.element("PackedPolicySize") == "100")
        #expect(try client().assume(Self.operatorRole, ["Policy": longest + " "]).code == "ValidationError")
    }

    @Test func `A session does only what its policy allows`() throws {
        let policy = #"""
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ecr:Get*","ecr:DescribeRepositories"],
            "Resource":"arn:aws:ecr:*:111122223333:repository/*"}]}
            """#
        let client = try client().signedIn(Self.operatorRole, ["Policy": policy])
        #expect(try client.get("base/java").code == "RepositoryPolicyNotFoundException")
        #expect(try client.ecr("DescribeRepositories").status == 200)
        let refused = try client.set("base/java", pullPolicy())
        #expect(refused.code == "AccessDeniedException")
        #expect(refused.message?.contains("ecr:SetRepositoryPolicy on resource: arn:aws:ecr:us-east-1:") == true)
        #expect(try client.ecr("GetRegistryPolicy").code == "AccessDeniedException")
        #expect(try client.assume(Self.operatorRole).code == "AccessDenied")
    }

    @Test func `Roles can be chained for an hour and no more`() throws {
        var world = smallWorld()
        var hub = Role(account: "999900001111", name: "teams/Hub", trusts: [AccessKey.platform.arn])
        hub.maximumDuration = 43_200
        world.roles.append(hub)
        world.roles[0].trusts = [hub.arn]
        world.roles[0].maximumDuration = 43_200
        let platform = TestClient(cloud: Cloud(world))
        #expect(try platform.assume().code == "AccessDenied")
        let chained = try platform.signedIn(hub.arn, ["DurationSeconds": "43200"])
        #expect(try chained.sts("GetCallerIdentity").element("Arn")?.contains("assumed-role/Hub/test") == true)
        #expect(try chained.assume(Self.operatorRole, ["DurationSeconds": "3600"]).status == 200)
        let tooLong = try chained.assume(Self.operatorRole, ["DurationSeconds": "3601"])
        #expect(tooLong.code == "ValidationError")
        #expect(tooLong.message?.contains("role chaining") == true)
    }

    @Test func `A session ends when it expires`() throws {
        let client = try client().signedIn()
        client.cloud.advanceClock(bySeconds: 3590)
        #expect(try client.ecr("DescribeRepositories").status == 200)
        client.cloud.advanceClock(bySeconds: 11)
        #expect(try client.ecr("DescribeRepositories").code == "ExpiredTokenException")
        #expect(try client.sts("GetCallerIdentity").code == "ExpiredToken")
    }

    @Test func `Errors are XML with a request id`() throws {
        let answer = try client().sts("Nothing")
        #expect(answer.code == "InvalidAction")
        #expect(answer.element("Type") == "Sender")
        #expect(answer.element("RequestId") == answer.reply.headers["x-amzn-requestid"].first)
    }
}

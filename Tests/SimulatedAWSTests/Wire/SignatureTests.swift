import NIOHTTP1
import Testing

@testable import SimulatedAWS

/// Requests that other programs signed.
@Suite struct SignatureVectorTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        var name: String
        var method = "POST"
        var uri = "/"
        var headers: [(String, String)]
        var body = ""
        var scope: String
        var signature: String

        var testDescription: String { name }
    }

    /// The first is from AWS's public test suite for signers, the others were signed with botocore 1.43.11.
    static let vectors = [
        Vector(
            name: "get-vanilla",
            method: "GET",
            headers: [("Host", "example.amazonaws.com"), ("X-Amz-Date", "20150830T123600Z")],
            scope: "20150830/us-east-1/service",
            signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
        ),
        Vector(
            name: "ECR",
            headers: [
                ("host", "api.ecr.eu-west-1.amazonaws.com"), ("content-type", "application/x-amz-json-1.1"),
                ("x-amz-target", "AmazonEC2ContainerRegistry_V20150921.GetRepositoryPolicy"),
                ("x-amz-date", "20260102T030405Z"), ("x-amz-security-token", "TOKEN+/="),
            ],
            body: #"{"repositoryName":"team/app"}"#,
            scope: "20260102/eu-west-1/ecr",
            signature: "b0681ebb9b548145fd9832146db3f50a0205f556821c598a876f0ee49e5aff25"
        ),
        Vector(
            name: "STS",
            headers: [
                ("host", "sts.eu-west-1.amazonaws.com"),
                ("content-type", "application/x-www-form-urlencoded; charset=utf-8"),
                ("x-amz-date", "20260102T030405Z"), ("x-amz-security-token", "TOKEN+/="),
            ],
            body: "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2FR"
                + "&RoleSessionName=s",
            scope: "20260102/eu-west-1/sts",
            signature: "b675fbaf90bdc72d2a339da00426ac19297360e3bc90e12cf427f9b003728e02"
        ),
    ]

    @Test(arguments: vectors)
    func `A signature of another program is computed alike`(vector: Vector) throws {
        let names = vector.headers.map { $0.0.lowercased() }.sorted().joined(separator: ";")
        let authorization =
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\(vector.scope)/aws4_request,SignedHeaders=\(names),Signature=0"
        let request = WireRequest(
            method: vector.method,
            uri: vector.uri,
            headers: HTTPHeaders(vector.headers + [("Authorization", authorization)]),
            body: Array(vector.body.utf8)
        )
        let signature = SignatureCheck().signature(
            of: request,
            try Authorization(request),
            date: try #require(request.header("x-amz-date")),
            secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
        )
        #expect(signature == vector.signature)
    }
}

@Suite struct SignatureCheckTests {
    /// The code of the answer to a call that was spoilt after signing.
    private func code(
        _ client: TestClient,
        service: String = "ecr",
        change: (inout WireRequest) -> Void = { _ in },
        spoil: (inout WireRequest) -> Void = { _ in }
    ) throws -> String? {
        let target = "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories"
        return client.send(
            try client.signed(service: service, target: target, body: "{}", change: change, spoil: spoil)
        ).code
    }

    @Test func `A right signature is accepted`() throws {
        #expect(try code(signedInClient()) == nil)
        #expect(try code(TestClient(cloud: Cloud(smallWorld()))) == nil)
    }

    @Test func `What was signed must not change`() throws {
        let client = try signedInClient()
        #expect(try code(client, spoil: { $0.body = Array("{ }".utf8) }) == "InvalidSignatureException")
        #expect(try code(client, spoil: { $0.uri = "/?x=1" }) == "InvalidSignatureException")
        let host = try code(client, spoil: { $0.headers.replaceOrAdd(name: "host", value: "localhost:1") })
        #expect(host == "InvalidSignatureException")
        let date = try code(
            client,
            spoil: { $0.headers.replaceOrAdd(name: "x-amz-date", value: (client.cloud.now + -1).basic) }
        )
        #expect(date == "InvalidSignatureException")
    }

    @Test func `A header of AWS that was not signed is refused`() throws {
        let client = try signedInClient()
        #expect(
            try code(client, spoil: { $0.headers.add(name: "x-amz-extra", value: "1") }) == "InvalidSignatureException")
        let unsignedToken = try code(
            client,
            change: { $0.headers.remove(name: "x-amz-security-token") },
            spoil: { $0.headers.add(name: "x-amz-security-token", value: client.credentials.token ?? "") }
        )
        #expect(unsignedToken == "InvalidSignatureException")
    }

    @Test func `A wrong key, secret or token is refused by the name that its protocol has for it`() throws {
        var client = try signedInClient()
        client.credentials.secret += "x"
        #expect(try client.ecr("DescribeRepositories").code == "InvalidSignatureException")
        #expect(try client.sts("GetCallerIdentity").code == "SignatureDoesNotMatch")
        client.credentials.token = "another"
        #expect(try client.ecr("DescribeRepositories").code == "UnrecognizedClientException")
        #expect(try client.sts("GetCallerIdentity").code == "InvalidClientTokenId")
        client.credentials.token = nil
        #expect(try client.ecr("DescribeRepositories").code == "UnrecognizedClientException")
        client.credentials.keyID = "AKIANOBODY0000000000"
        #expect(try client.organizations("ListRoots").code == "UnrecognizedClientException")
        #expect(try client.sts("GetCallerIdentity").status == 403)
    }

    @Test func `A request without a signature is refused`() throws {
        let client = try signedInClient()
        let code = try code(client, spoil: { $0.headers.remove(name: "authorization") })
        #expect(code == "MissingAuthenticationTokenException")
        #expect(
            try self.code(client, spoil: { $0.headers.replaceOrAdd(name: "authorization", value: "Basic x") })
                == "IncompleteSignatureException"
        )
    }

    @Test func `The scope must name the service that is called`() throws {
        let client = try signedInClient()
        #expect(try code(client, service: "sts") == "InvalidSignatureException")
    }

    @Test func `Organizations is signed for its own region`() throws {
        var client = TestClient(cloud: Cloud(smallWorld()))
        client.region = "eu-west-1"
        #expect(try client.organizations("ListRoots").code == "InvalidSignatureException")
    }

    @Test func `Credentials of one partition are unknown in another`() throws {
        var client = try signedInClient()
        client.region = "cn-north-1"
        #expect(try client.ecr("DescribeRepositories").code == "UnrecognizedClientException")
    }

    @Test(arguments: [(-901.0, false), (-890, true), (0, true), (890, true), (905, false)])
    func `A date may be fifteen minutes off and no more`(offset: Double, isAccepted: Bool) throws {
        var client = try signedInClient()
        client.clockOffset = offset
        let answer = try client.ecr("DescribeRepositories")
        #expect(answer.code == (isAccepted ? nil : "InvalidSignatureException"))
        #expect(try client.sts("GetCallerIdentity").code == (isAccepted ? nil : "SignatureDoesNotMatch"))
        if !isAccepted { #expect(answer.message?.contains("15 min") == true) }
        #expect(answer.reply.headers.contains(name: "date"))
    }

    @Test func `The code for a wrong date can be chosen`() throws {
        var faults = Faults()
        faults.skewErrorCode = "RequestExpired"
        var client = try signedInClient(faults: faults)
        client.clockOffset = -3600
        #expect(try client.ecr("DescribeRepositories").code == "RequestExpired")
        #expect(try client.sts("GetCallerIdentity").code == "RequestExpired")
    }
}

import NIOHTTP1
import Testing

@testable import SimulatedAWS

/// Credentials in a test: a key, or what AssumeRole gave.
struct Credentials {
    var keyID: String
    var secret: String
    var token: String?

    static let platform = Credentials(keyID: AccessKey.platform.id, secret: AccessKey.platform.secret)
}

/// What came back, read as JSON or XML.
struct Answer {
    var reply: Reply

    var status: Int { Int(reply.status.code) }
    var text: String { String(decoding: reply.body, as: UTF8.self) }
    var json: JSON? { try? JSON(parsing: reply.body) }

    /// AWS's error code in either protocol.
    var code: String? { json?["__type"]?.string ?? element("Code") }
    var message: String? { json?["message"]?.string ?? json?["Message"]?.string ?? element("Message") }
    var policyText: String? { json?["policyText"]?.string }

    /// The text of the first element of that name.
    func element(_ name: String) -> String? {
        guard let start = text.firstRange(of: "<\(name)>"), let end = text.firstRange(of: "</\(name)>") else {
            return nil
        }
        return String(text[start.upperBound..<end.lowerBound])
    }
}

/// Signs requests and hands them to a cloud without a socket.
struct TestClient {
    let cloud: Cloud
    var credentials = Credentials.platform
    var region = "us-east-1"
    /// How far the client's clock is ahead of the world's.
    var clockOffset = 0.0

    /// A signed request; `change` may spoil it before and `spoil` after signing.
    func signed(
        service: String,
        target: String? = nil,
        body: String,
        change: (inout WireRequest) -> Void = { _ in },
        spoil: (inout WireRequest) -> Void = { _ in }
    ) throws -> WireRequest {
        let date = (cloud.now + clockOffset).basic
        var request = WireRequest(method: "POST", uri: "/", headers: HTTPHeaders(), body: Array(body.utf8))
        request.headers.add(name: "Host", value: "127.0.0.1:1")
        request.headers.add(name: "X-Amz-Date", value: date)
        let type = target == nil ? "application/x-www-form-urlencoded; charset=utf-8" : "application/x-amz-json-1.1"
        request.headers.add(name: "Content-Type", value: type)
        if let target { request.headers.add(name: "X-Amz-Target", value: target) }
        if let token = credentials.token { request.headers.add(name: "X-Amz-Security-Token", value: token) }
        change(&request)
        let names = request.headers.map { $0.name.lowercased() }.filter { $0 != "authorization" }.sorted()
        let scope = "\(credentials.keyID)/\(date.prefix(8))/\(region)/\(service)/aws4_request"
        func add(_ signature: String) {
            request.headers.replaceOrAdd(
                name: "Authorization",
                value: "AWS4-HMAC-SHA256 Credential=\(scope), SignedHeaders=\(names.joined(separator: ";")), "
                    + "Signature=\(signature)"
            )
        }
        add("0")
        let authorization = try Authorization(request)
        add(SignatureCheck().signature(of: request, authorization, date: date, secret: credentials.secret))
        spoil(&request)
        return request
    }

    /// Sends and ends the time in flight at once.
    func send(_ request: WireRequest) -> Answer {
        let reply = cloud.reply(to: request)
        if let key = reply.key { cloud.finish(key) }
        return Answer(reply: reply)
    }

    func ecr(_ operation: String, _ input: JSON = [:]) throws -> Answer {
        let target = "AmazonEC2ContainerRegistry_V20150921.\(operation)"
        return send(try signed(service: "ecr", target: target, body: input.compact))
    }

    func organizations(_ operation: String, _ input: JSON = [:]) throws -> Answer {
        let target = "AWSOrganizationsV20161128.\(operation)"
        return send(try signed(service: "organizations", target: target, body: input.compact))
    }

    func sts(_ action: String, _ parameters: [String: String] = [:]) throws -> Answer {
        let all = parameters.merging(["Action": action, "Version": "2011-06-15"]) { given, _ in given }
        let body = all.sorted { $0.key < $1.key }.map { "\($0.key)=\(percentEncoded($0.value))" }
        return send(try signed(service: "sts", body: body.joined(separator: "&")))
    }

    func assume(
        _ role: String = "arn:aws:iam::111122223333:role/EcrShareOperator",
        _ parameters: [String: String] = [:]
    ) throws -> Answer {
        try sts("AssumeRole", ["RoleArn": role, "RoleSessionName": "test"].merging(parameters) { _, given in given })
    }

    /// The client with the credentials that AssumeRole gave.
    func signedIn(
        _ role: String = "arn:aws:iam::111122223333:role/EcrShareOperator",
        _ parameters: [String: String] = [:]
    ) throws -> TestClient {
        let answer = try assume(role, parameters)
        let token: String = try #require(answer.element("SessionToken"))
        var client = self
        client.credentials = Credentials(
            keyID: try #require(answer.element("AccessKeyId")),
            secret: try #require(answer.element("SecretAccessKey")),
            token: token
        )
        return client
    }

    func get(_ name: String) throws -> Answer { try ecr("GetRepositoryPolicy", ["repositoryName": .string(name)]) }

    func set(_ name: String, _ policy: String) throws -> Answer {
        try ecr("SetRepositoryPolicy", ["repositoryName": .string(name), "policyText": .string(policy)])
    }

    private func percentEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            let scalar = Unicode.Scalar(byte)
            if scalar.properties.isAlphabetic && scalar.isASCII || ("0"..."9").contains(scalar)
                || "-_.~".unicodeScalars.contains(scalar)
            {
                return String(scalar)
            }
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.count == 1 ? "0" : "") + digits
        }.joined()
    }
}

/// Two owner accounts with two repositories each in one region, and the operator role.
func smallWorld() -> World {
    var world = World()
    for account in ["111122223333", "222233334444"] {
        world.addOperatorRole(account: account)
        for name in ["base/java", "base/python"] {
            world.addRepository(account: account, region: "us-east-1", name: name)
        }
    }
    return world
}

/// A policy that grants a pull to one principal.
func pullPolicy(_ principal: String = "444455556666") -> String {
    #"{"Version":"2008-10-17","Statement":[{"Sid":"AllowPull","Effect":"Allow","Principal":{"AWS":"\#(principal)"},"#
        + #""Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage"]}]}"#
}

/// A client of a fresh world, signed in to 111122223333.
func signedInClient(_ world: World = smallWorld(), faults: Faults = Faults()) throws -> TestClient {
    try TestClient(cloud: Cloud(world, faults: faults)).signedIn()
}

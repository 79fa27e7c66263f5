import OrderedJSON
import Synchronization
import Testing

@testable import AWSClient

@Suite struct ECRClientTests {
    private func withECR<Value>(
        _ handler: @escaping LoopbackServer.Handler,
        _ body: (ECRClient, LoopbackServer) async throws -> Value
    ) async throws -> Value {
        try await withLoopbackServer(handler) { server in
            try await withCaller { caller in
                let ecr = ECRClient(
                    caller: caller,
                    registry: try .sample(),
                    endpoint: Endpoint(url: try server.url, signingRegion: "eu-west-1"),
                    credentials: .fixed()
                )
                return try await body(ecr, server)
            }
        }
    }

    private static let policy = "{\n  \"Version\" : \"2008-10-17\",\n  \"Statement\" : [ ]\n}"
    private static let answer =
        #"{"registryId":"111122223333","repositoryName":"team/app","policyText":"{\n  \"Version\" : \"2008-10-17\",\n  \"Statement\" : [ ]\n}"}"#

    @Test func `A policy is read as ECR prints it`() async throws {
        try await withECR { _ in
            .answer(body: Self.answer)
        } _: { ecr, server in
            let policy = try await ecr.repositoryPolicy(of: "team/app")
            #expect(policy == Self.policy)
            let received = try #require(server.requests.first)
            #expect(received.text == #"{"registryId":"111122223333","repositoryName":"team/app"}"#)
            #expect(
                received.headers["x-amz-target"] == "AmazonEC2ContainerRegistry_V20150921.GetRepositoryPolicy"
            )
            #expect(received.headers["content-type"] == "application/x-amz-json-1.1")
            #expect(received.headers["authorization"]?.contains("/eu-west-1/ecr/aws4_request") == true)
        }
    }

    @Test func `A policy is written, and what ECR returned comes back`() async throws {
        try await withECR { _ in
            .answer(body: Self.answer)
        } _: { ecr, server in
            let text = "{\"Sid\":\"a \\\"b\\\" ü\",\n\t\"x\":1}"
            let stored = try await ecr.policyWrite(text, of: "team/app").now()
            #expect(stored == Self.policy)
            let received = try #require(server.requests.first)
            let body = try JSONValue(lenient: received.body)
            #expect(body["policyText"]?.string == text)
            #expect(body["force"] == nil)
            #expect(received.operation == "SetRepositoryPolicy")
        }
    }

    @Test func `A policy is deleted`() async throws {
        try await withECR { _ in
            .answer(body: Self.answer)
        } _: { ecr, server in
            let deleted = try await ecr.policyWrite(nil, of: "team/app").now()
            #expect(deleted == Self.policy)
            #expect(server.requests.first?.operation == "DeleteRepositoryPolicy")
        }
    }

    @Test func `Only ECR's own word for it is no policy`() async throws {
        let body = #"{"__type":"RepositoryPolicyNotFoundException","message":"Repository policy does not exist"}"#
        try await withECR { _ in
            .answer(status: 400, body: body)
        } _: { ecr, _ in
            let policy = try await ecr.repositoryPolicy(of: "team/app")
            #expect(policy == nil)
            let failure = await error { () async throws(AWSError) in
                try await ecr.policyWrite(nil, of: "team/app").now()
            }
            #expect(failure?.isRepositoryPolicyNotFound == true)
        }
    }

    @Test(arguments: [
        "", "{}", "[]", "null", "{\"policyText\":null}", "{\"policyText\":\"\"}", "{\"policyText\":{}}", "<html>",
        String(answer.dropLast(1)), String(answer.dropLast(30)), "{\"policyText\":\"\u{1}\"}",
    ]) func `A failed read is never an empty policy`(body: String) async throws {
        try await withECR { _ in
            .answer(headers: ["x-amzn-requestid": "r"], body: body)
        } _: { ecr, server in
            let read = await error { () async throws(AWSError) in try await ecr.repositoryPolicy(of: "team/app") }
            #expect(read?.code == "unreadable-answer")
            #expect(read?.outcomeIsUnknown == false)
            let write = await error { () async throws(AWSError) in try await ecr.policyWrite("{}", of: "ab").now() }
            #expect(write?.code == "unreadable-answer")
            #expect(write?.outcomeIsUnknown == true)
            #expect(server.requests.count == 2)
        }
    }

    private static func absence(_ repository: String = "team/app", registry: String = "111122223333") -> String {
        #"{"__type":"RepositoryPolicyNotFoundException","message":"Repository policy does not exist for the "#
            + #"repository with name '\#(repository)' in the registry with id '\#(registry)'"}"#
    }

    @Test(
        arguments: [
            (500, [:], absence()), (502, [:], absence()), (503, [:], absence()), (404, [:], absence()),
            (403, [:], absence()),
            (307, [:], absence()), (429, [:], absence()),
            (400, ["X-Amzn-ErrorType": "RepositoryPolicyNotFoundException"], ""),
            (400, ["X-Amzn-ErrorType": "RepositoryPolicyNotFoundException"], "<html>"),
            (502, ["X-Amzn-ErrorType": "RepositoryPolicyNotFoundException"], "<html>"),
            (400, [:], STSClientTests.errorAnswer("RepositoryPolicyNotFoundException")),
            (400, [:], #"{"code":"RepositoryPolicyNotFoundException"}"#),
            (400, ["X-Amzn-ErrorType": "ThrottlingException"], absence()),
            (400, [:], absence("team/other")), (400, [:], absence(registry: "999999999999")),
            (
                400, [:],
                #"{"__type":"RepositoryNotFoundException","message":"The repository with name 'b' does not exist"}"#
            ),
        ] as [(Int, [String: String], String)])
    func `That there is none is believed only in ECR's own form, about this repository`(
        status: Int, headers: [String: String], body: String
    ) async throws {
        try await withECR { _ in
            .answer(status: status, headers: headers, body: body)
        } _: { ecr, _ in
            let read = await error { () async throws(AWSError) in try await ecr.repositoryPolicy(of: "team/app") }
            #expect(read?.code == "unreadable-answer", "\(read.debugDescription)")
            #expect(read?.isRepositoryPolicyNotFound == false && read?.isRepositoryNotFound == false)
            let write = await error { () async throws(AWSError) in
                try await ecr.policyWrite(nil, of: "team/app").now()
            }
            #expect(write?.outcomeIsUnknown == true)
        }
    }

    @Test func `ECR's own words about this repository are believed`() async throws {
        for headers in [[:], ["X-Amzn-ErrorType": "RepositoryPolicyNotFoundException:"]] {
            try await withECR { _ in
                .answer(status: 400, headers: headers, body: Self.absence())
            } _: { ecr, _ in
                let policy = try await ecr.repositoryPolicy(of: "team/app")
                #expect(policy == nil)
            }
        }
    }

    @Test(arguments: [
        #""registryId":"111122223333","repositoryName":"team/other""#,
        #""registryId":"999999999999","repositoryName":"team/app""#,
        #""repositoryName":"team/app""#, #""registryId":"111122223333""#,
        #""registryId":111122223333,"repositoryName":"team/app""#,
    ]) func `A policy of another repository or registry is not taken for this one's`(members: String) async throws {
        try await withECR { _ in
            .answer(body: #"{\#(members),"policyText":"{}"}"#)
        } _: { ecr, _ in
            let read = await error { () async throws(AWSError) in try await ecr.repositoryPolicy(of: "team/app") }
            #expect(read?.code == "unreadable-answer")
            let write = await error { () async throws(AWSError) in
                try await ecr.policyWrite("{}", of: "team/app").now()
            }
            #expect(write?.code == "unreadable-answer" && write?.outcomeIsUnknown == true)
        }
    }

    @Test(arguments: [
        #"{"registryId":"999999999999","policyText":"{}"}"#, #"{"policyText":"{}"}"#,
    ]) func `A registry policy of another registry is an error`(body: String) async throws {
        try await withECR { _ in
            .answer(body: body)
        } _: { ecr, _ in
            let failure = await error { () async throws(AWSError) in try await ecr.registryPolicy() }
            #expect(failure?.code == "unreadable-answer")
        }
    }

    @Test(arguments: [("999999999999", "eu-west-1"), ("111122223333", "us-east-1")])
    func `A list with a repository of elsewhere is an error`(account: String, region: String) async throws {
        let page = Self.page(["a"], next: nil)
        let wrong = page.replacing("111122223333", with: account).replacing("eu-west-1", with: region)
        try await withECR { _ in
            .answer(body: wrong)
        } _: { ecr, _ in
            let failure = await error { () async throws(AWSError) in try await ecr.repositories() }
            #expect(failure?.code == "unreadable-answer")
        }
    }

    @Test(arguments: [
        (400, #"{"__type":"RepositoryNotFoundException","message":"m"}"#, "RepositoryNotFoundException"),
        (400, #"{"__type":"AccessDeniedException","Message":"m"}"#, "AccessDeniedException"),
        (403, STSClientTests.errorAnswer("RepositoryPolicyNotFound"), "RepositoryPolicyNotFound"),
        (404, "", "http-404"),
    ]) func `Every other failure of a read is thrown`(status: Int, body: String, code: String) async throws {
        try await withECR { _ in
            .answer(status: status, body: body)
        } _: { ecr, _ in
            let failure = await error { () async throws(AWSError) in try await ecr.repositoryPolicy(of: "team/app") }
            #expect(failure?.code == code)
            #expect(failure?.account == "111122223333")
            #expect(failure?.region == "eu-west-1")
        }
    }

    private static func page(_ names: [String], next: String?) -> String {
        let repositories = names.map {
            #"{"repositoryArn":"arn:aws:ecr:eu-west-1:111122223333:repository/\#($0)","registryId":"111122223333","#
                + #""repositoryName":"\#($0)","createdAt":1.5E9}"#
        }
        let token = next.map { #","nextToken":"\#($0)""# } ?? ""
        return #"{"repositories":[\#(repositories.joined(separator: ","))]\#(token)}"#
    }

    @Test func `Repositories are listed page by page, empty pages included`() async throws {
        let pages = [
            "": Self.page(["a", "b"], next: "t1"), "t1": Self.page([], next: "t2"), "t2": Self.page(["c"], next: nil),
        ]
        try await withECR { request in
            let body = try? JSONValue(lenient: request.body)
            return .answer(body: pages[body?["nextToken"]?.string ?? ""] ?? "")
        } _: { ecr, server in
            let names = try await ecr.repositories().map(\.name)
            #expect(names == ["a", "b", "c"])
            #expect(server.requests.count == 3)
            for request in server.requests {
                let body = try JSONValue(lenient: request.body)
                #expect(body["maxResults"] == .number("1000"))
                #expect(body["registryId"]?.string == "111122223333")
            }
        }
    }

    @Test func `A repeated page token is an error, not a loop`() async throws {
        try await withECR { _ in
            .answer(body: Self.page(["a"], next: "same"))
        } _: { ecr, server in
            let failure = await error { () async throws(AWSError) in try await ecr.repositories() }
            #expect(failure?.message.contains("page token") == true)
            #expect(server.requests.count == 2)
        }
    }

    @Test(arguments: [
        "{}", #"{"repositories":null}"#, #"{"repositories":[{}]}"#, #"{"repositories":[],"nextToken":7}"#,
        #"{"repositories":[{"repositoryName":"a"}]}"#,
    ]) func `A page that lacks something is an error, never a shorter list`(body: String) async throws {
        try await withECR { _ in
            .answer(body: body)
        } _: { ecr, _ in
            let failure = await error { () async throws(AWSError) in try await ecr.repositories() }
            #expect(failure?.code == "unreadable-answer")
        }
    }
}

extension PolicyWrite {
    /// Takes its turn and is sent, without a look in between.
    fileprivate func now() async throws(AWSError) -> String {
        try await takeTurn()
        return try await send()
    }
}

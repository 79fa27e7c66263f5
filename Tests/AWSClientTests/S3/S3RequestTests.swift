import AWSValues
import SimulatedAWS
import Testing

@testable import AWSClient

@Suite struct S3RequestTests {
    private func url(_ bucket: S3BucketName, key: String, _ endpoint: Endpoint) async throws -> String {
        try await withCaller { caller async throws in
            let bucket = S3Bucket(bucket, region: endpoint.signingRegion)
            return S3Client(caller, bucket: bucket, endpoint: endpoint, credentials: .fixed())
                .call("GetObject", .get, key: key).request.url.description
        }
    }

    @Test(arguments: [
        ("team", "a/b", "https://team.s3.eu-west-1.amazonaws.com/a/b"),
        ("team", "/ü b", "https://team.s3.eu-west-1.amazonaws.com//%C3%BC%20b"),
        // A certificate's wildcard covers one label.
        ("team.archive", "a", "https://s3.eu-west-1.amazonaws.com/team.archive/a"),
        ("Team_1", "a", "https://s3.eu-west-1.amazonaws.com/Team_1/a"),
    ])
    func `AWS's own hosts have the bucket before them where that is possible`(
        bucket: String, key: String, url: String
    ) async throws {
        let endpoint = try EndpointResolver().endpoint(for: .s3, region: "eu-west-1")
        #expect(try await self.url(try #require(S3BucketName(bucket)), key: key, endpoint) == url)
    }

    @Test(arguments: [
        ("http://127.0.0.1:9000", "http://127.0.0.1:9000/team/a"),
        ("https://store.example/", "https://store.example/team/a"),
        ("https://store.example/base/", "https://store.example/base/team/a"),
        ("https://store.example/base", "https://store.example/base/team/a"),
    ])
    func `Another endpoint has the bucket in the path`(endpoint: String, url: String) async throws {
        for variable in ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"] {
            let configuration = try AWSConfiguration(TestFiles().environment([variable: endpoint]))
            let found = try configuration.endpoints.endpoint(for: .s3, region: "eu-west-1")
            #expect(try await self.url("team", key: "a", found) == url)
        }
    }

    @Test func `A profile's services name an endpoint of S3, and the variable wins`() throws {
        let files = TestFiles([
            "/home/me/.aws/config":
                "[default]\nservices = local\nendpoint_url = https://all.example\n[services local]\ns3 =\n"
                + "  endpoint_url = https://s3.example\n"
        ])
        func host(_ variables: [String: String], _ service: AWSService = .s3) throws -> String {
            try AWSConfiguration(files.environment(variables)).endpoints.endpoint(for: service, region: "eu-west-1").url
                .host
        }
        #expect(try host([:]) == "s3.example")
        #expect(try host([:], .ecr) == "all.example")
        #expect(try host(["AWS_ENDPOINT_URL": "https://v.example"]) == "v.example")
        #expect(
            try host(["AWS_ENDPOINT_URL": "https://v.example", "AWS_ENDPOINT_URL_S3": "https://w.example"])
                == "w.example")
        #expect(try host(["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"]) == "s3.eu-west-1.amazonaws.com")
    }

    @Test func `A put carries its checksum in a header and what was asked for`() async throws {
        try await withLoopbackServer { _ in
            .answer(headers: ["ETag": "\"t\""])
        } _: { server in
            try await withCaller { caller async throws in
                var bucket = S3Bucket("team", region: "eu-west-1", owner: "111122223333", kmsKey: "alias/archive")
                let endpoint = Endpoint(url: try server.url, signingRegion: "eu-west-1", origin: "a test")
                let client = S3Client(caller, bucket: bucket, endpoint: endpoint, credentials: .fixed())
                _ = try await client.put(Array("hello".utf8), at: "k", if: .isAbsent)
                _ = try await client.put([], at: "k", if: .has(try #require(S3Tag("\"a\""))))
                bucket.owner = nil
                _ = try await client.delete("k", if: S3Tag("a"))
                let (put, replace, delete) = (server.requests[0], server.requests[1], server.requests[2])
                #expect(put.method == "PUT" && put.target == "/team/k" && put.text == "hello")
                #expect(put.headers["x-amz-checksum-sha256"] == "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=")
                #expect(put.headers["x-amz-content-sha256"]?.hasPrefix("2cf24dba5fb0a30e") == true)
                #expect(put.headers["x-amz-server-side-encryption"] == "aws:kms")
                #expect(put.headers["x-amz-server-side-encryption-aws-kms-key-id"] == "alias/archive")
                #expect(put.headers["x-amz-expected-bucket-owner"] == "111122223333")
                #expect(put.headers["if-none-match"] == "*" && put.headers["if-match"] == nil)
                #expect(put.headers["transfer-encoding"] == nil && put.headers["content-length"] == "5")
                #expect(replace.headers["if-match"] == "\"a\"" && replace.headers["if-none-match"] == nil)
                #expect(delete.method == "DELETE" && delete.headers["if-match"] == "\"a\"")
                #expect(delete.headers["x-amz-expected-bucket-owner"] == "111122223333")
                #expect(put.headers["authorization"]?.contains("/eu-west-1/s3/aws4_request") == true)
            }
        }
    }

    @Test func `A role's session is opened for the bucket, no stronger than its policy`() async throws {
        var world = World()
        world.buckets = [Bucket("team", region: "eu-west-1", account: "111122223333")]
        world.roles = [Role(account: "111122223333", name: "Archive", trusts: ["999900001111"])]
        try await withSimulatedAWS(world) { server in
            let environment = TestFiles().environment([
                "AWS_ENDPOINT_URL": server.endpoint, "AWS_ACCESS_KEY_ID": AccessKey.platform.id,
                "AWS_SECRET_ACCESS_KEY": AccessKey.platform.secret,
            ])
            try await withAWS(try AWSConfiguration(environment)) { aws async throws in
                let bucket = S3Bucket("team", region: "eu-west-1", owner: "111122223333")
                let base = try aws.s3(bucket, role: nil, policy: nil)
                let refused = await error { () async throws(AWSError) in try await base.object(at: "k", limit: 9) }
                #expect(refused?.isAccessDenied == true)
                let policy =
                    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:PutObject","s3:ListBucket"],"#
                    + #""Resource":"arn:aws:s3:::team*"}]}"#
                let archive = try aws.s3(bucket, role: "arn:aws:iam::111122223333:role/Archive", policy: policy)
                #expect(try await archive.put([1], at: "k", if: .isAbsent).word == "stored")
                #expect(try await archive.objects(prefix: "").count == 1)
                let denied = await error { () async throws(AWSError) in try await archive.object(at: "k", limit: 9) }
                #expect(denied?.advice?.contains("session's own policy") == true)
                #expect(server.cloud.count("AssumeRole").total == 1)
                let missing = try aws.s3(bucket, role: "arn:aws:iam::111122223333:role/None", policy: nil)
                let failure = await error { () async throws(AWSError) in try await missing.put([], at: "k") }
                #expect(failure?.isSignInFailure == true)
            }
        }
    }

    @Test(arguments: ["team", "a-b", "team.archive", "123", "Old_Bucket", String(repeating: "a", count: 255)])
    func `A bucket's name is accepted`(name: String) {
        #expect(S3BucketName(name)?.description == name)
    }

    @Test(arguments: [
        "", "ab", "-ab", "ab-", ".ab", "a/b", "a b", "ä-b", "team--usw2-az1--x-s3", String(repeating: "a", count: 256),
        "a\nb", "arn:aws:s3:::x",
    ])
    func `What is no bucket's name is refused`(name: String) {
        #expect(S3BucketName(name) == nil)
    }

    @Test func `A tag is opaque, with or without quotes`() {
        #expect(S3Tag("\"abc-2\"") == S3Tag("abc-2") && S3Tag("abc")?.header == "\"abc\"")
        #expect(S3Tag("W/\"abc\"")?.header == "W/\"abc\"")
        for text in ["", "\"\"", "*", "a b", "a\nb", "ü", String(repeating: "a", count: 257)] {
            #expect(S3Tag(text) == nil, "\(text)")
        }
    }
}

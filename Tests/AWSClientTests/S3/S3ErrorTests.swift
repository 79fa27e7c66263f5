import AWSValues
import SimulatedAWS
import Testing

@testable import AWSClient

@Suite struct S3ErrorTests {
    @Test(arguments: Bucket.WrongRegionAnswer.allCases)
    func `A wrong region is answered with the right one`(answer: Bucket.WrongRegionAnswer) async throws {
        try await withSimulatedS3(world: { $0.buckets[0].wrongRegionAnswer = answer }) { s3 async throws in
            let client = s3.client(S3Bucket("team", region: "us-west-2"))
            let failure = try #require(
                await error { () async throws(AWSError) in try await client.object(at: "k", limit: 9) })
            #expect(failure.regionOfBucket == "eu-west-1")
            #expect(
                failure.description.contains("team is in eu-west-1, not in us-west-2: pass --archive-region eu-west-1"))
            #expect(failure.description.hasPrefix("S3 GetObject of s3://team/k in us-west-2: "))
            // Without S3's word for the region, the region is only suspected.
            s3.cloud.setFaults(Faults(FaultRule(.refuse(code: "PermanentRedirect", message: "no", status: 301))))
            let other = await error { () async throws(AWSError) in try await client.delete("k") }
            #expect(other?.regionOfBucket == nil && other?.advice?.contains("another region than us-west-2") == true)
        }
    }

    @Test func `A missing bucket is no missing object`() async throws {
        try await withSimulatedS3 { s3 async throws in
            let client = s3.client(S3Bucket("nobody", region: SimulatedS3.region))
            let tag = try #require(S3Tag("0"))
            for failure in [
                await error { () async throws(AWSError) in try await client.object(at: "k", limit: 9) },
                await error { () async throws(AWSError) in try await client.put([], at: "k", if: .isAbsent) },
                await error { () async throws(AWSError) in try await client.put([], at: "k", if: .has(tag)) },
                await error { () async throws(AWSError) in try await client.delete("k", if: tag) },
                await error { () async throws(AWSError) in try await client.objects(prefix: "") },
            ] {
                #expect(failure?.isBucketNotFound == true)
                #expect(failure?.advice?.contains("There is no bucket nobody") == true)
            }
        }
    }

    @Test(arguments: [
        (404, "<html>"), (404, ""), (404, #"{"__type":"NoSuchKey"}"#), (403, document("NoSuchKey")),
        (404, document("NoSuchUpload")), (200, ""), (204, ""), (206, "x"),
    ])
    func `Only S3's own word for it is a missing object`(status: Int, body: String) async throws {
        let rule = FaultRule(.answer(status: status, body: body))
        try await withSimulatedS3(faults: Faults(rule)) { s3 async throws in
            #expect(await error { () async throws(AWSError) in try await s3.client.object(at: "k", limit: 9) } != nil)
        }
    }

    @Test(arguments: [
        (412, "<html>"), (409, ""), (404, "<html>"), (412, document("NoSuchKey")), (409, document("Other")),
    ])
    func `Only S3's own word decides a condition`(status: Int, body: String) async throws {
        try await withSimulatedS3(faults: Faults(FaultRule(.answer(status: status, body: body)))) { s3 async throws in
            let tag = try #require(S3Tag("0"))
            for condition in [S3Condition.isAbsent, .has(tag)] {
                let failure = await error { () async throws(AWSError) in
                    try await s3.client.put([], at: "k", if: condition)
                }
                #expect(failure?.httpStatus == status)
            }
        }
    }

    @Test func `A refusal names the statement that is missing, and what else it may be`() async throws {
        let policy = PermissionPolicy(
            parsing: #"{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::team/*"}]}"#)
        try await withSimulatedS3(world: { world in
            var role = Role(account: SimulatedS3.owner, name: "Archive", trusts: [SimulatedS3.owner])
            role.permissions = policy
            world.roles = [role]
        }) { s3 async throws in
            let sts = STSClient(
                caller: s3.caller, endpoint: Endpoint(url: s3.endpoint.url, signingRegion: "eu-west-1"),
                credentials: .fixed(.platform))
            let session = try await sts.assumeRole(
                AssumeRoleRequest(roleARN: "arn:aws:iam::\(SimulatedS3.owner):role/Archive", sessionName: "archive"))
            let bucket = S3Bucket("team", region: SimulatedS3.region)
            let client = s3.client(bucket, credentials: session.credentials)
            let put = await error { () async throws(AWSError) in try await client.put([], at: "a/k") }
            #expect(
                put?.advice?.contains(#"{"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::team/a/k"}"#)
                    == true)
            let list = await error { () async throws(AWSError) in try await client.objects(prefix: "") }
            #expect(list?.advice?.contains(#""Action":"s3:ListBucket","Resource":"arn:aws:s3:::team""#) == true)
            // As S3 answers an older caller, and to a key that is not there.
            s3.cloud.setFaults(Faults(FaultRule(.refuse(code: "AccessDenied", message: "Access Denied", status: 403))))
            let get = await error { () async throws(AWSError) in try await client.object(at: "a/k", limit: 9) }
            #expect(get?.isAccessDenied == true && get?.isObjectNotFound == false)
            #expect(get?.advice?.contains(#""Action":"s3:GetObject","Resource":"arn:aws:s3:::team/a/k""#) == true)
            #expect(get?.advice?.contains("the object does not exist and the caller lacks s3:ListBucket") == true)
            #expect(get?.advice?.contains("does not belong") == false)
        }
    }

    @Test(arguments: [
        (503, "SlowDown", "AWS throttled every attempt at PutObject in eu-west-1"),
        (403, "RequestTimeTooSkewed", "check this machine's clock"),
        (403, "InvalidAccessKeyId", "AWS does not know these credentials"),
        (400, "KMS.NotFoundException", "--archive-kms-key"), (501, "NotImplemented", "conditional writes"),
        (400, "BadDigest", "nothing was stored"),
    ])
    func `Each failure says what to do next`(status: Int, code: String, advice: String) async throws {
        // Without a date the clock cannot be corrected.
        try await withSimulatedS3(faults: Faults(FaultRule(.refuse(code: code, message: "no", status: status)))) {
            s3 async throws in
            let failure = await error { () async throws(AWSError) in
                try await s3.client.put([], at: "k", if: .isAbsent)
            }
            #expect(failure?.description.contains(advice) == true, "\(String(describing: failure))")
        }
    }

    @Test func `No error repeats the keys, the token or the signature, and all are one line`() async throws {
        let credentials = AWSClient.Credentials(
            accessKeyID: "AKIASANDBOXEXAMPLE00", secretAccessKey: "not/the/secret/of/this/key",
            sessionToken: "TOKEN+/=abcdef")
        try await withSimulatedS3 { s3 async throws in
            let client = s3.client(S3Bucket("team", region: SimulatedS3.region), credentials: credentials)
            let words = "TOKEN+/=abcdef not/the/secret/of/this/key AKIASANDBOXEXAMPLE00\n\u{1B}[31m"
            s3.cloud.setFaults(
                Faults(FaultRule(.refuse(code: "SignatureDoesNotMatch", message: words, status: 403))))
            let failure = try #require(
                await error { () async throws(AWSError) in try await client.put([], at: "k\n\u{1B}[31m", if: .isAbsent)
                })
            for text in [failure.description, failure.explanation, "\(failure)"] {
                for secret in ["TOKEN+", "not/the/secret", "AKIASANDBOX", "\n"] {
                    #expect(!text.contains(secret), "\(text)")
                }
            }
        }
    }

    private static func document(_ code: String) -> String { "<Error><Code>\(code)</Code><Message>m</Message></Error>" }
}

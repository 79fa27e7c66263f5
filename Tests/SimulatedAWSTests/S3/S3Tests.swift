import Foundation
import NIOHTTP1
import Testing

@testable import SimulatedAWS

@Suite struct S3Tests {
    @Test func `Conditions are answered as AWS documents them`() throws {
        let client = try signedInClient(worldWithBuckets())
        func put(_ headers: [String: String], _ body: String = "a") throws -> String {
            try client.s3("PUT", "/team/k", headers, body: body).summary
        }
        #expect(try put(["If-Match": "\"0\""]) == "404 NoSuchKey")
        let first = try client.s3("PUT", "/team/k", ["If-None-Match": "*"], body: "one")
        #expect(first.status == 200)
        let tag = try #require(first.header("etag"))
        let lost = try client.s3("PUT", "/team/k", ["If-None-Match": "*"], body: "two")
        #expect(lost.summary == "412 PreconditionFailed" && lost.element("Condition") == "If-None-Match")
        #expect(try put(["If-Match": "\"0\""]) == "412 PreconditionFailed")
        #expect(try put(["If-None-Match": "\"0\""]) == "501 NotImplemented")
        #expect(client.cloud.object(at: "k", in: "team") == Array("one".utf8))
        #expect(try put(["If-Match": tag], "two") == "200")
        #expect(try client.s3("DELETE", "/team/k", ["If-Match": tag]).summary == "412 PreconditionFailed")
        let second = try client.s3("GET", "/team/k")
        #expect(second.text == "two" && second.header("etag") != tag)
        #expect(try client.s3("DELETE", "/team/k", ["If-Match": second.header("etag") ?? ""]).status == 204)
        #expect(try client.s3("DELETE", "/team/k", ["If-Match": tag]).summary == "404 NoSuchKey")
        #expect(try client.s3("DELETE", "/team/k").status == 204)
        #expect(try client.s3("GET", "/team/k").summary == "404 NoSuchKey")
    }

    @Test func `A versioned bucket keeps what is replaced, and a delete marker counts as absent`() throws {
        let client = try signedInClient(worldWithBuckets { $0.isVersioned = true })
        for body in ["a", "b"] { #expect(try client.s3("PUT", "/team/k", body: body).status == 200) }
        #expect(try client.s3("DELETE", "/team/k").header("x-amz-delete-marker") == "true")
        #expect(try client.s3("GET", "/team/k").status == 404)
        #expect(try client.s3("PUT", "/team/k", ["If-None-Match": "*"], body: "c").header("x-amz-version-id") != nil)
        #expect(
            client.cloud.versions(of: "k", in: "team").map { $0.map { String(decoding: $0, as: UTF8.self) } } == [
                "a", "b", nil, "c",
            ])
    }

    @Test func `A store may ignore the conditions`() throws {
        let client = try signedInClient(worldWithBuckets())
        var faults = Faults()
        faults.ignoresIfNoneMatch = true
        client.cloud.setFaults(faults)
        for body in ["a", "b"] {
            #expect(try client.s3("PUT", "/team/k", ["If-None-Match": "*"], body: body).status == 200)
        }
        #expect(try client.s3("PUT", "/team/k", ["If-Match": "\"0\""]).status == 412)
        faults = try Faults(json: #"{"ignoreIfMatch":true}"#)
        client.cloud.setFaults(faults)
        #expect(try client.s3("PUT", "/team/k", ["If-None-Match": "*"]).status == 412)
        #expect(try client.s3("PUT", "/team/k", ["If-Match": "\"0\""], body: "c").status == 200)
        #expect(try client.s3("DELETE", "/team/k", ["If-Match": "\"0\""]).status == 204)
        #expect(client.cloud.object(at: "k", in: "team") == nil)
    }

    @Test func `Checksums are verified, kept and returned`() throws {
        let client = try signedInClient(worldWithBuckets())
        let sum = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="  // of "hello"
        let names = ["x-amz-checksum-sha256": sum]
        #expect(try client.s3("PUT", "/team/k", names, body: "hellO").summary == "400 BadDigest")
        #expect(try client.s3("PUT", "/team/k", ["content-md5": sum], body: "hello").summary == "400 BadDigest")
        #expect(try client.s3("PUT", "/team/k", ["x-amz-checksum-md9": "a"]).summary == "501 NotImplemented")
        #expect(client.cloud.object(at: "k", in: "team") == nil)
        let stored = try client.s3("PUT", "/team/k", names, body: "hello")
        #expect(stored.header("x-amz-checksum-sha256") == sum)
        #expect(try client.s3("GET", "/team/k").header("x-amz-checksum-sha256") == nil)
        let read = try client.s3("GET", "/team/k", ["x-amz-checksum-mode": "ENABLED"])
        #expect(read.header("x-amz-checksum-sha256") == sum)
        let head = try client.s3("HEAD", "/team/k")
        #expect(head.status == 200 && head.reply.body.isEmpty && head.header("content-length") == "5")
        #expect(try client.s3("HEAD", "/team/none").reply.body.isEmpty)
    }

    @Test func `The signature, the date and the hash of the body are checked`() throws {
        let client = try signedInClient(worldWithBuckets())
        let put = try client.s3Request("PUT", "/team/k", body: "a") { _ in
        } spoil: {
            $0.body = Array("b".utf8)
        }
        #expect(client.send(put).summary == "400 XAmzContentSHA256Mismatch")
        let moved = try client.s3Request("PUT", "/team/k", body: "a") { _ in
        } spoil: {
            $0.uri = "/team/l"
        }
        #expect(client.send(moved).summary == "403 SignatureDoesNotMatch")
        let bare = try client.s3Request(
            "PUT", "/team/k", body: "a",
            change: {
                $0.headers.remove(name: "x-amz-content-sha256")
            })
        #expect(client.send(bare).summary == "400 InvalidRequest")
        let unsigned = ["x-amz-content-sha256": "UNSIGNED-PAYLOAD"]
        #expect(try client.s3("PUT", "/team/k", unsigned, body: "a").status == 200)
        let chunked = ["x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER"]
        #expect(try client.s3("PUT", "/team/k", chunked, body: "a").summary == "501 NotImplemented")
        let anonymous = WireRequest(method: "GET", uri: "/team/k", headers: [:], body: [])
        #expect(client.send(anonymous).summary == "403 AccessDenied")
        var late = client
        late.clockOffset = -1000
        #expect(try late.s3("GET", "/team/k").summary == "403 RequestTimeTooSkewed")
        var stranger = client
        stranger.credentials.keyID = "AKIANOBODY"
        #expect(try stranger.s3("GET", "/team/k").summary == "403 InvalidAccessKeyId")
        client.cloud.expireSessions(account: "111122223333")
        #expect(try client.s3("GET", "/team/k").summary == "400 ExpiredToken")
    }

    @Test(arguments: [
        "/team/a%20b", "/team/a%2Bb", "/team//b", "/team/%2Fb", "/team/../b", "/team/a~b", "/team/%C3%A9:%3A",
        "/team/.", "/team/%F0%9F%90%B3/",
    ])
    func `A key is the path decoded once, whatever it begins with`(uri: String) throws {
        let client = try signedInClient(worldWithBuckets())
        #expect(try client.s3("PUT", uri, body: uri).status == 200)
        #expect(try client.s3("GET", uri).text == uri)
        let key = try #require(String(uri.dropFirst("/team/".count)).removingPercentEncoding)
        #expect(client.cloud.keys(in: "team") == [key])
        // In the host, the bucket leaves the path to the key.
        let path = "/" + uri.dropFirst("/team/".count)
        for host in ["team.s3.us-east-1.amazonaws.com", "team.s3-fips.us-east-1.amazonaws.com", "team.localhost:80"] {
            let request = try client.s3Request(
                "GET", path, change: { $0.headers.replaceOrAdd(name: "Host", value: host) })
            #expect(client.send(request).text == uri)
        }
    }

    @Test func `A range is a part of the object, with the size of all`() throws {
        let client = try signedInClient(worldWithBuckets())
        #expect(try client.s3("PUT", "/team/k", body: "0123456789").status == 200)
        for (range, body, content) in [
            ("bytes=0-3", "0123", "bytes 0-3/10"), ("bytes=8-", "89", "bytes 8-9/10"),
            ("bytes=-2", "89", "bytes 8-9/10"),
            ("bytes=5-99", "56789", "bytes 5-9/10"),
        ] {
            let part = try client.s3("GET", "/team/k", ["Range": range])
            #expect(part.status == 206 && part.text == body && part.header("content-range") == content)
        }
        let behind = try client.s3("GET", "/team/k", ["Range": "bytes=10-"])
        #expect(behind.summary == "416 InvalidRange" && behind.element("ActualObjectSize") == "10")
        for range in ["bytes=3-1", "lines=1-2"] {
            #expect(try client.s3("GET", "/team/k", ["Range": range]).status == 200)
        }
    }

    @Test func `Keys are told apart by their bytes`() throws {
        let client = try signedInClient(worldWithBuckets())
        for uri in ["/team/%C3%A9", "/team/e%CC%81"] {
            #expect(try client.s3("PUT", uri, ["If-None-Match": "*"], body: uri).status == 200)
        }
        #expect(try client.s3("PUT", "/team/%FF").summary == "400 InvalidURI")
        let long = String(repeating: "k", count: 1025)
        #expect(try client.s3("PUT", "/team/\(long)").summary == "400 KeyTooLongError")
        #expect(try client.s3("PUT", "/team/\(long.dropLast())").status == 200)
    }

    @Test(arguments: [
        (Bucket.WrongRegionAnswer.redirect, "301 PermanentRedirect"),
        (.malformed, "400 AuthorizationHeaderMalformed"), (.location, "400 IllegalLocationConstraintException"),
    ])
    func `A bucket elsewhere says where`(answer: Bucket.WrongRegionAnswer, summary: String) throws {
        var client = try signedInClient(worldWithBuckets { $0.wrongRegionAnswer = answer })
        client.region = "eu-west-1"
        let refused = try client.s3("GET", "/team/k")
        #expect(refused.summary == summary && refused.header("x-amz-bucket-region") == "us-east-1")
        #expect(try client.s3("GET", "/other/k").summary == "404 NoSuchBucket")
    }

    @Test func `Owner, role and bucket decide who may do what`() throws {
        let reader = PermissionPolicy(
            parsing: #"{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::team/a/*"}]}"#)
        var world = worldWithBuckets()
        var role = Role(account: "111122223333", name: "Reader", trusts: ["999900001111"])
        role.permissions = reader
        world.roles.append(role)
        let platform = TestClient(cloud: Cloud(world))
        let client = try platform.signedIn()
        #expect(try client.s3("PUT", "/team/a/k", body: "a").status == 200)
        let owner = ["x-amz-expected-bucket-owner": "111122223333"]
        let stranger = ["x-amz-expected-bucket-owner": "444455556666"]
        #expect(try client.s3("GET", "/team/a/k", owner).status == 200)
        #expect(try client.s3("GET", "/team/a/k", stranger).summary == "403 AccessDenied")
        #expect(try platform.s3("GET", "/team/a/k").summary == "403 AccessDenied")
        let limited = try platform.signedIn("arn:aws:iam::111122223333:role/Reader")
        #expect(try limited.s3("GET", "/team/a/k").status == 200)
        // Without the right to list, what is missing is refused.
        #expect(try limited.s3("GET", "/team/a/none").summary == "403 AccessDenied")
        for (method, uri) in [
            ("GET", "/team/b"), ("PUT", "/team/a/k"), ("DELETE", "/team/a/k"), ("GET", "/team?list-type=2"),
        ] {
            #expect(try limited.s3(method, uri).summary == "403 AccessDenied", "\(method) \(uri)")
        }
    }

    @Test func `A bucket may want one KMS key, and tags are then no hashes`() throws {
        let key = "arn:aws:kms:us-east-1:111122223333:key/1"
        let client = try signedInClient(worldWithBuckets { $0.kmsKey = key })
        let headers = ["x-amz-server-side-encryption": "aws:kms", "x-amz-server-side-encryption-aws-kms-key-id": key]
        #expect(try client.s3("PUT", "/team/k", body: "a").summary == "403 AccessDenied")
        let tags = try (0..<2).map { _ in try client.s3("PUT", "/team/k", headers, body: "a").header("etag") }
        #expect(tags[0] != nil && tags[0] != tags[1])
        #expect(try client.s3("GET", "/team/k").header("x-amz-server-side-encryption-aws-kms-key-id") == key)
    }

    @Test func `A listing comes in pages, in the order of bytes`() throws {
        let client = try signedInClient(worldWithBuckets())
        for key in ["b/2", "b/10", "b/é", "b/~", "a", "c", "b/ +&<"] {
            client.cloud.putObject([1], at: key, in: "team")
        }
        func page(_ query: String) throws -> (keys: [String], token: String?) {
            let answer = try client.s3("GET", "/team?list-type=2&\(query)")
            let parts = answer.text.split(separator: "<Key>").dropFirst()
            return (parts.map { String($0.prefix { $0 != "<" }) }, answer.element("NextContinuationToken"))
        }
        #expect(try page("prefix=b%2F").keys == ["b/ +&amp;&lt;", "b/10", "b/2", "b/~", "b/é"])
        #expect(try page("prefix=b%2F&encoding-type=url").keys == ["b/+%2B%26%3C", "b/10", "b/2", "b/~", "b/%C3%A9"])
        #expect(try page("start-after=b%2F10&max-keys=9").keys == ["b/2", "b/~", "b/é", "c"])
        var keys: [String] = []
        var token: String?
        repeat {
            let next = try page("max-keys=2" + (token.map { "&continuation-token=\($0)" } ?? ""))
            keys += next.keys
            token = next.token
        } while token != nil
        #expect(keys.count == 7 && keys.first == "a")
        #expect(try client.s3("GET", "/team?list-type=2&continuation-token=zz").summary == "400 InvalidArgument")
        let rolledUp = try client.s3("GET", "/team?list-type=2&delimiter=%2F")
        #expect(rolledUp.text.contains("<CommonPrefixes><Prefix>b/</Prefix></CommonPrefixes>"))
        #expect(try page("delimiter=%2F").keys == ["a", "c"] && rolledUp.element("KeyCount") == "3")
        #expect(try client.s3("GET", "/none?list-type=2").summary == "404 NoSuchBucket")
    }
}

@Suite struct S3FaultTests {
    @Test(arguments: [
        (FaultRule.Effect.throttle(), "503 SlowDown", false), (.serverError(), "500 InternalError", false),
        (.serverError(status: 503, afterWork: true), "503 ServiceUnavailable", true),
        (
            .refuse(code: "ConditionalRequestConflict", message: "", status: 409), "409 ConditionalRequestConflict",
            false
        ),
    ])
    func `A call goes wrong in the words of S3`(effect: FaultRule.Effect, summary: String, isStored: Bool) throws {
        let target = FaultTarget(services: ["s3"], operations: ["PutObject"], objects: ["team/runs/*"])
        let client = try signedInClient(worldWithBuckets(), faults: Faults(FaultRule(effect, target: target)))
        #expect(try client.s3("PUT", "/team/other", body: "a").status == 200)
        #expect(try client.s3("PUT", "/team/runs/1", body: "a").summary == summary)
        #expect((client.cloud.object(at: "runs/1", in: "team") != nil) == isStored)
        #expect(client.cloud.count("PutObject").total == 2 && client.cloud.count("PutObject").refused == 1)
        #expect(client.cloud.calls.last?.object == "team/runs/1")
    }

    @Test func `Answers are lost before the work or after it`() throws {
        let s3 = FaultTarget(services: ["s3"])
        for (effect, isStored) in [(FaultRule.Effect.resetBeforeWork, false), (.resetAfterWork, true), (.stall, true)] {
            let client = try signedInClient(worldWithBuckets(), faults: Faults(FaultRule(effect, target: s3)))
            let reply = try client.s3("PUT", "/team/k", body: "a").reply
            #expect(reply.delivery == (effect == .stall ? .stall : .reset))
            #expect((client.cloud.object(at: "k", in: "team") != nil) == isStored)
        }
    }

    @Test func `A script chooses what becomes of each call, and what others do meanwhile`() throws {
        let client = try signedInClient(worldWithBuckets())
        client.cloud.setObjectScript { call in
            switch (call.operation, call.key) {
            case ("PutObject", "taken"): ObjectScriptStep(before: [.put([7])])
            case ("PutObject", "gone"): ObjectScriptStep(after: [.delete])
            case ("GetObject", _): ObjectScriptStep(.throttle())
            default: ObjectScriptStep()
            }
        }
        #expect(try client.s3("PUT", "/team/taken", ["If-None-Match": "*"]).status == 412)
        #expect(try client.s3("PUT", "/team/gone", ["If-None-Match": "*"]).status == 200)
        #expect(try client.s3("GET", "/team/taken").status == 503)
        client.cloud.setObjectScript(nil)
        #expect(try client.s3("GET", "/team/gone").status == 404)
    }

    @Test func `A seed has buckets, and faults have objects`() throws {
        let world = try World(
            seed: #"{"buckets":[{"name":"b","region":"eu-west-1","account":"111122223333","versioned":true,"#
                + #""kmsKey":"k","sharedWith":"999900001111","wrongRegionAnswer":"malformed"}]}"#)
        var bucket = Bucket("b", region: "eu-west-1", account: "111122223333")
        (bucket.isVersioned, bucket.kmsKey, bucket.sharedWith) = (true, "k", ["999900001111"])
        bucket.wrongRegionAnswer = .malformed
        #expect(world.buckets == [bucket])
        #expect(throws: ConfigurationError.self) {
            try World(seed: #"{"buckets":[{"name":"b","region":"here","account":"111122223333"}]}"#)
        }
        let faults = try Faults(
            json:
                #"{"ignoreIfNoneMatch":true,"listPageSize":2,"rules":[{"effect":"stall","object":"b/*","each":"object"}]}"#
        )
        #expect(faults.ignoresIfNoneMatch && !faults.ignoresIfMatch && faults.listPageSize == 2)
        #expect(faults.rules.first?.target.objects == ["b/*"] && faults.rules.first?.each == .object)
        let cloud = Cloud(world)
        cloud.putObject([1, 2], at: "k", in: "b")
        let objects = cloud.stateDump["buckets"]?.array?.first?["objects"]?.array
        #expect(objects == [["key": "k", "size": .number("2")]])
    }
}

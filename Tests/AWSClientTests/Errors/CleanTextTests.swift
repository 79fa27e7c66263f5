import CCurl
import Testing

@testable import AWSClient

/// Whatever AWS, a proxy, libcurl or a program repeats, no secret comes out.
@Suite struct CleanTextTests {
    private static let header =
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20150830/us-east-1/ecr/aws4_request, "
        + "SignedHeaders=host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"

    @Test(arguments: [
        "Authorization header requires 'Credential' parameter. Authorization=\(header)",
        "'\(header)' not a valid key=value pair (missing equal-sign) in Authorization header", header,
        "aws4-hmac-sha256 \(header.dropFirst(17))", "AWS4-ECDSA-P256-SHA256 \(header.dropFirst(17))",
        "should have been\nAWS4-HMAC-SHA256\n20150830T123600Z\n5d672d79c15b13162d9279b0855cfba6789a8edb",
        "The Canonical String for this request should have been 'POST\nx-amz-security-token:FwoGZXIvYXdzEBY'",
        "The String-to-Sign should have been 'x\nFwoGZXIvYXdzEBY'", "it came with Credential=AKIAIOSFODNN7EXAMPLE/2015",
        "X-Amz-Signature=5d672d79c15b13162&X-Amz-Security-Token=FwoGZXIvYXdzEBY%2F", "key AKIAIOSFODNN7EXAMPLE is off",
        "Proxy-Authorization: Basic cGxhdGZvcm06aHVudGVyMg==", "header 'authorization':'Bearer FwoGZXIvYXdzEBY'",
        "it says Bearer FwoGZXIvYXdzEBY.x", "a proxy wants Basic cGxhdGZvcm06aHVudGVyMg==",
        "x-amz-sso_bearer_token: FwoGZXIvYXdzEBY1",
        #"{"clientSecret":"hunter2hunter2","refreshToken":"FwoGZXIvYXdzEBY"}"#,
        #"{\"SecretAccessKey\": \"hunter2hunter2\", \"SessionToken\" : \"FwoGZXIvYXdzEBY\"}"#,
        "WebIdentityToken=FwoGZXIvYXdzEBY&RoleArn=arn", "+ export AWS_SECRET_ACCESS_KEY=hunter2hunter2",
        "aws_session_token = FwoGZXIvYXdzEBY", "password: hunter2hunter2",
        "passphrase 'hunter2hunter2' is wrong: password=hunter2",
        "Unsupported proxy syntax in 'http://platform:hunter2@bad host:9'", "see https://FwoGZXIvYXdzEBY@host/path",
    ]) func `A text that repeats a request or a secret loses it`(text: String) {
        let cleaned = CleanText(text).description
        for secret in [
            "AKIAIOSFODNN7EXAMPLE", "5d672d79", "FwoGZXIvYXdzEBY", "hunter2@", "=hunter2", "hunter2hunter2\"",
            ": hunter2", "cGxhdGZvcm06aHVudGVyMg",
        ] {
            #expect(!cleaned.contains(secret), "\(cleaned)")
        }
    }

    @Test(arguments: [
        "Repository policy does not exist for the repository with name 'team/app' in the registry with id '111122223333'",
        "User: arn:aws:sts::111122223333:assumed-role/EcrShareOperator/ecr-share is not authorized to perform: "
            + "ecr:GetAuthorizationToken on resource: *",
        "The security token included in the request is expired", "ExpiredToken: The security token is expired",
        "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Principal not found'",
        "SignatureDoesNotMatch: the request signature we calculated differs", "Basic authentication is required",
        "Could not resolve host: api.ecr.us-east-1.amazonaws.com", "see https://aws.amazon.com/ecr/?x=1", "",
        "arn:aws:secretsmanager:us-east-1:111122223333:secret", "Authorization header requires 'Signature' parameter.",
    ]) func `AWS's usual words stay as they are`(text: String) {
        #expect(CleanText(text).description == text)
    }

    @Test func `Known secrets are hidden wherever and however they appear, and hiding ends`() {
        let token = "abc+/=:def"
        #expect(CleanText("x\(token)y", hiding: [token]).description == "x[hidden]y")
        #expect(CleanText("x abc%2B%2F%3D%3Adef y", hiding: [token]).description == "x [hidden] y")
        #expect(CleanText("a [hidden] b", hiding: ["[hidden]"]).description == "a [hidden] b")
        #expect(
            CleanText("aaaaaaaa", hiding: ["aaaaaa", "[hidden]", "hidden"]).description.contains("aaaaaa") == false)
        #expect(CleanText("short", hiding: ["", "a", "short but longer"]).description == "short")
    }

    @Test func `A program's words lose what looks like a key`() {
        let text = "failed with wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY in /usr/local/lib/python3/site-packages"
        #expect(
            CleanText(text, hidesLongWords: true).description
                == "failed with [hidden] in /usr/local/lib/python3/site-packages")
    }

    @Test(arguments: [
        ("http://user:pa%40ss@proxy.example:3128", "proxy.example"), ("proxy.example", "proxy.example"),
        ("user:p@ss/word@proxy:8080/", "proxy"), ("http://user:p/ss", nil), ("http://secret@[bad", nil),
        ("http://secret@bad host:9", nil), ("", nil), ("user:secret", nil),
    ]) func `A proxy's host is known where nothing of its address can be a password`(address: String, host: String?) {
        let environment = TestFiles().environment(["HTTPS_PROXY": address, "NO_PROXY": "x"])
        #expect(environment.proxies == (host.map { [Environment.Proxy(variable: "HTTPS_PROXY", host: $0)] } ?? []))
        #expect(environment.proxy(to: "h")?.host == host)
    }

    @Test func `The proxy that is taken is named as libcurl chooses it`() {
        func variable(_ variables: [String: String], _ host: String = "api.ecr.us-east-1.amazonaws.com") -> String? {
            TestFiles().environment(variables).proxy(to: host)?.variable
        }
        let all = ["ALL_PROXY": "a", "all_proxy": "b", "HTTPS_PROXY": "c", "https_proxy": "d", "HTTP_PROXY": "e"]
        #expect(variable(all) == "https_proxy")
        #expect(variable(all.merging(["https_proxy": ""]) { $1 }) == "HTTPS_PROXY")
        #expect(variable(["ALL_PROXY": "a", "all_proxy": "b"]) == "all_proxy")
        #expect(variable(["HTTP_PROXY": "e", "http_proxy": "e"]) == nil)
        for exception in ["*", "amazonaws.com", "x, .Amazonaws.com", "api.ecr.us-east-1.amazonaws.com"] {
            #expect(variable(all.merging(["NO_PROXY": exception]) { $1 }) == nil)
        }
        #expect(variable(all.merging(["NO_PROXY": "onaws.com,ecr"]) { $1 }) == "https_proxy")
        #expect(variable(all.merging(["NO_PROXY": "*", "no_proxy": "x"]) { $1 }) == "https_proxy")
    }

    @Test(arguments: [
        (
            "Failed to connect to 127.0.0.1 port 9 after 12 ms: Couldn't connect to server",
            "Failed to connect to 127.0.0.1 port 9: Couldn't connect to server"
        ), ("transfer closed with 17 bytes remaining to read", "transfer closed with bytes remaining to read"),
        ("gave up after 3 ms", "gave up"), ("after 3 ms", "after 3 ms"),
        ("error:0A000126:SSL  x", "error:0A000126:SSL  x"),
    ]) func `What libcurl measured is left out`(text: String, kept: String) {
        #expect(CurlReason.withoutMeasurements(text) == kept)
    }

    @Test func `A time limit is given as it is configured`() {
        var configuration = HTTPConfiguration()
        configuration.connectTimeout = .milliseconds(3_100)
        func text(_ words: String, limit: Int? = 30_000) -> String {
            CurlReason(words, CURLE_OPERATION_TIMEDOUT, configuration, limit: limit, nil).text
        }
        for measured in [1_000, 1_001, 1_003] {
            #expect(text("Connection timed out after \(measured) milliseconds") == "no connection within 3.1 seconds")
            #expect(
                text("Operation timed out after \(measured) milliseconds with \(measured) bytes received", limit: 1_000)
                    == "no complete response within 1 second")
        }
        #expect(text("Connection timeout after 5 ms", limit: 2_000) == "no connection within 2 seconds")
        #expect(text("Operation too slow. Less than 1 bytes/sec transferred") == "nothing came for 20 seconds")
    }

    @Test func `The environment's secrets are those of its names and proxies`() {
        let environment = TestFiles().environment([
            "AWS_SECRET_ACCESS_KEY": "secretsecret", "AWS_WEB_IDENTITY_TOKEN_FILE": "/var/run/token-file",
            "HTTPS_PROXY": "http://user:pa%40ss%2Fword@proxy:3128", "http_proxy": "user:p@ss:word@proxy",
            "NO_PROXY": "x",
            "GH_TOKEN": "gh-token-1", "PATH": "/usr/bin", "SECRET_OF_JOB": "arn:aws:iam::111122223333:role/x",
            "TOKEN_NAME": "production",
        ])
        #expect(
            Set(environment.secrets) == [
                "secretsecret", "gh-token-1", "user:pa%40ss%2Fword", "pa%40ss%2Fword", "user:pa@ss/word", "pa@ss/word",
                "user:p@ss:word", "p@ss:word",
            ])
    }
}

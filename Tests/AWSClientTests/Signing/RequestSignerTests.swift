import AWSValues
import Testing

@testable import AWSClient

@Suite struct RequestSignerTests {
    private func sign(
        _ request: HTTPRequest,
        _ credentials: Credentials,
        service: String,
        region: String,
        at date: CivilDate
    ) -> HTTPRequest {
        var request = request
        RequestSigner().sign(&request, with: credentials, service: service, region: region, at: Timestamp(date))
        return request
    }

    private let newYear = CivilDate(year: 2026, month: 1, day: 2, hour: 3, minute: 4, second: 5)

    @Test func `The simplest request of AWS's own suite has the published signature`() throws {
        let signed = sign(
            HTTPRequest(method: .get, url: try HTTPURL(parsing: "https://example.amazonaws.com/")),
            .example,
            service: "service",
            region: "us-east-1",
            at: CivilDate(year: 2015, month: 8, day: 30, hour: 12, minute: 36)
        )
        #expect(
            signed.headers["Authorization"]
                == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                + "SignedHeaders=host;x-amz-date, "
                + "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
        )
        #expect(signed.headers["X-Amz-Date"] == "20150830T123600Z")
    }

    @Test func `An ECR call has the reference signature`() throws {
        let request = HTTPRequest(
            method: .post,
            url: try HTTPURL(parsing: "https://api.ecr.eu-west-1.amazonaws.com/"),
            headers: [
                "Content-Type": "application/x-amz-json-1.1",
                "X-Amz-Target": "AmazonEC2ContainerRegistry_V20150921.GetRepositoryPolicy",
            ],
            body: Array(#"{"repositoryName":"team/app"}"#.utf8)
        )
        let signed = sign(request, .temporaryExample, service: "ecr", region: "eu-west-1", at: newYear)
        #expect(
            signed.headers["Authorization"]?.hasSuffix(
                "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, "
                    + "Signature=b0681ebb9b548145fd9832146db3f50a0205f556821c598a876f0ee49e5aff25"
            ) == true
        )
    }

    @Test func `An STS call has the reference signature`() throws {
        let body =
            "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2FR&RoleSessionName=s"
        let request = HTTPRequest(
            method: .post,
            url: try HTTPURL(parsing: "https://sts.eu-west-1.amazonaws.com/"),
            headers: ["Content-Type": "application/x-www-form-urlencoded; charset=utf-8"],
            body: Array(body.utf8)
        )
        let signed = sign(request, .temporaryExample, service: "sts", region: "eu-west-1", at: newYear)
        #expect(
            signed.headers["Authorization"]?.hasSuffix(
                "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, "
                    + "Signature=b675fbaf90bdc72d2a339da00426ac19297360e3bc90e12cf427f9b003728e02"
            ) == true
        )
    }

    @Test func `Signing again replaces date, token and signature`() throws {
        let request = HTTPRequest(method: .get, url: try HTTPURL(parsing: "https://example.amazonaws.com/"))
        let later = CivilDate(year: 2026, month: 1, day: 3)
        let once = sign(request, .example, service: "ecr", region: "r", at: later)
        let first = sign(request, .temporaryExample, service: "ecr", region: "r", at: newYear)
        let twice = sign(first, .example, service: "ecr", region: "r", at: later)
        #expect(Set(twice.headers.fields) == Set(once.headers.fields))
        #expect(twice.headers["X-Amz-Security-Token"] == nil)
    }

    @Test func `The key cache keeps credentials, days, regions and services apart`() throws {
        let request = HTTPRequest(method: .get, url: try HTTPURL(parsing: "https://example.amazonaws.com/"))
        let shared = RequestSigner()
        let other = Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "another")
        for _ in 0..<2 {
            for credentials in [Credentials.example, other, .temporaryExample] {
                for day in [1, 2] {
                    for (service, region) in [("ecr", "a"), ("sts", "a"), ("ecr", "b")] {
                        let time = Timestamp(CivilDate(year: 2026, month: 1, day: day))
                        var cached = request
                        shared.sign(&cached, with: credentials, service: service, region: region, at: time)
                        var fresh = request
                        RequestSigner().sign(&fresh, with: credentials, service: service, region: region, at: time)
                        #expect(cached.headers == fresh.headers)
                    }
                }
            }
        }
    }
}

@Suite struct CredentialsTests {
    @Test func `No way of printing credentials shows the secret or the token`() {
        let credentials = Credentials(
            accessKeyID: "AKIDEXAMPLE",
            secretAccessKey: "the-secret",
            sessionToken: "the-token"
        )
        var dumped = ""
        dump(credentials, to: &dumped)
        dump(["nested": SessionCredentials(credentials)], to: &dumped)
        let texts = [
            "\(credentials)", String(reflecting: credentials), String(describing: Optional(credentials)), dumped,
            "\([credentials])", "\(SessionCredentials(credentials))",
        ]
        for text in texts {
            #expect(!text.contains("the-secret") && !text.contains("the-token"), "\(text)")
            #expect(text.contains("AKIDEXAMPLE"))
        }
    }
}

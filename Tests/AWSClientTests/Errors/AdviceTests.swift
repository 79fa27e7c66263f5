import CCurl
import Testing

@testable import AWSClient

@Suite struct AdviceTests {
    private func error(
        _ code: String,
        _ message: String = "no",
        service: AWSService = .ecr,
        region: String = "eu-south-2",
        token: AWSError.Token = .none
    ) -> AWSError {
        AWSError(
            service: service,
            operation: "SetRepositoryPolicy",
            account: "111122223333",
            region: region,
            token: token,
            cause: .answered(ErrorAnswer(code: code, message: message, httpStatus: 400))
        )
    }

    private static let caller = "arn:aws:sts::111122223333:assumed-role/EcrShareOperator/ecr-share"
    private static let resource = "arn:aws:ecr:eu-south-2:111122223333:repository/base/go"
    private static let denial =
        "User: \(caller) is not authorized to perform: ecr:SetRepositoryPolicy on resource: \(resource)"

    @Test(arguments: [
        (
            "\(denial) because no identity-based policy allows the ecr:SetRepositoryPolicy action",
            "\(caller)'s policy needs this statement: "
                + #"{"Effect":"Allow","Action":"ecr:SetRepositoryPolicy","Resource":"\#(resource)"}"#
        ),
        ("\(denial) with an explicit deny in a service control policy", "service control policy"),
        ("\(denial) because no permissions boundary allows the action", "permissions boundary"),
        ("\(denial) because no session policy allows the action", "session's own policy"),
        ("\(denial) with an explicit deny in a permissions boundary", "permissions boundary of the role forbids it"),
        ("\(denial) with an explicit deny in a resource control policy", "resource control policy"),
        ("\(denial) because no VPC endpoint policy allows the action", "policy of the VPC endpoint does not allow it"),
        ("\(denial) with an explicit deny in an identity-based policy", "A Deny statement in the caller's own policy"),
        ("\(denial) with an explicit deny in a resource-based policy", "A Deny statement in a resource-based policy"),
        ("\(denial) because no resource-based policy allows the action", "in another account"),
        ("\(denial) with an explicit deny", "A Deny statement forbids it"),
        (
            "not authorized",
            #"{"Effect":"Allow","Action":"ecr:SetRepositoryPolicy","Resource":"arn:aws:ecr:eu-south-2:111122223333:repository/*"}"#
        ),
    ]) func `A refusal names what is missing or in the way`(message: String, advice: String) {
        let problem = error("AccessDeniedException", message)
        #expect(problem.advice?.contains(advice) == true, "\(problem.advice ?? "none")")
        #expect(problem.description.contains(message))
    }

    @Test func `Throttling without end says where, how often it was tried and what to do`() {
        let problem = error("ThrottlingException", "Rate exceeded")
        #expect(
            problem.explanation
                == "Rate exceeded. AWS throttled every attempt at SetRepositoryPolicy in 111122223333/eu-south-2, up to 10 "
                + "with growing pauses: something else probably uses up the account's limit. Try again later, or with a "
                + "lower --concurrency")
    }

    @Test func `A refused connection and a refused sign-in give their cause once`() {
        let reason = CurlReason(
            "Failed to connect to 127.0.0.1 port 9 after 0 ms: Couldn't connect to server", CURLE_COULDNT_CONNECT,
            HTTPConfiguration(), limit: nil, nil)
        let refused = HTTPError(
            kind: .couldNotConnect, reason: reason.text, host: "127.0.0.1:9", mayHaveReachedServer: false)
        #expect(refused.description == "no connection to 127.0.0.1:9")
        let denied = error("AccessDenied", "not authorized to perform: sts:AssumeRole", service: .sts)
        let signIn = SignInError(
            account: "111122223333", roleARN: "arn:aws:iam::111122223333:role/Op", callerARN: Self.caller,
            externalID: nil, reason: .refused(denied))
        #expect(signIn.description.hasPrefix(signIn.refusal))
        #expect(signIn.description.contains("trust policy needs this statement"))
        #expect(!signIn.refusal.contains("Principal") && signIn.refusal.contains("not authorized"))
    }

    @Test func `Where nothing answers, the setting that names the endpoint is shown`() {
        func problem(_ kind: HTTPError.Kind) -> AWSError {
            let failure = HTTPError(kind: kind, reason: "r", host: "h", mayHaveReachedServer: false)
            return AWSError(
                service: .ecr, operation: "o", endpointOrigin: "AWS_ENDPOINT_URL_ECR", cause: .transport(failure))
        }
        for kind in [HTTPError.Kind.unknownHost, .couldNotConnect, .handshakeFailed, .untrusted, .timedOut] {
            #expect(problem(kind).explanation.hasSuffix("The endpoint's URL comes from AWS_ENDPOINT_URL_ECR"))
        }
        #expect(problem(.cancelled).advice == nil && problem(.bodyTooLarge).advice == nil)
    }

    @Test(arguments: ["UnrecognizedClientException", "InvalidClientTokenId"])
    func `An opt-in region that is off says so, any other region speaks of the keys`(code: String) {
        #expect(error(code).advice?.contains("aws account enable-region --region-name eu-south-2") == true)
        #expect(error(code, region: "eu-west-1").advice?.contains("deleted or deactivated") == true)
        #expect(error(code, region: "cn-north-1").advice?.contains("enable-region") == false)
        #expect(error(code).concernsRegion)
        let other = error(code, region: "us-east-1").advice
        #expect(other?.hasSuffix("of another partition than aws, which us-east-1 is in") == true, "\(other ?? "")")
        #expect(other?.contains("token") == false)
    }

    @Test(arguments: ["UnrecognizedClientException", "InvalidClientTokenId", "ExpiredToken", "ExpiredTokenException"])
    func `A session token that is left over beside a long-lived key is named`(code: String) {
        let key = Credentials(accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "s", sessionToken: "left-over")
        #expect(AWSError.Token(of: key) == .stray)
        for region in ["us-east-1", "eu-south-2"] {
            let problem = error(code, region: region, token: .stray)
            #expect(problem.advice?.contains("unset AWS_SESSION_TOKEN") == true)
            #expect(!problem.description.contains("deactivated") && !problem.description.contains("sign in again"))
        }
    }

    @Test func `A session token that was sent may be the wrong one`() {
        let session = Credentials(accessKeyID: "ASIAIOSFODNN7EXAMPLE", secretAccessKey: "s", sessionToken: "t")
        #expect(AWSError.Token(of: session) == .ofSession && AWSError.Token(of: .example) == .none)
        let problem = error("InvalidClientTokenId", region: "us-east-1", token: .ofSession)
        #expect(problem.advice?.contains("session token belongs to another key") == true)
    }

    @Test func `An answer that is not AWS's says where to look`() {
        func problem(_ status: Int, _ origin: String?) -> AWSError {
            let answer = ErrorAnswer(code: "http-\(status)", message: "m", httpStatus: status, codeSource: nil)
            return AWSError(service: .ecr, operation: "o", endpointOrigin: origin, cause: .answered(answer))
        }
        #expect(problem(500, nil).advice?.contains("check HTTPS_PROXY and the network, or try again later") == true)
        #expect(problem(404, "--endpoint-url").advice?.contains("URL, which comes from --endpoint-url,") == true)
        #expect(problem(404, nil).advice?.contains("later") == false)
    }

    @Test func `Where a proxy does not answer, it is named, and not the endpoint`() {
        let proxy = Environment.Proxy(variable: "HTTPS_PROXY", host: "127.0.0.1")
        func problem(_ kind: HTTPError.Kind) -> AWSError {
            let failure = HTTPError(kind: kind, reason: "r", host: "h", proxy: proxy, mayHaveReachedServer: false)
            return AWSError(service: .ecr, operation: "o", endpointOrigin: "--endpoint-url", cause: .transport(failure))
        }
        for kind in [HTTPError.Kind.couldNotConnect, .timedOut] {
            let text = problem(kind).explanation
            #expect(text.contains("through the proxy 127.0.0.1, named by HTTPS_PROXY"), "\(text)")
            #expect(
                text.hasSuffix(
                    "Check the address in HTTPS_PROXY, or name the host in NO_PROXY to connect without a proxy"))
        }
        #expect(problem(.connectionLost).explanation.contains("through the proxy 127.0.0.1, named by HTTPS_PROXY"))
        #expect(problem(.unknownProxy).advice == nil)
    }

    @Test func `A region without STS says how to go on`() {
        let problem = error("RegionDisabledException", service: .sts)
        #expect(problem.advice?.contains("--region") == true)
        #expect(problem.explanation.hasPrefix("no. STS"))
    }

    @Test(arguments: [
        (
            "AccessDenied", "with an explicit deny in a service control policy: arn:aws:organizations::1:policy/p-1",
            "control"
        ),
        ("AccessDenied", "because no service control policy allows the sts:AssumeRole action", "does not allow"),
        ("AccessDenied", "with an explicit deny in a resource control policy", "the role's organization forbids"),
        ("AccessDenied", "because no permissions boundary allows the sts:AssumeRole action", "boundary of the caller"),
        ("AccessDenied", "because no VPC endpoint policy allows the sts:AssumeRole action", "VPC endpoint"),
        ("AccessDenied", "because no session policy allows the sts:AssumeRole action", "caller's session was opened"),
        ("AccessDenied", "with an explicit deny in a resource-based policy", "trust policy"),
        ("AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code.", "next code"),
        ("AccessDenied", "because no identity-based policy allows the sts:AssumeRole action", nil),
        (
            "ValidationError", "exceeds the 1 hour session limit for roles assumed by role chaining",
            "--session-duration"
        ),
        ("PackedPolicyTooLarge", "Packed size of session tags consumes 112% of the allotted space.", "tags"),
    ]) func `A refused assumption names the layer that refused`(code: String, end: String, advice: String?) {
        let message = "User: \(Self.caller) is not authorized to perform: sts:AssumeRole on resource: r \(end)"
        let problem = error(code, message, service: .sts)
        guard let advice else {
            #expect(problem.advice == nil)
            return
        }
        #expect(problem.advice?.contains(advice) == true, "\(problem.advice ?? "none")")
    }

    @Test func `Other errors are left in AWS's words`() {
        #expect(error("RepositoryNotFoundException").advice == nil)
        #expect(error("RepositoryNotFoundException", "gone").explanation == "gone")
    }
}

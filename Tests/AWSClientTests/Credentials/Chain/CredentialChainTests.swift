import AWSValues
import Testing

@testable import AWSClient

@Suite struct CredentialChainTests {
    static let now = Timestamp(CivilDate(year: 2026, month: 5, day: 1, hour: 12))

    /// What the chain finds with these files and variables, every service being a loopback server.
    func find(
        _ variables: [String: String] = [:],
        _ files: TestFiles = TestFiles(),
        profile: String? = nil,
        region: String? = "eu-west-1",
        handler: @escaping LoopbackServer.Handler = { _ in .reset }
    ) async throws -> (session: SessionCredentials?, error: CredentialsError?, requests: [LoopbackServer.Request]) {
        try await withLoopbackServer(handler) { server in
            try await withHTTPClient { http in
                var variables = variables
                let url = try server.url.description
                // The machine that runs the tests may be an instance, so the metadata service is always ours.
                variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ?? url
                for name in ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] {
                    variables[name] = variables[name]?.replacing("SERVER/", with: url)
                }
                let environment = files.environment(variables)
                var endpoints = EndpointResolver()
                try endpoints.redirect(nil, to: url, from: "the test")
                let (session, failure): (SessionCredentials?, CredentialsError?)
                do throws(CredentialsError) {
                    let context = CredentialContext(
                        environment: environment,
                        files: try SharedConfiguration(environment),
                        caller: AWSCaller(http, clock: ManualClock(Self.now).clock),
                        http: http,
                        endpoints: endpoints,
                        region: region,
                        profile: profile ?? environment.profile ?? "default"
                    )
                    session = try await CredentialChain(environment, profile: profile).credentials(context)
                    failure = nil
                } catch {
                    (session, failure) = (nil, error)
                }
                return (session, failure, server.requests)
            }
        }
    }

    private static let keys = ["AWS_ACCESS_KEY_ID": "ENVKEY", "AWS_SECRET_ACCESS_KEY": "envsecret"]
    private static let profileKeys = "aws_access_key_id = FILEKEY\naws_secret_access_key = filesecret\n"

    // MARK: Order

    @Test func `Keys in the environment come first`() async throws {
        let files = TestFiles(["/home/me/.aws/credentials": "[default]\n\(Self.profileKeys)[p]\n\(Self.profileKeys)"])
        let found = try await find(Self.keys.merging(["AWS_PROFILE": "p"]) { $1 }, files)
        #expect(found.session?.credentials.accessKeyID == "ENVKEY")
        #expect(found.requests.isEmpty)
    }

    @Test func `A profile named on the command line wins over the environment`() async throws {
        let files = TestFiles(["/home/me/.aws/credentials": "[p]\n\(Self.profileKeys)"])
        let found = try await find(Self.keys, files, profile: "p")
        #expect(found.session?.credentials.accessKeyID == "FILEKEY")
    }

    @Test func `When nothing is found, the error lists every place and why it gave nothing`() async throws {
        let found = try await find()
        let error = try #require(found.error)
        guard case .nothingFound(let attempts) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(
            attempts.map(\.source)
                == ["environment variables", "web identity", "profile default", "container", "EC2 instance"]
        )
        for words in ["AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "/home/me/.aws/config", "--profile"] {
            #expect(error.description.contains(words), "\(error)")
        }
    }

    @Test func `A named profile that does not exist is an error that names the ones that do`() async throws {
        let files = TestFiles(["/home/me/.aws/config": "[profile dev]\n[profile prod]"])
        for found in [
            try await find([:], files, profile: "test"), try await find(["AWS_PROFILE": "test"], files),
        ] {
            #expect(found.error?.description.contains("dev, prod") == true, "\(String(describing: found.error))")
        }
    }

    // MARK: Environment

    @Test(arguments: [
        ["AWS_ACCESS_KEY_ID": "A"], ["AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": ""],
        ["AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "hunter2\n"],
        ["AWS_ACCESS_KEY_ID": " A", "AWS_SECRET_ACCESS_KEY": "hunter2"],
    ]) func `A key without a secret, or with a space, is an error and not a reason to look further`(
        variables: [String: String]
    ) async throws {
        let files = TestFiles(["/home/me/.aws/credentials": "[default]\n\(Self.profileKeys)"])
        let error = try await find(variables, files).error
        guard case .broken(let source, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(source == "environment variables")
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test func `A secret without a key is no key pair, as for botocore`() async throws {
        let files = TestFiles(["/home/me/.aws/credentials": "[default]\n\(Self.profileKeys)"])
        let found = try await find(["AWS_SECRET_ACCESS_KEY": "hunter2"], files)
        #expect(found.session?.credentials.accessKeyID == "FILEKEY")
    }

    @Test func `Token, account and expiration are taken from the environment`() async throws {
        let more = [
            "AWS_SESSION_TOKEN": "new", "AWS_SECURITY_TOKEN": "t", "AWS_ACCOUNT_ID": "111122223333",
            "AWS_CREDENTIAL_EXPIRATION": "2026-05-01T13:00:00Z",
        ]
        let session = try await find(Self.keys.merging(more) { $1 }).session
        #expect(session?.credentials.sessionToken == "t")
        #expect(session?.account == "111122223333")
        #expect(session?.expiration == Self.now + .seconds(3_600))
    }

    @Test(arguments: ["2026-05-01T11:59:59Z", "soon"]) func `Expired keys in the environment are an error`(
        expiration: String
    ) async throws {
        let found = try await find(Self.keys.merging(["AWS_CREDENTIAL_EXPIRATION": expiration]) { $1 })
        #expect(found.error != nil)
    }

    // MARK: Profiles

    @Test func `Half a key pair, an empty profile and a broken file are errors`() async throws {
        let texts = [
            "[p]\naws_access_key_id = A", "[p]\naws_access_key_id =\naws_secret_access_key = hunter2",
            "[p]\nregion = r", "[p\n",
        ]
        for text in texts {
            let error = try await find([:], TestFiles(["/home/me/.aws/credentials": text]), profile: "p").error
            #expect(error != nil, "\(text)")
            #expect(error?.description.contains("hunter2") == false)
        }
        let unreadable = try await find(["AWS_CONFIG_FILE": "/unreadable"], profile: "p").error
        #expect(unreadable?.description.contains("cannot be opened") == true)
    }

    private static let roleAnswer: LoopbackServer.Handler = { request in
        .answer(body: STSClientTests.assumeRoleAnswer(expiration: "2026-05-01T13:00:00Z"))
    }

    @Test func `A profile's role is assumed with the credentials of its source`() async throws {
        let files = TestFiles([
            "/home/me/.aws/config": """
            [profile ops]
            role_arn = arn:aws:iam::111122223333:role/Operator
            source_profile = base
            external_id = ext
            duration_seconds = 1800
            role_session_name = me
            region = ap-south-1
            """,
            "/home/me/.aws/credentials": "[base]\n\(Self.profileKeys)",
        ])
        let found = try await find([:], files, profile: "ops", handler: Self.roleAnswer)
        #expect(found.session?.credentials.accessKeyID == "ASIAEXAMPLE")
        #expect(found.session?.expiration == Self.now + .seconds(3_600))
        let request = try #require(found.requests.first)
        #expect(request.text.contains("RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2FOperator"))
        #expect(request.text.contains("RoleSessionName=me&DurationSeconds=1800&ExternalId=ext"))
        #expect(request.headers["authorization"]?.contains("Credential=FILEKEY/") == true)
        // The region of the run, which a variable gives before the profile.
        #expect(request.headers["authorization"]?.contains("/eu-west-1/sts/") == true)
    }

    @Test func `Roles chain over several profiles`() async throws {
        let files = TestFiles([
            "/home/me/.aws/config": """
            [profile a]
            role_arn = arn:aws:iam::111122223333:role/A
            source_profile = b
            [profile b]
            role_arn = arn:aws:iam::111122223333:role/B
            source_profile = c
            [profile c]
            role_arn = arn:aws:iam::111122223333:role/C
            credential_source = Environment
            """
        ])
        let found = try await find(Self.keys, files, profile: "a", handler: Self.roleAnswer)
        #expect(found.session != nil)
        let roles = found.requests.compactMap { $0.text.firstRange(of: "role%2F").map { range in range.upperBound } }
        #expect(roles.count == 3)
        #expect(found.requests[0].text.contains("role%2FC"))
        #expect(found.requests[0].headers["authorization"]?.contains("ENVKEY") == true)
        #expect(found.requests[1].text.contains("role%2FB"))
        #expect(found.requests[2].text.contains("role%2FA"))
        #expect(found.requests[2].headers["authorization"]?.contains("ASIAEXAMPLE") == true)
    }

    @Test func `A profile that names itself uses its own keys`() async throws {
        let text = "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/A\nsource_profile = a\n" + Self.profileKeys
        let files = TestFiles(["/home/me/.aws/config": text])
        let found = try await find([:], files, profile: "a", handler: Self.roleAnswer)
        #expect(found.session?.credentials.accessKeyID == "ASIAEXAMPLE")
        #expect(found.requests.first?.headers["authorization"]?.contains("FILEKEY") == true)
    }

    @Test func `A role in an unknown partition is refused before STS is asked`() async throws {
        let text = "[profile a]\nrole_arn = arn:aws-moon:iam::111122223333:role/A\nsource_profile = a\n"
        let files = TestFiles(["/home/me/.aws/config": text + Self.profileKeys])
        let found = try await find([:], files, profile: "a", handler: Self.roleAnswer)
        #expect(found.error?.description.contains(#"no AWS partition named "aws-moon""#) == true)
        #expect(found.requests.isEmpty)
    }

    @Test(arguments: [
        ("source_profile = a", "cycle"), ("", "source_profile"), ("credential_source = Moon", "Moon"),
        ("source_profile = a\ncredential_source = Environment", "combined"), ("source_profile = nope", "nope"),
        ("credential_source = Environment", "AWS_ACCESS_KEY_ID"), ("source_profile =", "source_profile"),
        ("source_profile = keys\nmfa_serial = arn:mfa", "arn:mfa"),
    ]) func `Mistakes in a role's profile are explained`(lines: String, word: String) async throws {
        let role = "role_arn = arn:aws:iam::111122223333:role/A\n"
        let files = TestFiles([
            "/home/me/.aws/config": "[profile a]\n\(role)\(lines)\n[profile keys]\n\(Self.profileKeys)"
        ])
        let found = try await find([:], files, profile: "a", handler: Self.roleAnswer)
        #expect(found.error?.description.contains(word) == true, "\(String(describing: found.error))")
    }

    @Test func `A refused role says what STS said`() async throws {
        let text = "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/A\nsource_profile = a\n" + Self.profileKeys
        let files = TestFiles(["/home/me/.aws/config": text])
        let found = try await find([:], files, profile: "a") { _ in
            .answer(status: 403, body: STSClientTests.errorAnswer("AccessDenied", "not you"))
        }
        #expect(found.error?.description.contains("AccessDenied: not you") == true)
    }

    // MARK: Both files

    @Test func `A token of one file is never used with the keys of the other`() async throws {
        let credentials = "[dev]\n\(Self.profileKeys)"
        let config = """
            [profile dev]
            aws_access_key_id = CONFIGKEY
            aws_secret_access_key = c
            aws_session_token = config-token
            """
        let both = TestFiles(["/home/me/.aws/config": config, "/home/me/.aws/credentials": credentials])
        let found = try await find([:], both, profile: "dev")
        #expect(found.session?.credentials == Credentials(accessKeyID: "FILEKEY", secretAccessKey: "filesecret"))
        let alone = try await find([:], TestFiles(["/home/me/.aws/config": config]), profile: "dev")
        #expect(
            alone.session?.credentials
                == Credentials(accessKeyID: "CONFIGKEY", secretAccessKey: "c", sessionToken: "config-token"))
    }

    @Test func `An empty web_identity_token_file beside a role leaves the keys`() async throws {
        let text = """
            [profile dev]
            role_arn = arn:aws:iam::111122223333:role/A
            source_profile = dev
            web_identity_token_file =
            \(Self.profileKeys)
            """
        let found = try await find([:], TestFiles(["/home/me/.aws/config": text]), profile: "dev")
        #expect(found.session?.credentials.accessKeyID == "FILEKEY", "\(String(describing: found.error))")
        #expect(found.requests.isEmpty)
    }

    @Test func `A profile with no credentials of its own leaves it to the container`() async throws {
        let files = TestFiles(["/home/me/.aws/config": "[profile p]\nregion = r"])
        let variables = ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "SERVER/", "AWS_PROFILE": "p"]
        let found = try await find(variables, files) { _ in
            .answer(body: #"{"AccessKeyId":"CKEY","SecretAccessKey":"s","Token":"t"}"#)
        }
        #expect(found.session?.credentials.accessKeyID == "CKEY", "\(String(describing: found.error))")
    }

    // MARK: Web identity

    @Test func `A token file is exchanged for a session, without a signature`() async throws {
        let files = TestFiles(["/token": "the-token\n"])
        let variables = [
            "AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/R",
            "AWS_ROLE_SESSION_NAME": "pod",
        ]
        let found = try await find(variables, files) { _ in
            .answer(
                body: STSClientTests.assumeRoleAnswer().replacing("AssumeRole", with: "AssumeRoleWithWebIdentity")
            )
        }
        #expect(found.session?.credentials.accessKeyID == "ASIAEXAMPLE", "\(String(describing: found.error))")
        #expect(found.requests.first?.text.contains("WebIdentityToken=the-token") == true)
        #expect(found.requests.first?.text.contains("RoleSessionName=pod") == true)
        #expect(found.requests.first?.headers["authorization"] == nil)
    }

    @Test(arguments: [
        (["AWS_WEB_IDENTITY_TOKEN_FILE": "/token"], "AWS_ROLE_ARN"),
        (["AWS_WEB_IDENTITY_TOKEN_FILE": "/missing", "AWS_ROLE_ARN": "arn:aws:iam::1:role/R"], "does not exist"),
        (["AWS_WEB_IDENTITY_TOKEN_FILE": "/empty", "AWS_ROLE_ARN": "arn:aws:iam::1:role/R"], "empty"),
        (["AWS_WEB_IDENTITY_TOKEN_FILE": "/unreadable", "AWS_ROLE_ARN": "arn:aws:iam::1:role/R"], "cannot be opened"),
    ]) func `A broken web identity is an error`(variables: [String: String], word: String) async throws {
        let found = try await find(variables, TestFiles(["/token": "t", "/empty": "\n"]))
        #expect(found.error?.description.contains(word) == true, "\(String(describing: found.error))")
    }
}

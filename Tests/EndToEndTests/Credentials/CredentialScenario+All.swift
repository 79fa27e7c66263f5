extension CredentialScenario {
    /// Everything that is compared. Keys that start with `STATIC` open the simulated AWS.
    static let all: [CredentialScenario] = environment + files + roles + others

    private static let environmentKeys = [
        "AWS_ACCESS_KEY_ID": "STATICENVIRONMENT", "AWS_SECRET_ACCESS_KEY": "hush-STATICENVIRONMENT",
    ]

    private static func keys(_ name: String) -> String {
        "aws_access_key_id = STATIC\(name)\naws_secret_access_key = hush-STATIC\(name)\n"
    }

    private static func role(_ name: String, _ source: String) -> String {
        "role_arn = arn:aws:iam::111122223333:role/\(name)\n\(source)\n"
    }

    // MARK: Variables

    private static let environment: [CredentialScenario] = [
        .init("nothing"),
        .init("environment").variables(environmentKeys),
        .init("environment-session").variables(environmentKeys).variables(["AWS_SESSION_TOKEN": "hush-t"]),
        .init("environment-legacy-token").variables(environmentKeys).variables(["AWS_SECURITY_TOKEN": "hush-t"]),
        .init("environment-half").variables(["AWS_ACCESS_KEY_ID": "STATICHALF"]),
        .init("environment-empty-secret").variables(["AWS_ACCESS_KEY_ID": "HALF", "AWS_SECRET_ACCESS_KEY": ""]),
        .init("environment-secret-alone").variables(["AWS_SECRET_ACCESS_KEY": "hush-alone"])
            .credentials("[default]\n" + keys("DEFAULT")),
        .init("environment-empty").variables(["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""])
            .credentials("[default]\n" + keys("DEFAULT")),
        .init("environment-expiring").variables(environmentKeys)
            .variables(["AWS_SESSION_TOKEN": "hush-t", "AWS_CREDENTIAL_EXPIRATION": "{later}"]),
        .init("environment-expired").variables(environmentKeys)
            .variables(["AWS_SESSION_TOKEN": "hush-t", "AWS_CREDENTIAL_EXPIRATION": "{past}"]),
        .init("environment-before-default").variables(environmentKeys).credentials("[default]\n" + keys("DEFAULT")),
        .init("environment-before-variable-profile").variables(environmentKeys).variables(["AWS_PROFILE": "p"])
            .credentials("[p]\n" + keys("P")),
        .init("option-before-environment").variables(environmentKeys).named("p").credentials("[p]\n" + keys("P")),
    ]

    // MARK: Files

    private static let files: [CredentialScenario] = [
        .init("default-in-credentials").credentials("[default]\n" + keys("DEFAULT")),
        .init("default-in-config").config("[default]\n" + keys("DEFAULT")),
        .init("prefixed-default-in-config").config("[default]\n\(keys("ONE"))[profile default]\n\(keys("TWO"))"),
        .init("credentials-before-config").config("[default]\n" + keys("CONFIG"))
            .credentials("[default]\n" + keys("CREDENTIALS")),
        .init("variable-profile").variables(["AWS_PROFILE": "p"])
            .credentials("[default]\n\(keys("DEFAULT"))[p]\n\(keys("P"))"),
        .init("old-variable-profile").variables(["AWS_DEFAULT_PROFILE": "p"])
            .credentials("[default]\n\(keys("DEFAULT"))[p]\n\(keys("P"))"),
        .init("both-profile-variables").variables(["AWS_DEFAULT_PROFILE": "p", "AWS_PROFILE": "q"])
            .credentials("[p]\n\(keys("P"))[q]\n\(keys("Q"))")
            .differing(.key("STATICQ"), because: "AWS_PROFILE is the name that all SDKs know"),
        .init("option-before-variable-profile").variables(["AWS_PROFILE": "q"]).named("p")
            .credentials("[p]\n\(keys("P"))[q]\n\(keys("Q"))"),
        .init("profile-in-config").named("p").config("[profile p]\n" + keys("P")),
        .init("profile-without-prefix-in-config").named("p").config("[p]\n" + keys("P")),
        .init("quoted-profile").named("dev ops").config("[profile \"dev ops\"]\n" + keys("QUOTED")),
        .init("profile-missing").named("p").config("[profile q]\n" + keys("Q")),
        .init("variable-profile-missing").variables(["AWS_PROFILE": "p"]).credentials("[q]\n" + keys("Q")),
        .init("profile-empty").named("p").config("[profile p]\nregion = us-east-1\n"),
        .init("half-keys").credentials("[default]\naws_access_key_id = STATICHALF\n"),
        .init("config-elsewhere").variables(["AWS_CONFIG_FILE": "{home}/elsewhere"])
            .config("[default]\n" + keys("USUAL")).file("elsewhere", "[default]\n" + keys("ELSEWHERE")),
        .init("config-elsewhere-tilde").variables(["AWS_CONFIG_FILE": "~/elsewhere"])
            .file("elsewhere", "[default]\n" + keys("ELSEWHERE")),
        .init("credentials-elsewhere").variables(["AWS_SHARED_CREDENTIALS_FILE": "{home}/elsewhere"])
            .file("elsewhere", "[default]\n" + keys("ELSEWHERE")),
        .init("comments-and-nesting").config(
            """
            # first
            [profile other]
            region = eu-west-1

            [default]
            ; second
            s3 =
              max_concurrent_requests = 20
              addressing_style = path
            \(keys("NESTED"))
            """),
        .init("keys-in-capitals").credentials(
            "[default]\nAWS_ACCESS_KEY_ID = STATICCAPITALS\nAWS_SECRET_ACCESS_KEY = hush-STATICCAPITALS\n"),
        .init("indented-profile").named("p")
            .config("[profile p]\n    region = us-east-1\n    \(role("A", "    source_profile = b"))")
            .credentials("[b]\n\(keys("B"))[p]\n\(keys("P"))"),
        .init("token-of-the-other-file").named("p").config("[profile p]\naws_session_token = hush-stray\n")
            .credentials("[p]\n" + keys("P")),
        .init("spaces-in-headers").named("p").config("[ profile p ]\n" + keys("SPACES"))
            .credentials("[ p ]\n" + keys("SPACES")),
        .init("inherited-from-default-section").named("p").config("[DEFAULT]\n\(keys("INHERITED"))[profile p]\n"),
        .init("odd-lines-elsewhere").named("p")
            .config("[profile p]\n\(keys("P"))[profile old] // moved\nregion: eu-west-1\n[x = y\n[profile [OLD] x]\n"),
        .init("config-elsewhere-home").variables(["AWS_CONFIG_FILE": "$HOME/elsewhere"])
            .file("elsewhere", "[default]\n" + keys("ELSEWHERE")),
        .init("config-is-a-folder").variables(["AWS_CONFIG_FILE": "{home}/.aws"]).variables(environmentKeys),
        .init("session-token-in-file").credentials("[default]\n\(keys("SESSION"))aws_session_token = hush-t\n"),
    ]

    // MARK: Roles

    private static let roles: [CredentialScenario] = [
        .init("role").named("p").config("[profile p]\n" + role("A", "source_profile = s"))
            .credentials("[s]\n" + keys("S")),
        .init("role-of-default").config("[default]\n" + role("A", "source_profile = s"))
            .credentials("[s]\n" + keys("S")),
        .init("role-with-details").named("p")
            .config("[profile p]\n" + role("A", "source_profile = s\nexternal_id = x-1\nduration_seconds = 1800"))
            .credentials("[s]\n" + keys("S")),
        .init("role-chain").named("a")
            .config("[profile a]\n\(role("A", "source_profile = b"))[profile b]\n\(role("B", "source_profile = c"))")
            .credentials("[c]\n" + keys("C")),
        .init("role-loop").named("a")
            .config("[profile a]\n\(role("A", "source_profile = b"))[profile b]\n\(role("B", "source_profile = a"))"),
        .init("role-of-itself").named("a").config("[profile a]\n\(role("A", "source_profile = a"))\(keys("SELF"))"),
        .init("role-of-itself-without-keys").named("a").config("[profile a]\n" + role("A", "source_profile = a")),
        .init("role-chain-ends-at-keys").named("a")
            .config(
                "[profile a]\n\(role("A", "source_profile = b"))[profile b]\n"
                    + role("B", "source_profile = c") + keys("B")
            ).credentials("[c]\n" + keys("C")),
        .init("role-before-own-keys").named("a")
            .config("[profile a]\n\(role("A", "source_profile = s"))\(keys("OWN"))").credentials("[s]\n" + keys("S")),
        .init("role-source-missing").named("a").config("[profile a]\n" + role("A", "source_profile = gone")),
        .init("role-source-empty").named("a")
            .config("[profile a]\n\(role("A", "source_profile = s"))[profile s]\nregion = us-east-1\n"),
        .init("role-two-sources").named("a")
            .config("[profile a]\n" + role("A", "source_profile = s\ncredential_source = Environment"))
            .credentials("[s]\n" + keys("S")),
        .init("role-no-source").named("a").config("[profile a]\n" + role("A", "")),
        .init("role-denied").named("a").config("[profile a]\n" + role("denied", "source_profile = s"))
            .credentials("[s]\n" + keys("S")),
        .init("role-from-environment").named("a").variables(environmentKeys)
            .config("[profile a]\n" + role("A", "credential_source = Environment")),
        .init("role-from-empty-environment").named("a")
            .config("[profile a]\n" + role("A", "credential_source = Environment")),
        .init("role-from-container").named("a").serving("container")
            .variables(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "{server}/container"])
            .config("[profile a]\n" + role("A", "credential_source = EcsContainer")),
        .init("role-from-instance").named("a").serving("instance")
            .config("[profile a]\n" + role("A", "credential_source = Ec2InstanceMetadata")),
        .init("role-from-nonsense").named("a").config("[profile a]\n" + role("A", "credential_source = Nonsense")),
        .init("role-from-program").named("a")
            .config("[profile a]\n\(role("A", "source_profile = s"))[profile s]\n\(program("PROGRAM"))"),
        .init("role-wrong-duration").named("a")
            .config("[profile a]\n" + role("A", "source_profile = s\nduration_seconds = long"))
            .credentials("[s]\n" + keys("S")),
        .init("web-identity").variables(webIdentity).file("token", "hush-web"),
        .init("web-identity-without-role").variables(["AWS_WEB_IDENTITY_TOKEN_FILE": "{home}/token"])
            .file("token", "hush-web"),
        .init("web-identity-without-file").variables(webIdentity),
        .init("web-identity-refused").variables(webIdentity).file("token", "hush-stale"),
        .init("web-identity-before-default").variables(webIdentity).file("token", "hush-web")
            .credentials("[default]\n" + keys("DEFAULT")),
        .init("web-identity-in-profile").named("w").file("token", "hush-web")
            .config("[profile w]\n" + role("W", "web_identity_token_file = {home}/token")),
        .init("environment-before-web-identity").variables(environmentKeys).variables(webIdentity)
            .file("token", "hush-web"),
        .init("web-identity-against-variable-profile").variables(webIdentity).variables(["AWS_PROFILE": "p"])
            .file("token", "hush-web").credentials("[p]\n" + keys("P")),
        .init("web-identity-against-role-of-default").variables(webIdentity).file("token", "hush-web")
            .config("[default]\n" + role("A", "source_profile = s")).credentials("[s]\n" + keys("S")),
    ]

    private static let webIdentity = [
        "AWS_WEB_IDENTITY_TOKEN_FILE": "{home}/token", "AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/W",
    ]

    // MARK: Programs, logins, containers, instances

    /// A profile's lines with a program that prints these keys.
    private static func program(_ key: String, version: Int = 1, expiration: String = "{later}") -> String {
        let document =
            #"{"Version": \#(version), "AccessKeyId": "\#(key)", "SecretAccessKey": "hush-x", "SessionToken": "hush-t", "#
            + #""Expiration": "\#(expiration)"}"#
        return "credential_process = {python} -c 'print('\"'\"'\(document)'\"'\"')'\n"
    }

    private static func token(_ access: String, _ expiresAt: String, _ more: String = "") -> String {
        #"{"startUrl": "https://example.awsapps.com/start", "region": "us-east-1", "accessToken": "hush-\#(access)", "#
            + #""expiresAt": "\#(expiresAt)"\#(more)}"#
    }

    private static let session = """
        [profile s]
        sso_session = corp
        sso_account_id = 111122223333
        sso_role_name = Reader
        [sso-session corp]
        sso_region = us-east-1
        sso_start_url = https://example.awsapps.com/start
        sso_registration_scopes = sso:account:access

        """

    private static let login = """
        [profile s]
        sso_start_url = https://example.awsapps.com/start
        sso_region = us-east-1
        sso_account_id = 111122223333
        sso_role_name = Writer

        """

    private static let others: [CredentialScenario] = [
        .init("program").named("p").config("[profile p]\n" + program("PROGRAM")),
        .init("program-of-default").config("[default]\n" + program("PROGRAM")),
        .init("program-version-2").named("p").config("[profile p]\n" + program("PROGRAM", version: 2)),
        .init("program-expired").named("p").config("[profile p]\n" + program("PROGRAM", expiration: "{past}")),
        .init("program-fails").named("p")
            .config("[profile p]\ncredential_process = {python} -c 'import sys; sys.exit(3)'\n"),
        .init("program-missing").named("p").config("[profile p]\ncredential_process = /nonexistent/program\n"),
        .init("program-prints-nonsense").named("p")
            .config("[profile p]\ncredential_process = {python} -c 'print(42)'\n"),
        .init("program-and-keys-in-credentials").named("p").config("[profile p]\n" + program("PROGRAM"))
            .credentials("[p]\n" + keys("P")),
        .init("program-and-keys-in-config").named("p").config("[profile p]\n\(program("PROGRAM"))\(keys("P"))"),
        .init("sso-session").named("s").config(session).file("sso:corp", token("sso", "{later}")),
        .init("sso-session-renewed").named("s").config(session).file(
            "sso:corp",
            token(
                "old", "{past}",
                #", "clientId": "c", "clientSecret": "hush-c", "refreshToken": "hush-refresh", "#
                    + #""registrationExpiresAt": "2099-01-01T00:00:00Z""#)),
        .init("sso-session-expired").named("s").config(session).file("sso:corp", token("sso", "{past}")),
        .init("sso-session-refused").named("s").config(session).file("sso:corp", token("revoked", "{later}")),
        .init("sso-session-without-login").named("s").config(session),
        .init("sso-session-missing").named("s").config(session.replacing("[sso-session corp]", with: "[sso-session x]"))
            .file("sso:corp", token("sso", "{later}")),
        .init("sso-session-differs").named("s")
            .config(session.replacing("sso_session = corp", with: "sso_session = corp\nsso_region = eu-west-1"))
            .file("sso:corp", token("sso", "{later}")),
        .init("sso-old-form").named("s").config(login)
            .file("sso:https://example.awsapps.com/start", token("sso", "{later}")),
        .init("sso-old-form-expired").named("s").config(login)
            .file("sso:https://example.awsapps.com/start", token("sso", "{past}")),
        .init("sso-before-keys").named("s").config(login + keys("OWN"))
            .file("sso:https://example.awsapps.com/start", token("sso", "{later}")),
        .init("role-from-sso").named("a").config("[profile a]\n\(role("A", "source_profile = s"))\(session)")
            .file("sso:corp", token("sso", "{later}")),
        .init("container").serving("container")
            .variables(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "{server}/container"]),
        .init("container-token").serving("container-token").variables([
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "{server}/container",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "hush-container",
        ]),
        .init("container-token-file").serving("container-token").file("token", "hush-container").variables([
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "{server}/container",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "{home}/token",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "hush-other",
        ]),
        .init("container-fails").serving("container-fails")
            .variables(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "{server}/container"]),
        .init("container-elsewhere")
            .variables(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://192.0.2.1/container"]),
        .init("container-before-instance").serving("container", "instance")
            .variables(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "{server}/container"]),
        .init("default-before-container").serving("container").credentials("[default]\n" + keys("DEFAULT"))
            .variables(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "{server}/container"]),
        .init("instance").serving("instance"),
        .init("instance-switched-off").serving("instance").variables(["AWS_EC2_METADATA_DISABLED": "true"]),
        .init("instance-without-role").serving("instance", "no-role"),
        .init("instance-version-1").serving("instance-v1")
            .differing(.failure, because: "version 1 gives its answers to whoever can make a server send a GET"),
        .init("named-profile-falls-through").named("p").serving("instance")
            .config("[profile p]\nregion = us-east-1\n"),
    ]
}

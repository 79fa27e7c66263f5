import Foundation
import TestSupport

/// Makes shared files from their grammar, odd spellings included: of headers, keys, delimiters, indentation, comments,
/// line ends and values; and profiles of every kind, which refer to each other and are spread over both files.
struct SharedFilesGenerator {
    var random: SeededGenerator
    private var count = 0
    private var home = ""

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    private static let names = ["default", "dev", "base", "dev ops", "x]y", "a.b", "ünï", "it's", "DEV", "p1"]
    static let regions = ["eu-west-1", "us-east-1", "eu-central-1", "ap-south-1"]
    /// In which tools write expirations.
    static let times = [
        "2099-01-01T00:00:00Z", "2099-01-01T00:00:00+0000", "2099-01-01T00:00:00-0500", "2099-01-01T00:00:00+01:00",
        "2099-01-01T00:00:00UTC", "2099-01-01T00:00:00 UTC", "2099-01-01 00:00:00 UTC", "2099-01-01T00:00:00.123Z",
        "20990101T000000Z", "2099-01-01 00:00:00+00:00", "2099-01-01T00:00Z", "Thu, 01 Jan 2099 00:00:00 GMT",
        "2001-01-01T00:00:00Z", "2001-01-01T00:00:00UTC",
    ]

    mutating func isLucky(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &random)]
    }

    /// A case whose home folder will be `home`, with services at `server`.
    mutating func next(home: String, server: String) -> SharedFilesCase {
        self.home = home
        count += 1
        var names = Array(Self.names.shuffled(using: &random).prefix(Int.random(in: 1...4, using: &random)))
        if isLucky(80), !names.contains("default") { names.append("default") }
        var one = SharedFilesCase()
        one.environment = environment(names, server)
        if isLucky(35) { one.profile = isLucky(97) ? pick(names) : "missing" }
        var config: [[String]] = []
        var credentials: [[String]] = []
        for name in names {
            let (inConfig, inCredentials) = profile(name, names)
            if !inConfig.isEmpty || isLucky(70) { config.append(section(configHeader(name), inConfig)) }
            if !inCredentials.isEmpty || isLucky(5) {
                credentials.append(section(credentialsHeader(name), inCredentials))
            }
        }
        config += otherSections()
        if isLucky(2), let again = config.randomElement(using: &random) { config.append(again) }
        if isLucky(6) { config.append(section("[DEFAULT]", inherited())) }
        if isLucky(6) { credentials.append(section("[DEFAULT]", inherited())) }
        one.files += [
            file(path(of: one.environment["AWS_CONFIG_FILE"], ".aws/config"), config),
            file(path(of: one.environment["AWS_SHARED_CREDENTIALS_FILE"], ".aws/credentials"), credentials),
        ]
        one.files += otherFiles()
        return one
    }

    // MARK: Variables

    private mutating func environment(_ names: [String], _ server: String) -> [String: String] {
        var variables = [
            "HOME": home, "PATH": "/usr/bin:/bin", "AWS_MAX_ATTEMPTS": "1", "AWS_ENDPOINT_URL_STS": server,
            "AWS_ENDPOINT_URL_SSO": server, "AWS_ENDPOINT_URL_SSO_OIDC": server, "AWS_ENDPOINT_URL_SIGNIN": server,
        ]
        if isLucky(45) { variables["AWS_PROFILE"] = isLucky(98) ? pick(names) : "missing" }
        if isLucky(8) { variables["AWS_DEFAULT_PROFILE"] = pick(names) }
        if isLucky(15) {
            variables["AWS_ACCESS_KEY_ID"] = "AKIAENVIRONMENT"
            if isLucky(95) { variables["AWS_SECRET_ACCESS_KEY"] = "s-environment" }
            if isLucky(40) { variables["AWS_SESSION_TOKEN"] = "t-environment" }
            if isLucky(20) { variables["AWS_SECURITY_TOKEN"] = "t-security" }
            if isLucky(25) { variables["AWS_CREDENTIAL_EXPIRATION"] = pick(Self.times) }
        } else if isLucky(3) {
            variables["AWS_SECRET_ACCESS_KEY"] = "s-alone"
        }
        if isLucky(10) { variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = isLucky(90) ? "\(home)/token" : "" }
        if isLucky(variables["AWS_WEB_IDENTITY_TOKEN_FILE"] == nil ? 6 : 85) {
            variables["AWS_ROLE_ARN"] = "arn:aws:iam::111122223333:role/Variable"
        }
        if isLucky(4) { variables["AWS_ROLE_SESSION_NAME"] = "pod" }
        if isLucky(40) { variables["AWS_REGION"] = pick(Self.regions) }
        if isLucky(35) { variables["AWS_DEFAULT_REGION"] = pick(Self.regions) }
        if isLucky(25) { variables["AWS_CONFIG_FILE"] = place("conf") }
        if isLucky(20) { variables["AWS_SHARED_CREDENTIALS_FILE"] = place("cred") }
        if isLucky(8) { variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = server + "container" }
        if isLucky(3) { variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "container-token" }
        if isLucky(10) {
            variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = server
        } else {
            variables["AWS_EC2_METADATA_DISABLED"] = "true"
        }
        if isLucky(4) { variables["AWS_ENDPOINT_URL"] = "https://all.example.com" }
        if isLucky(4) { variables["AWS_ENDPOINT_URL_ECR"] = "https://ecr.example.com/x" }
        if isLucky(3) { variables["AWS_USE_FIPS_ENDPOINT"] = pick(["false", "FALSE", "no", ""]) }
        if isLucky(2) { variables["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "false" }
        if isLucky(4) { variables["AWS_CA_BUNDLE"] = "/variable.pem" }
        return variables
    }

    private mutating func place(_ name: String) -> String {
        pick([
            "~/\(name)", "$HOME/\(name)", "${HOME}/\(name)", "\(home)/\(name)", "$NOWHERE/\(name)", "~/missing/\(name)",
        ])
    }

    private func path(of variable: String?, _ usual: String) -> String {
        guard let variable else { return usual }
        return variable.hasSuffix("conf") ? "conf" : "cred"
    }

    // MARK: Profiles

    private mutating func keys(_ label: String) -> [(String, String)] {
        count += 1
        let id = "AKIA\(label)\(count)"
        var lines = [("aws_access_key_id", id)]
        if isLucky(98) { lines.append(("aws_secret_access_key", "s-\(id)" + (isLucky(10) ? "#;=:/+" : ""))) }
        if isLucky(35) { lines.append(("aws_session_token", isLucky(92) ? "t-\(id)==" : "")) }
        if isLucky(10) { lines.append(("aws_security_token", isLucky(80) ? "u-\(id)" : "")) }
        if isLucky(2) { lines.removeFirst() }
        return lines
    }

    /// The lines of a profile in each file.
    private mutating func profile(
        _ name: String, _ names: [String]
    ) -> (config: [(String, String)], credentials: [(String, String)]) {
        var config: [(String, String)] = []
        var credentials: [(String, String)] = []
        for _ in 0..<(isLucky(75) ? 1 : 2) {
            // The first one is mostly where chains end.
            switch name == names[0] && isLucky(70) ? 0 : Int.random(in: 0..<100, using: &random) {
            case ..<32:
                if isLucky(65) { credentials += keys("CRED") }
                if isLucky(credentials.isEmpty ? 98 : 15) { config += keys("CONF") }
            case ..<64: isLucky(88) ? (config += role(name, names)) : (credentials += role(name, names))
            case ..<67: config += webIdentity()
            case ..<80: config += singleSignOn()
            case ..<88:
                let login = isLucky(90) ? "arn:aws:iam::111122223333:user/me" : "nobody"
                config.append(("login_session", login))
            case ..<97: isLucky(80) ? config.append(program()) : credentials.append(program())
            default: break
            }
        }
        // A part of one kind without the rest of it.
        if isLucky(3) { config.append(("aws_session_token", "t-stray")) }
        if isLucky(3) { credentials.append(("role_arn", "arn:aws:iam::111122223333:role/Stray")) }
        config += settings()
        if isLucky(8) { credentials.append(("region", pick(Self.regions))) }
        return (unique(config.shuffled(using: &random)), unique(credentials.shuffled(using: &random)))
    }

    /// Mostly without the keys that would appear twice, with which botocore refuses a file.
    private mutating func unique(_ lines: [(String, String)]) -> [(String, String)] {
        guard !isLucky(1) else { return lines }
        var seen: Set<String> = []
        return lines.filter { seen.insert($0.0).inserted }
    }

    private mutating func role(_ own: String, _ names: [String]) -> [(String, String)] {
        let name = pick(["A", "B", "C", "path/D"])
        let role = isLucky(95) ? "arn:aws:iam::111122223333:role/\(name)" : pick(["arn:aws:iam::1:role/denied", ""])
        var lines = [("role_arn", role)]
        let others = names.filter { $0 != own }
        let next = isLucky(92) && !others.isEmpty ? pick(others + [names[0]]) : own
        if isLucky(82) { lines.append(("source_profile", isLucky(97) ? next : pick(["missing", ""]))) }
        if isLucky(lines.count == 1 ? 85 : 3) {
            let sources = ["Environment", "EcsContainer", "Ec2InstanceMetadata", "environment"]
            lines.append(("credential_source", pick(sources)))
        }
        if isLucky(15) { lines.append(("external_id", pick(["ext-1", "x # y", "a;b ;c", ""]))) }
        if isLucky(15) { lines.append(("role_session_name", pick(["me", "some one", ""]))) }
        if isLucky(15) { lines.append(("duration_seconds", pick(["900", "3600", "3_600", "long", ""]))) }
        if isLucky(4) { lines.append(("web_identity_token_file", "")) }
        return lines
    }

    private mutating func webIdentity() -> [(String, String)] {
        var lines = [("web_identity_token_file", isLucky(85) ? "\(home)/token" : pick(["", "\(home)/no-token"]))]
        if isLucky(90) { lines.append(("role_arn", "arn:aws:iam::111122223333:role/Web")) }
        if isLucky(20) { lines.append(("role_session_name", "web")) }
        return lines
    }

    private mutating func singleSignOn() -> [(String, String)] {
        var lines: [(String, String)] = []
        if isLucky(96) { lines.append(("sso_account_id", "111122223333")) }
        if isLucky(96) { lines.append(("sso_role_name", pick(["Reader", "Admin Role"]))) }
        let hasSession = isLucky(60)
        if hasSession { lines.append(("sso_session", isLucky(94) ? pick(["corp", "old"]) : "missing")) }
        if isLucky(hasSession ? 25 : 92) { lines.append(("sso_start_url", "https://example.com/start")) }
        if isLucky(hasSession ? 25 : 92) { lines.append(("sso_region", isLucky(95) ? "eu-west-1" : "us-east-1")) }
        return lines
    }

    private mutating func program() -> (String, String) {
        let arguments = [
            "", "--vault prod #2", "--item \"team #1\"", "'a b' ; c", "\"a\\$b\\\\c\\\"\" \\x", "a\\ b '' \"\"",
            "'open",
            "ü\u{A0}x", "a=b:c",
        ]
        return ("credential_process", "\(home)/helper \(pick(arguments))")
    }

    private mutating func settings() -> [(String, String)] {
        var lines: [(String, String)] = []
        if isLucky(50) { lines.append(("region", pick(Self.regions))) }
        if isLucky(6) { lines.append(("endpoint_url", "https://profile.example.com/p")) }
        if isLucky(10) { lines.append(("services", isLucky(95) ? "s" : "missing")) }
        if isLucky(3) { lines.append(("use_fips_endpoint", pick(["true", "True", "false"]))) }
        if isLucky(3) { lines.append(("use_dualstack_endpoint", pick(["true", "no"]))) }
        if isLucky(4) { lines.append(("ca_bundle", "/profile.pem")) }
        if isLucky(3) { lines.append(("ignore_configured_endpoint_urls", "false")) }
        if isLucky(3) { lines.append(("metadata_service_timeout", pick(["5", "2"]))) }
        if isLucky(3) { lines.append(("metadata_service_num_attempts", "3")) }
        if isLucky(10) { lines.append(("output", pick(["json", "text # not a comment", "table ; neither"]))) }
        return lines
    }

    private mutating func inherited() -> [(String, String)] {
        var lines: [(String, String)] = [("region", pick(Self.regions))]
        if isLucky(50) { lines += keys("DEF") }
        if isLucky(20) { lines.append(("role_session_name", "inherited")) }
        return unique(lines)
    }

    private mutating func otherSections() -> [[String]] {
        var sections: [[String]] = []
        var session = [("sso_region", "eu-west-1"), ("sso_start_url", "https://example.com/start")]
        if isLucky(70) { session.append(("sso_registration_scopes", "sso:account:access")) }
        if isLucky(5) { session.removeFirst() }
        if isLucky(95) { sections.append(section(pick(["[sso-session corp]", "[sso-session \"corp\"]"]), session)) }
        if isLucky(90) { sections.append(section("[sso-session old]", session)) }
        if isLucky(92) {
            let endpoint = pick(["endpoint_url", "endpoint_url", "Endpoint_URL"])
            sections.append([
                "[services s]", "ecr =", "  \(endpoint) = https://ecr.services.example.com", "  other = x",
                pick(["organizations=", "ORGANIZATIONS ="]), "\tendpoint_url=https://org.services.example.com",
                "s3=", "  endpoint_url=https://s3.services.example.com",
                "iam: https://not.nested.example.com",
            ])
        }
        if isLucky(8) {
            sections.append(section(pick(["[plugins]", "[preview]", "[dev]", "[toolkit x]"]), keys("OTHER")))
        }
        return sections
    }

    private mutating func otherFiles() -> [SharedFilesCase.File] {
        func file(_ path: String, _ text: String) -> SharedFilesCase.File {
            SharedFilesCase.File(path: path, contents: Data(text.utf8))
        }
        let expiration = isLucky(40) ? #",\"Expiration\":\"\#(pick(Self.times))\""# : ""
        let program = """
            #!/bin/sh
            hex=$(printf '%s|' "$@" | od -An -v -tx1 | tr -d ' \\n')
            echo "{\\"Version\\":1,\\"AccessKeyId\\":\\"PROG$hex\\",\\"SecretAccessKey\\":\\"s\\",\\"SessionToken\\":\\"t\\"\(expiration)}"

            """
        var files = [file("helper", program)]
        if isLucky(85) { files.append(file("token", "the-token")) }
        // The hashes of "corp", "old" and the start URL.
        for name in [
            "ee0bfd2552fbd840c02cc48b6e823320543c450f", "c00dbbc9dadfbe1e232e93a729dd4752fade0abf",
            "b343494cf15ba6b81449840ea93161cf3b27e5e3",
        ] where isLucky(85) {
            files.append(file(".aws/sso/cache/\(name).json", token()))
        }
        // The hash of "arn:aws:iam::111122223333:user/me".
        if isLucky(85) {
            let name = "6eeec053fe13079aaf7fd81065ec5ecbdb93674f20700e51842d0c769b240c8a"
            files.append(file(".aws/login/cache/\(name).json", login()))
        }
        return files
    }

    private mutating func expiration() -> String { isLucky(35) ? "2001-01-01T00:00:00Z" : pick(Self.times) }

    private mutating func token() -> String {
        let access = isLucky(85) ? pick(["access-1", "access-2"]) : "revoked"
        let renewal =
            isLucky(60)
            ? #","clientId":"c","clientSecret":"cs","refreshToken":"\#(pick(["fresh", "fresh", "stale"]))","#
                + #""registrationExpiresAt":"\#(pick(Self.times))""# : ""
        return
            #"{"startUrl":"x","region":"eu-west-1","accessToken":"\#(access)","expiresAt":"\#(expiration())"\#(renewal)}"#
    }

    private mutating func login() -> String {
        LoginFile.text(expiresAt: expiration(), refreshToken: pick(["fresh", "fresh", "stale"]))
    }
}

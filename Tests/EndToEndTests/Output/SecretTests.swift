import Foundation
@testable import SimulatedAWS
import Testing

/// Tokens go nowhere that a working folder names, and no secret is in any output.
@Suite(.timeLimit(.minutes(5))) struct SecretTests {
    private let row = "111122223333,us-east-1,base/go,444455556666,pull"

    /// The environment of somebody who is signed in by a token; AWS itself cannot be reached.
    private func signedIn(_ work: Workplace, _ variables: [String: String]) -> [String: String] {
        var environment = work.server.environment.merging(variables) { $1 }
        for name in ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] { environment[name] = nil }
        environment["HTTPS_PROXY"] = "http://127.0.0.1:1"
        environment["AWS_MAX_ATTEMPTS"] = "1"
        environment["HOME"] = work.folder.path
        return environment
    }

    @Test func `An endpoint of the configuration file gets no token of a web identity or a login`() async throws {
        try await withWorkplace { work in
            try work.matrix("m.csv", row)
            try work.folder.appending(path: "ecr-share.yaml").write("endpoint-url: \(work.server.endpoint)\n")
            try work.folder.appending(path: "token").write("JWT.OF.THE.JOB")
            let cache = work.folder.appending(path: ".aws/sso/cache")
            try FileManager.default.createDirectory(at: cache, withIntermediateDirectories: true)
            // SHA-1 of "dev", as the AWS tools name the file of a session.
            try cache.appending(path: "34c6fceca75e456f25e7e99531e2425c6c1de443.json").write(
                #"{"accessToken":"SSO-BEARER","expiresAt":"2099-01-01T00:00:00Z","clientId":"cid","clientSecret":"CLIENTSECRET","#
                    + #""registrationExpiresAt":"2099-01-01T00:00:00Z","refreshToken":"SSO-REFRESH"}"#)
            try work.folder.appending(path: ".aws/config").write(
                """
                [profile dev]
                sso_session = dev
                sso_account_id = 999900000000
                sso_role_name = Admin
                [sso-session dev]
                sso_start_url = https://example.awsapps.com/start
                sso_region = us-east-1

                """)
            let identities = [
                [
                    "AWS_WEB_IDENTITY_TOKEN_FILE": work.folder.appending(path: "token").path,
                    "AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/x",
                ],
                ["AWS_PROFILE": "dev"],
            ]
            for identity in identities {
                let result = try await Program.ecrShare.run(
                    ["plan", "m.csv"], environment: signedIn(work, identity), folder: work.folder)
                #expect(result.exitStatus == 1, "\(result.errors)")
                for secret in ["JWT.OF", "SSO-BEARER", "SSO-REFRESH", "CLIENTSECRET"] {
                    #expect(!(result.output + result.errors).contains(secret))
                }
            }
            #expect(work.server.cloud.totalCount.total == 0, "no call came")
        }
    }

    @Test(arguments: [
        "http://platform:PROXYPASSWORD@127.0.0.1:1", "http://platform:PROXYPASSWORD@bad host:9",
        "platform:PROXYPASSWORD@127.0.0.1:1", "http://platform:PROXY/PASSWORD@h:9", "nonsense://a:PROXYPASSWORD@h",
        "http://PROXYPASSWORD@[bad", "http://platform:PROXY%50ASSWORD@127.0.0.1:99999",
    ]) func `A proxy's password is in no output`(proxy: String) async throws {
        try await withWorkplace { work in
            try work.matrix("m.csv", row)
            var environment = work.server.environment
            environment["AWS_ENDPOINT_URL"] = "https://aws.example.invalid"
            environment["AWS_MAX_ATTEMPTS"] = "1"
            for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] { environment[name] = proxy }
            for command in [["plan", "m.csv"], ["apply", "m.csv", "--yes", "--timeout", "2"], ["doctor", "m.csv"]] {
                let result = try await Program.ecrShare.run(command, environment: environment, folder: work.folder)
                let files = FileManager.default.subpaths(atPath: work.folder.path)?.compactMap {
                    try? work.text(of: $0)
                }
                for text in [result.output, result.errors] + (files ?? []) {
                    #expect(!text.contains("PROXYPASSWORD") && !text.contains("PROXY/PASSWORD"), "\(text)")
                    #expect(!text.contains("PROXY%50ASSWORD"), "\(text)")
                }
            }
        }
    }

    /// What a plan says when AWS is to be reached through a proxy that has a password.
    private func planThroughProxy(at address: String) async throws -> String {
        try await withWorkplace { work in
            try work.matrix("m.csv", row)
            var environment = work.server.environment
            environment["AWS_ENDPOINT_URL"] = "https://aws.example.invalid"
            environment["AWS_MAX_ATTEMPTS"] = "1"
            environment["HTTPS_PROXY"] = "http://platform:PROXYPASSWORD@\(address)"
            let result = try await Program.ecrShare.run(
                ["plan", "m.csv"], environment: environment, folder: work.folder)
            return result.output + result.errors
        }
    }

    @Test func `A proxy that cannot be found is named instead of AWS's host, without its password`() async throws {
        let text = try await planThroughProxy(at: "proxy.invalid:3128")
        #expect(text.contains("the proxy proxy.invalid, named by HTTPS_PROXY, cannot be found"), "\(text)")
        #expect(!text.contains("aws.example.invalid") && !text.contains("PROXYPASSWORD"), "\(text)")
    }

    @Test func `A proxy that does not answer is named, and not the endpoint`() async throws {
        let text = try await planThroughProxy(at: "127.0.0.1:9")
        #expect(text.contains("no connection through the proxy 127.0.0.1, named by HTTPS_PROXY."), "\(text)")
        #expect(text.contains("Check the address in HTTPS_PROXY"), "\(text)")
        #expect(!text.contains("AWS_ENDPOINT_URL") && !text.contains("PROXYPASSWORD"), "\(text)")
        #expect(!text.contains(" ms"), "\(text)")
    }

    @Test func `Signatures that AWS repeats and what a credential process says are not repeated`() async throws {
        let secrets = ["AKIAIOSFODNN7EXAMPLE", "5d672d79c15b13162d9279b0", "wJalrXUtnFEMI", "FwoGZXIvYXdzEBYaD"]
        let echo =
            "Authorization header requires existence of 'X-Amz-Date'. Authorization=AWS4-HMAC-SHA256 "
            + "Credential=AKIAIOSFODNN7EXAMPLE/20150830/us-east-1/ecr/aws4_request, Signature=5d672d79c15b13162d9279b0"
        let faults = Faults(
            FaultRule(
                .refuse(code: "IncompleteSignatureException", message: echo),
                target: FaultTarget(operations: ["GetRepositoryPolicy"])))
        try await withWorkplace(faults: faults) { work in
            try work.matrix("m.csv", row)
            let refused = try await work.ecrShare("plan m.csv --out plan.jsonl")
            #expect(refused.errors.contains("IncompleteSignature") || refused.output.contains("IncompleteSignature"))
            try work.folder.appending(path: "process").write(
                "#!/bin/sh\nset -x\nexport AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n"
                    + "echo 'token FwoGZXIvYXdzEBYaDHqa0AP1RlGZX2VjcyK5 was refused' >&2\nexit 3\n")
            try work.folder.appending(path: "config").write(
                "[profile p]\ncredential_process = /bin/sh \(work.folder.appending(path: "process").path)\n")
            let process = try await Program.ecrShare.run(
                ["plan", "m.csv"],
                environment: signedIn(work, ["AWS_CONFIG_FILE": "config", "AWS_PROFILE": "p"]), folder: work.folder)
            #expect(process.errors.contains("exited with status 3"), "\(process.errors)")
            for text in [
                refused.output, refused.errors, try work.text(of: "plan.jsonl"), process.errors, process.output,
            ] {
                for secret in secrets { #expect(!text.contains(secret), "\(text)") }
            }
        }
    }
}

import Foundation
import SimulatedAWS
import Testing

/// Settings that reach the program by options, variables and files.
@Suite struct SignInTests {
    private let row = "111122223333,us-east-1,base/go,444455556666,pull"

    @Test(
        arguments: [
            (["--region", "us-esat-1"], [:], "--region", "\"us-east-1\""),
            ([], ["AWS_REGION": "eu-wset-1"], "AWS_REGION", "\"eu-west-1\""),
            ([], ["AWS_REGION": "", "AWS_DEFAULT_REGION": "frankfurt"], "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL_STS"),
            (["--region", "us-east-1.evil.example"], [:], "--region", "\"us-east-1\""),
        ] as [([String], [String: String], String, String)])
    func `An unknown region is an error that names near ones and a way out`(
        options: [String], variables: [String: String], source: String, hint: String
    ) async throws {
        try await withWorkplace { work in
            try work.matrix("m.csv", row)
            var environment = work.server.environment.merging(variables) { $1 }
            environment["AWS_ENDPOINT_URL"] = nil
            environment["AWS_ENDPOINT_URL_ECR"] = work.server.endpoint
            let result = try await Program.ecrShare.run(
                ["plan", "m.csv"] + options, environment: environment, folder: work.folder)
            #expect(result.exitStatus == 1)
            for word in [source, hint, "AWS_ENDPOINT_URL_STS"] {
                #expect(result.errors.contains(word), "\(word) is missing in: \(result.errors)")
            }
            #expect(work.server.cloud.totalCount.total == 0)
        }
    }

    @Test func `A newer region works with an endpoint for STS`() async throws {
        try await withWorkplace { work in
            try work.matrix("m.csv", row)
            let result = try await work.ecrShare("plan m.csv --region us-newplace-1")
            #expect(result.exitStatus == 0, "\(result.errors)")
        }
    }

    @Test func `An endpoint in the clear is an error before anything is sent`() async throws {
        try await withWorkplace { work in
            try work.matrix("m.csv", row)
            let variables = ["AWS_ENDPOINT_URL_ECR": "http://ecr.example.com"]
            let result = try await work.ecrShare("plan m.csv", environment: variables)
            #expect(result.exitStatus == 1)
            #expect((result.output + result.errors).contains("plain http"), "\(result.errors)")
            #expect(work.server.cloud.totalCount.total == 0)
        }
    }

    @Test(
        arguments: [
            ([], ["AWS_ENDPOINT_URL_STS": "URL"], "", "AWS_ENDPOINT_URL_STS"),
            ([], ["AWS_ENDPOINT_URL": "URL"], "", "AWS_ENDPOINT_URL"),
            (["--endpoint-url", "URL"], [:], "", "--endpoint-url"),
            ([], ["AWS_ENDPOINT_URL": ""], "endpoint-url: URL", "endpoint-url in ecr-share.yaml"),
            (
                [], ["AWS_ENDPOINT_URL": "", "AWS_PROFILE": "p", "AWS_CONFIG_FILE": "config"], "",
                "endpoint_url in the profile p"
            ),
        ] as [([String], [String: String], String, String)])
    func `Where nothing answers, the setting that names the endpoint is shown`(
        options: [String], variables: [String: String], file: String, origin: String
    ) async throws {
        try await withWorkplace { work in
            try work.matrix("m.csv", row)
            func filled(_ text: String) -> String { text.replacingOccurrences(of: "URL", with: "http://127.0.0.1:1") }
            try work.folder.appending(path: "ecr-share.yaml").write(filled(file) + "\n")
            try work.folder.appending(path: "config").write(filled("[profile p]\nendpoint_url = URL\n"))
            let environment = work.server.environment.merging(variables.mapValues(filled)) { $1 }
                .merging(["AWS_MAX_ATTEMPTS": "1"]) { $1 }
            let result = try await Program.ecrShare.run(
                ["plan", "m.csv"] + options.map(filled), environment: environment, folder: work.folder)
            #expect((result.output + result.errors).contains("URL comes from \(origin)"), "\(result.errors)")
        }
    }

    @Test func `An endpoint URL wins over FIPS and dual-stack endpoints, as for the AWS CLI`() async throws {
        for variable in ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"] {
            try await withWorkplace { work in
                try work.matrix("m.csv", row)
                let result = try await work.ecrShare("plan m.csv", environment: [variable: "true"])
                #expect(result.exitStatus == 0, "\(result.errors)")
            }
        }
    }

    @Test func `Without credentials every place is listed with its reason`() async throws {
        try await withWorkplace { work in
            try work.matrix("m.csv", row)
            let result = try await work.ecrShare(
                "plan m.csv",
                environment: [
                    "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_EC2_METADATA_DISABLED": "true",
                ])
            #expect(result.exitStatus == 1)
            for place in [
                "environment variables: AWS_ACCESS_KEY_ID", "web identity: AWS_WEB_IDENTITY_TOKEN_FILE",
                "profile default: there is none in", "container: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                "EC2 instance: AWS_EC2_METADATA_DISABLED",
            ] { #expect(result.errors.contains(place), "\(place) is missing in: \(result.errors)") }
        }
    }

    @Test func `A profile that needs an MFA code says so when there is nobody to ask`() async throws {
        try await withWorkplace { work in
            try work.matrix("m.csv", row)
            try work.folder.appending(path: "config").write(
                """
                [profile mfa]
                role_arn = arn:aws:iam::111122223333:role/EcrShareOperator
                credential_source = Environment
                mfa_serial = arn:aws:iam::999900001111:mfa/someone

                """)
            let result = try await work.ecrShare(
                "plan m.csv --profile mfa --role none", environment: ["AWS_CONFIG_FILE": "config"])
            #expect(result.exitStatus == 1)
            #expect(result.errors.contains("mfa/someone") && result.errors.contains("terminal"), "\(result.errors)")
        }
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
    func `On a terminal a profile asks for the MFA code, once`() async throws {
        try await withWorkplace { work in
            try work.matrix("m.csv", row)
            try work.folder.appending(path: "config").write(
                """
                [profile mfa]
                role_arn = arn:aws:iam::111122223333:role/EcrShareOperator
                credential_source = Environment
                mfa_serial = arn:aws:iam::999900001111:mfa/someone

                """)
            // script(1) gives the program a terminal.
            let command = "\(Program.ecrShare.executable.path) plan m.csv --profile mfa --role none --no-progress"
            let result = try await Program(executable: URL(filePath: "/usr/bin/script")).run(
                ["-qec", command, "/dev/null"],
                environment: work.server.environment.merging(["AWS_CONFIG_FILE": "config", "TERM": "dumb"]) { $1 },
                folder: work.folder, input: "123456\n")
            #expect(result.output.components(separatedBy: "Code of the MFA device").count == 2, "\(result.output)")
            #expect(result.exitStatus == 0, "\(result.output)")
        }
    }
}

@testable import SimulatedAWS
import Testing

/// `doctor` against SimulatedAWS: what is in place, what is missing, and that nothing is written.
@Suite struct DoctorTests {
    private func withDoctor(
        faults: Faults = Faults(), change: (inout World) throws -> Void = { _ in }, options: String = "",
        _ body: (Workplace, Program.Result) async throws -> Void
    ) async throws {
        var world = try World.sandbox()
        try change(&world)
        try await withWorkplace(world, faults: faults) { work in
            try work.matrix(
                "m.csv", "111122223333,us-east-1,base/go,444455556666,pull",
                "111122223333,eu-west-1,base/go,444455556666,pull", "222233334444,us-east-1,base/*,444455556666,push")
            let before = work.server.policies
            let result = try await work.ecrShare("doctor m.csv \(options)")
            #expect(work.server.policies == before, "doctor wrote something")
            #expect(work.server.cloud.count("SetRepositoryPolicy").total == 0, "doctor tried to write")
            #expect(!(result.output + result.errors).contains(AccessKey.platform.secret))
            try await body(work, result)
        }
    }

    private func permit(_ actions: String, _ resource: String = "*") -> PermissionPolicy? {
        PermissionPolicy(
            parsing:
                #"{"Statement":[{"Effect":"Allow","Action":[\#(actions)],"Resource":"\#(resource)"},"#
                + #"{"Effect":"Allow","Action":["ecr:DescribeRepositories","ecr:GetRegistryPolicy","#
                + #""iam:SimulatePrincipalPolicy"],"Resource":"*"}]}"#)
    }

    @Test func `When all is well every line is ok and the status is 0`() async throws {
        try await withDoctor { _, result in
            #expect(result.exitStatus == 0, "\(result.output)\(result.errors)")
            let lines = result.output.split(separator: "\n").dropLast()
            #expect(lines.count == 12 && lines.allSatisfy { $0.hasPrefix("ok ") }, "\(result.output)")
            for part in ["user/platform", "assumed-role/EcrShareOperator", "may write", "0 failed"] {
                #expect(result.output.contains(part), "\(part) is missing in: \(result.output)")
            }
        }
    }

    @Test func `The JSON form has an object for each check`() async throws {
        try await withDoctor(options: "--format json") { _, result in
            let lines = result.output.split(separator: "\n")
            #expect(lines.count == 12)
            #expect(
                lines.contains {
                    $0.hasPrefix(
                        #"{"kind":"check","check":"write","result":"ok","account":"222233334444","region":"us-east-1","#
                    )
                })
        }
    }

    @Test func `A role that cannot be assumed fails its account alone and prints the trust policy`() async throws {
        try await withDoctor(change: { $0.roles.removeAll { $0.account == "222233334444" } }) { _, result in
            #expect(result.exitStatus == 3)
            for part in [
                "trust policy of arn:aws:iam::222233334444:role/EcrShareOperator",
                "\"AWS\": \"arn:aws:iam::999900001111:user/platform\"", "\"Action\": \"sts:AssumeRole\"",
                "may write 1 repository policy",
            ] { #expect(result.output.contains(part), "\(part) is missing in: \(result.output)") }
        }
    }

    @Test func `When no account can be entered the status is 1`() async throws {
        try await withDoctor(change: { $0.roles = [] }) { _, result in
            #expect(result.exitStatus == 1)
            #expect(result.output.contains("222233334444"))
        }
        try await withDoctor(options: "--profile nobody") { work, result in
            #expect(result.exitStatus == 1)
            #expect(result.output.contains("failed") && result.output.contains("nobody"), "\(result.output)")
            #expect(work.server.cloud.totalCount.total == 0)
        }
        try await withDoctor(options: "--via arn:aws:iam::999900001111:role/Hub") { _, result in
            #expect(result.exitStatus == 1)
            #expect(result.output.contains("trust policy of arn:aws:iam::999900001111:role/Hub"), "\(result.output)")
        }
    }

    @Test func `A reader role is reported and is no failure`() async throws {
        let reader = permit(#""ecr:GetRepositoryPolicy""#)
        try await withDoctor(change: { $0.roles[0].permissions = reader }) { _, result in
            #expect(result.exitStatus == 0, "\(result.output)")
            #expect(result.output.contains("may not write (no policy of the role allows it): enough for plan"))
        }
    }

    @Test func `A role that is narrowed too far names the repositories and the policy that is missing`() async throws {
        let narrow = permit(#""ecr:*""#, "arn:aws:ecr:*:*:repository/base/go")
        try await withDoctor(change: { $0.roles[1].permissions = narrow }) { _, result in
            #expect(result.exitStatus == 3, "\(result.output)")
            #expect(result.output.contains("may not write the policies of base/dotnet, base/java"))
            #expect(result.output.contains("arn:aws:ecr:*:222233334444:repository/*"), "\(result.output)")
        }
    }

    @Test func `What may not be asked is reported as untested`() async throws {
        let silent = PermissionPolicy(
            parsing:
                #"{"Statement":{"Effect":"Allow","Action":["ecr:DescribeRepositories","ecr:*RepositoryPolicy"],"Resource":"*"}}"#
        )
        try await withDoctor(change: { $0.roles[0].permissions = silent }) { _, result in
            #expect(result.exitStatus == 0, "\(result.output)")
            #expect(result.output.contains("iam:SimulatePrincipalPolicy"))
            #expect(result.output.contains("4 not tested"))
        }
    }

    @Test func `A region that is off is distinguished from missing permissions`() async throws {
        let off = Faults(
            FaultRule(
                .refuse(code: "UnrecognizedClientException", message: "The security token is invalid."),
                target: FaultTarget(services: ["ecr"], regions: ["eu-south-2"])))
        try await withWorkplace(try .sandbox(), faults: off) { work in
            try work.matrix("m.csv", "111122223333,eu-south-2;us-east-1,base/go,444455556666,pull")
            let doctor = try await work.ecrShare("doctor m.csv")
            #expect(doctor.exitStatus == 3)
            #expect(doctor.output.contains("aws account enable-region --region-name eu-south-2"), "\(doctor.output)")
            let plan = try await work.ecrShare("plan m.csv")
            #expect(plan.exitStatus == 3)
            // The text is wrapped at the width of a page.
            #expect(plan.output.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains("enable-region"))
        }
    }

    @Test func `A registry policy that denies what the matrix grants is found`() async throws {
        let address = RegistryAddress(account: "111122223333", region: "us-east-1")
        let deny =
            #"{"Version":"2012-10-17","Statement":[{"Sid":"NoPull","Effect":"Deny","Principal":"*","#
            + #""Action":"ecr:BatchGetImage","Resource":"arn:aws:ecr:us-east-1:111122223333:repository/base/*"}]}"#
        try await withDoctor(change: { $0.registryPolicies = [address: deny] }) { _, result in
            #expect(result.exitStatus == 3)
            #expect(
                result.output.contains("statement \"NoPull\" denies 1 grant of the matrix, such as pull on base/go"),
                "\(result.output)")
        }
    }
}

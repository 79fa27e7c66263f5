@testable import SimulatedAWS
import Testing

/// Consumers that only AWS Organizations knows, and the check of consumer accounts.
@Suite struct OrganizationTests {
    /// A management account with two nested units, small pages and empty ones between them.
    private func organization(managementAccount: String = "999900001111") -> Organization {
        var organization = Organization(
            id: "o-a1b2c3d4e5", managementAccount: managementAccount, root: "r-ab12")
        organization.units = [
            Organization.Unit(id: "ou-ab12-11111111", name: "Workloads", parent: "r-ab12"),
            Organization.Unit(id: "ou-ab12-22222222", name: "Data", parent: "ou-ab12-11111111"),
            Organization.Unit(id: "ou-ab12-33333333", name: "Empty", parent: "r-ab12"),
        ]
        organization.accounts = [
            Organization.Account(id: "999900001111", name: "Management", parent: "r-ab12"),
            Organization.Account(id: "444455556666", name: "Shop", parent: "ou-ab12-11111111"),
            Organization.Account(id: "555566667777", name: "Lake", parent: "ou-ab12-22222222"),
            Organization.Account(id: "777788889999", name: "Gone", parent: "ou-ab12-22222222", state: "SUSPENDED"),
        ]
        organization.pageSize = 1
        organization.hasEmptyPages = true
        return organization
    }

    private func withOrganization(
        _ organization: Organization?, faults: Faults = Faults(), change: (inout World) -> Void = { _ in },
        _ body: (Workplace) async throws -> Void
    ) async throws {
        var world = try World.sandbox()
        world.organization = organization
        change(&world)
        try await withWorkplace(world, faults: faults) { work in
            try work.matrix("units.csv", "111122223333,us-east-1,base/go,ou-ab12-11111111,pull")
            try await body(work)
        }
    }

    @Test func `A unit means the active accounts in it and below it`() async throws {
        try await withOrganization(organization()) { work in
            let apply = try await work.ecrShare("apply units.csv --yes")
            #expect(apply.exitStatus == 0, "\(apply.errors)")
            #expect(apply.errors.contains("units.csv:2: warning: ou-ab12-11111111 has the account 777788889999 (Gone)"))
            #expect(apply.errors.contains("SUSPENDED"))
            let policy =
                work.server.cloud.policyText(account: "111122223333", region: "us-east-1", name: "base/go") ?? ""
            #expect(policy.contains("444455556666") && policy.contains("555566667777"))
            #expect(!policy.contains("777788889999"))
            let second = try await work.ecrShare("plan units.csv --detailed-exitcode")
            #expect(second.exitStatus == 0)
            let access = try await work.ecrShare("access units.csv --format json")
            #expect(access.exitStatus == 0, "\(access.errors)")
            #expect(access.output.contains("555566667777"))
        }
    }

    @Test func `A unit is accepted without a network, and rendering says why it cannot`() async throws {
        try await withOrganization(organization()) { work in
            let check = try await work.ecrShare("check units.csv")
            #expect(check.exitStatus == 0, "\(check.errors)")
            let render = try await work.ecrShare("render units.csv")
            #expect(render.exitStatus == 1)
            #expect(render.errors.contains("ou-ab12-11111111") && render.errors.contains("Organizations"))
            #expect(work.server.cloud.totalCount.total == 0)
        }
    }

    @Test func `A unit that cannot be looked up is never taken for an empty one`() async throws {
        let lost = Faults(
            FaultRule(.serverError(status: 500), target: FaultTarget(operations: ["ListAccountsForParent"])))
        let cases: [(Organization?, Faults, [String])] = [
            (nil, Faults(), ["AWSOrganizationsNotInUseException", "management account"]),
            (organization(managementAccount: "123412341234"), Faults(), ["Organizations"]),
            (organization(), lost, ["ou-ab12-11111111"]),
        ]
        for (organization, faults, words) in cases {
            try await withOrganization(organization, faults: faults) { work in
                let before = work.server.policies
                let result = try await work.ecrShare("apply units.csv --yes --allow-revocations")
                #expect(result.exitStatus == 1, "\(result.errors)")
                #expect(result.errors.contains("units.csv:2"), "\(result.errors)")
                for word in words { #expect(result.errors.contains(word), "\(word) is missing in: \(result.errors)") }
                #expect(work.server.policies == before)
            }
        }
    }

    @Test func `An unknown unit is an error of its line, an empty one a warning`() async throws {
        try await withOrganization(organization()) { work in
            try work.matrix(
                "other.csv", "111122223333,us-east-1,base/go,444455556666,pull",
                "111122223333,us-east-1,base/go,ou-ab12-99999999,pull")
            let unknown = try await work.ecrShare("plan other.csv")
            #expect(unknown.exitStatus == 1)
            #expect(unknown.errors.contains("other.csv:3: the accounts of ou-ab12-99999999"), "\(unknown.errors)")
            try work.matrix("empty.csv", "111122223333,us-east-1,base/go,ou-ab12-33333333,pull")
            let empty = try await work.ecrShare("plan empty.csv")
            #expect(empty.exitStatus == 0)
            #expect(empty.errors.contains("no active account"), "\(empty.errors)")
        }
    }

    @Test func `The hub role asks Organizations, with a session that may do nothing else`() async throws {
        let hub = "arn:aws:iam::999900001111:role/Hub"
        func change(_ world: inout World) {
            world.roles.append(Role(account: "999900001111", name: "Hub", trusts: ["999900001111"]))
        }
        try await withOrganization(organization(), change: change) { work in
            let result = try await work.ecrShare("plan units.csv --via \(hub)")
            #expect(result.exitStatus == 0, "\(result.errors)")
            #expect(result.output.contains("555566667777"))
        }
        func narrow(_ world: inout World) {
            change(&world)
            world.roles[world.roles.count - 1].permissions = PermissionPolicy(
                parsing: #"{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}]}"#)
        }
        try await withOrganization(organization(), change: narrow) { work in
            let result = try await work.ecrShare("plan units.csv --via \(hub)")
            #expect(result.exitStatus == 1)
            #expect(result.errors.contains("organizations:ListAccountsForParent"), "\(result.errors)")
        }
    }

    @Test func `Consumer accounts outside of the organization or closed are errors of their lines`() async throws {
        try await withOrganization(organization()) { work in
            try work.matrix(
                "m.csv", "111122223333,us-east-1,base/go,444455556666,pull",
                "111122223333,us-east-1,base/go,777788889999,pull",
                "111122223333,us-east-1,base/go,arn:aws:iam::123412341234:role/build,pull",
                "111122223333,us-east-1,base/java,123412341234,pull")
            let before = work.server.policies
            for command in ["plan m.csv", "apply m.csv --yes"] {
                let result = try await work.ecrShare("\(command) --check-accounts")
                #expect(result.exitStatus == 1)
                #expect(result.errors.contains("m.csv:3: error: account 777788889999 is SUSPENDED"), "\(result.errors)")
                #expect(result.errors.contains("m.csv:4 (and line 5): error: account 123412341234 is not in"))
                #expect(!result.errors.contains("account 444455556666"))
            }
            #expect(work.server.policies == before)
            try work.matrix("good.csv", "111122223333,us-east-1,base/go,444455556666,pull")
            #expect(try await work.ecrShare("plan good.csv --check-accounts").exitStatus == 0)
        }
    }

    @Test func `When ECR does not know a principal, Organizations says who it may be`() async throws {
        try await withOrganization(organization(), change: { $0.principals.missing = ["666677778888"] }) { work in
            try work.matrix(
                "new.csv", "111122223333,us-east-1,base/go,444455556666,pull",
                "111122223333,us-east-1,base/go,666677778888,pull", "111122223333,us-east-1,base/node,444455556666,pull"
            )
            let result = try await work.ecrShare("apply new.csv --yes")
            #expect(result.exitStatus == 3)
            let cause = "the likely cause is 666677778888 (new.csv:3), which is not in the organization\n"
            #expect(result.errors.contains(cause), "\(result.errors)")
        }
    }
}

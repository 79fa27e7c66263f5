import Testing

@testable import SimulatedAWS

@Suite struct OrganizationsTests {
    private func world(pageSize: Int = 20, hasEmptyPages: Bool = false) -> World {
        var organization = Organization(id: "o-a1b2c3d4e5", managementAccount: "999900001111", root: "r-ab12")
        organization.units = [
            .init(id: "ou-ab12-workload", name: "Workloads", parent: "r-ab12"),
            .init(id: "ou-ab12-datateam", name: "Data", parent: "ou-ab12-workload"),
        ]
        organization.accounts =
            [.init(id: "111122223333", name: "Images", parent: "r-ab12")]
            + (0..<45).map { .init(id: String(400_000_000_000 + $0), name: "A\($0)", parent: "ou-ab12-datateam") }
        organization.pageSize = pageSize
        organization.hasEmptyPages = hasEmptyPages
        var world = smallWorld()
        world.organization = organization
        return world
    }

    @Test(arguments: [(20, false), (1, false), (7, true)])
    func `Every account comes once, also over empty pages`(pageSize: Int, hasEmptyPages: Bool) throws {
        let client = TestClient(cloud: Cloud(world(pageSize: pageSize, hasEmptyPages: hasEmptyPages)))
        var ids: [String] = []
        var emptyPages = 0
        var input: JSON = [:]
        repeat {
            let page = try #require(try client.organizations("ListAccounts", input).json)
            let accounts = page["Accounts"]?.array ?? []
            if accounts.isEmpty { emptyPages += 1 }
            ids += accounts.compactMap { $0["Id"]?.string }
            input = page["NextToken"].map { ["NextToken": $0] } ?? .null
        } while input != .null
        #expect(ids.count == 46 && Set(ids).count == 46)
        #expect((emptyPages > 0) == hasEmptyPages)
    }

    @Test func `Units and accounts are listed below their parent`() throws {
        let client = TestClient(cloud: Cloud(world()))
        let units = try client.organizations("ListOrganizationalUnitsForParent", ["ParentId": "ou-ab12-workload"])
        #expect(
            units.json?["OrganizationalUnits"]?.array?.first?["Path"]
                == "o-a1b2c3d4e5/r-ab12/ou-ab12-workload/ou-ab12-datateam/"
        )
        let accounts = try client.organizations("ListAccountsForParent", ["ParentId": "r-ab12"])
        let account = accounts.json?["Accounts"]?.array?.first
        #expect(account?["Paths"] == ["o-a1b2c3d4e5/r-ab12/111122223333/"])
        #expect(account?["State"] == "ACTIVE")
        let missing = try client.organizations("ListAccountsForParent", ["ParentId": "ou-ab12-nothing0"])
        #expect(missing.code == "ParentNotFoundException")
        #expect(missing.json?["Message"] != nil && missing.json?["message"] == nil)
        #expect(try client.organizations("ListAccountsForParent").code == "InvalidInputException")
        #expect(try client.organizations("ListRoots").json?["Roots"]?.array?.first?["Id"] == "r-ab12")
    }

    @Test func `Members may only ask what organization they are in`() throws {
        let member = try TestClient(cloud: Cloud(world())).signedIn()
        #expect(try member.organizations("ListRoots").code == "AccessDeniedException")
        let organization = try member.organizations("DescribeOrganization").json?["Organization"]
        #expect(organization?["Id"] == "o-a1b2c3d4e5")
        var delegating = world()
        delegating.organization?.delegatedAdministrators = ["111122223333"]
        #expect(try TestClient(cloud: Cloud(delegating)).signedIn().organizations("ListRoots").status == 200)
    }

    @Test func `An account without an organization gets that error`() throws {
        let outside = try TestClient(cloud: Cloud(world())).signedIn("arn:aws:iam::222233334444:role/EcrShareOperator")
        #expect(try outside.organizations("ListRoots").code == "AWSOrganizationsNotInUseException")
        let none = TestClient(cloud: Cloud(smallWorld()))
        #expect(try none.organizations("DescribeOrganization").code == "AWSOrganizationsNotInUseException")
    }
}

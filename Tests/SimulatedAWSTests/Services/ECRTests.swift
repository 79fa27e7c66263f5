import Testing

@testable import SimulatedAWS

@Suite struct ECRTests {
    private let java = RepositoryAddress(account: "111122223333", region: "us-east-1", name: "base/java")

    @Test func `A policy can be set, read and deleted`() throws {
        let client = try signedInClient()
        #expect(try client.get("base/java").code == "RepositoryPolicyNotFoundException")
        let set = try client.set("base/java", pullPolicy())
        #expect(set.policyText?.contains(#""AWS" : "arn:aws:iam::444455556666:root""#) == true)
        #expect(try client.get("base/java").policyText == set.policyText)
        #expect(client.cloud.policyText(of: java) == set.policyText)
        let deleted = try client.ecr("DeleteRepositoryPolicy", ["repositoryName": "base/java"])
        #expect(deleted.policyText == set.policyText)
        #expect(client.cloud.policyText(of: java) == nil)
        let again = try client.ecr("DeleteRepositoryPolicy", ["repositoryName": "base/java"])
        #expect(again.code == "RepositoryPolicyNotFoundException")
    }

    @Test func `A refused write changes nothing`() throws {
        let client = try signedInClient()
        let before = try client.set("base/java", pullPolicy()).policyText
        let refused = try client.set("base/java", "{}")
        #expect(refused.status == 400)
        #expect(refused.code == "InvalidParameterException")
        #expect(refused.message?.hasSuffix("'Invalid repository policy provided'") == true)
        #expect(client.cloud.policyText(of: java) == before)
    }

    @Test func `An unknown repository is not found`() throws {
        let client = try signedInClient()
        #expect(try client.get("base/nothing").code == "RepositoryNotFoundException")
        #expect(try client.set("base/nothing", pullPolicy()).code == "RepositoryNotFoundException")
        #expect(try client.get("Not A Name").code == "InvalidParameterException")
    }

    @Test func `Regions and accounts are apart`() throws {
        var client = try signedInClient()
        _ = try client.set("base/java", pullPolicy())
        #expect(client.cloud.policyText(account: "222233334444", region: "us-east-1", name: "base/java") == nil)
        client.region = "eu-west-1"
        #expect(try client.get("base/java").code == "RepositoryNotFoundException")
    }

    @Test func `Another account's registry is closed`() throws {
        let client = try signedInClient()
        let answer = try client.ecr(
            "GetRepositoryPolicy",
            ["registryId": "222233334444", "repositoryName": "base/java"]
        )
        #expect(answer.code == "AccessDeniedException")
        #expect(answer.message?.contains("repository/base/java") == true)
    }

    @Test(arguments: [1, 2, 3, 7, 100, 250, 1000])
    func `Pages of any size give every repository once, in order`(size: Int) throws {
        var world = smallWorld()
        for number in 0..<250 {
            world.addRepository(account: "111122223333", region: "eu-west-1", name: "app/\(number)")
        }
        var client = try signedInClient(world)
        client.region = "eu-west-1"
        var names: [String] = []
        var input: JSON = ["maxResults": .number(String(size))]
        while true {
            let page = try #require(try client.ecr("DescribeRepositories", input).json)
            let repositories = page["repositories"]?.array ?? []
            #expect(repositories.count <= size)
            names += repositories.compactMap { $0["repositoryName"]?.string }
            // A token that leads nowhere new would never end.
            try #require(names.count <= 250)
            guard let token = page["nextToken"] else { break }
            input = ["maxResults": .number(String(size)), "nextToken": token]
        }
        #expect(names == (0..<250).map { "app/\($0)" }.sorted())
    }

    @Test func `A page without a size has a hundred`() throws {
        var world = smallWorld()
        for number in 0..<150 {
            world.addRepository(account: "111122223333", region: "us-east-1", name: "app/\(number)")
        }
        let client = try signedInClient(world)
        #expect(try client.ecr("DescribeRepositories").json?["repositories"]?.array?.count == 100)
    }

    @Test func `Repositories are described by name, all or none`() throws {
        let client = try signedInClient()
        let both = try client.ecr("DescribeRepositories", ["repositoryNames": ["base/python", "base/java"]])
        #expect(both.json?["repositories"]?.array?.count == 2)
        let one = try client.ecr("DescribeRepositories", ["repositoryNames": ["base/python", "base/none"]])
        #expect(one.code == "RepositoryNotFoundException")
        let sized = try client.ecr("DescribeRepositories", ["repositoryNames": ["base/java"], "maxResults": 5])
        #expect(sized.code == "InvalidParameterException")
        #expect(try client.ecr("DescribeRepositories", ["maxResults": 1001]).code == "InvalidParameterException")
        #expect(try client.ecr("DescribeRepositories", ["nextToken": "zz"]).code == "InvalidParameterException")
    }

    @Test func `A registry has a policy and a scope of its own`() throws {
        let client = try signedInClient()
        #expect(try client.ecr("GetRegistryPolicy").code == "RegistryPolicyNotFoundException")
        let put = try client.ecr("PutRegistryPolicy", ["policyText": #"{"Version":"2012-10-17"}"#])
        #expect(put.policyText == "{\n  \"Version\" : \"2012-10-17\"\n}")
        #expect(try client.ecr("GetRegistryPolicy").policyText == put.policyText)
        #expect(try client.ecr("DeleteRegistryPolicy").status == 200)
        #expect(try client.ecr("GetRegistryPolicy").code == "RegistryPolicyNotFoundException")
        let setting = try client.ecr("GetAccountSetting", ["name": "REGISTRY_POLICY_SCOPE"])
        #expect(setting.json?["value"] == "V2")
    }

    @Test func `Tags are empty`() throws {
        let client = try signedInClient()
        let arn = "arn:aws:ecr:us-east-1:111122223333:repository/base/java"
        #expect(try client.ecr("ListTagsForResource", ["resourceArn": .string(arn)]).json?["tags"] == [])
        let none = try client.ecr("ListTagsForResource", ["resourceArn": .string(arn + "x")])
        #expect(none.code == "RepositoryNotFoundException")
    }

    @Test func `An unknown operation and a wrong body are refused`() throws {
        let client = try signedInClient()
        #expect(try client.ecr("Explode").code == "UnknownOperationException")
        #expect(try client.ecr("GetRepositoryPolicy", []).code == "SerializationException")
        let wrongType = try client.ecr("GetRepositoryPolicy", ["repositoryName": 1])
        #expect(wrongType.code == "SerializationException")
    }
}

@Suite struct PrincipalTests {
    private let role = "arn:aws:iam::444455556666:role/Builder"

    @Test func `Missing principals are not found, and neither are those of missing accounts`() throws {
        var world = smallWorld()
        world.principals.missing = ["555566667777", "arn:aws:iam::444455556666:role/Gone"]
        let client = try signedInClient(world)
        #expect(try client.set("base/java", pullPolicy()).status == 200)
        for principal in ["555566667777", "arn:aws:iam::555566667777:role/Any", "arn:aws:iam::444455556666:role/Gone"] {
            let answer = try client.set("base/java", pullPolicy(principal))
            #expect(answer.code == "InvalidParameterException")
            #expect(answer.message?.hasSuffix("'Principal not found'") == true)
        }
    }

    @Test func `A list of known principals leaves all others missing`() throws {
        var world = smallWorld()
        world.principals.known = ["444455556666", role]
        let client = try signedInClient(world)
        for (principal, status) in [
            ("444455556666", 200), (role, 200), ("111122223333", 200), (AccessKey.platform.arn, 200),
            ("arn:aws:iam::111122223333:role/EcrShareOperator", 200), ("555566667777", 400), (role + "2", 400),
        ] {
            #expect(try client.set("base/java", pullPolicy(principal)).status == status, "\(principal)")
        }
    }

    @Test func `A new role is found after some attempts`() throws {
        var world = smallWorld()
        world.principals.propagating[role] = .init(attempts: 2)
        let client = try signedInClient(world)
        #expect(try (0..<4).map { _ in try client.set("base/java", pullPolicy(role)).status } == [400, 400, 200, 200])
    }

    @Test func `A new role is found after some time`() throws {
        var world = smallWorld()
        world.principals.propagating[role] = .init(seconds: 60)
        let client = try signedInClient(world)
        #expect(try client.set("base/java", pullPolicy(role)).status == 400)
        client.cloud.advanceClock(bySeconds: 61)
        #expect(try client.set("base/java", pullPolicy(role)).status == 200)
    }

    @Test func `An account without the region cannot be named there`() throws {
        var world = smallWorld()
        world.principals.disabledRegions["444455556666"] = ["us-east-1"]
        let client = try signedInClient(world)
        #expect(try client.set("base/java", pullPolicy()).message?.hasSuffix("'Principal not found'") == true)
        #expect(try client.set("base/java", pullPolicy("555566667777")).status == 200)
    }

    @Test func `What is left of a deleted role is not found`() throws {
        let client = try signedInClient()
        #expect(try client.set("base/java", pullPolicy("AROAEXAMPLEID1234567")).status == 400)
    }
}

import Foundation
import Testing

@testable import SimulatedAWS

@Suite struct SeedTests {
    @Test func `The example world can be loaded and used`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let seed = try String(contentsOf: root.appending(path: "manifests/sandbox/world.json"), encoding: .utf8)
        let world = try World(seed: seed)
        let cloud = Cloud(world)
        let platform = TestClient(cloud: cloud)
        #expect(Set(cloud.policies().map(\.repository.registry)).count == 4)
        #expect(world.organization?.accounts.contains { $0.id == "888899990000" } == true)
        for registry in Set(cloud.policies().map(\.repository.registry)) {
            var client = try platform.signedIn("arn:aws:iam::\(registry.account):role/EcrShareOperator")
            client.region = registry.region
            for (repository, policy) in cloud.policies() where repository.registry == registry {
                // What the seed holds, ECR itself would take.
                if let policy { #expect(try client.set(repository.name, policy).policyText == policy) }
            }
        }
        let lambda = cloud.policyText(account: "111122223333", region: "eu-west-1", name: "base/go")
        #expect(lambda?.contains("arn:aws:lambda:eu-west-1:111122223333:function:*") == true)
    }

    @Test(arguments: [
        ("", "malformed JSON"), ("[]", "seed: must be an object"),
        (#"{"repos":[]}"#, "seed.repos: is not a known member"),
        (#"{"repositories":[{"account":"1","region":"us-east-1","name":"a"}]}"#, "seed.repositories[0].account"),
        (#"{"repositories":[{"account":"111122223333","region":"here","name":"a"}]}"#, "seed.repositories[0].region"),
        (#"{"repositories":[{"account":"111122223333","region":"us-east-1"}]}"#, "seed.repositories[0].name"),
        (#"{"repositories":[{"account":"111122223333","region":"us-east-1","name":"a","policy":"x"}]}"#, "policy"),
        (#"{"roles":[{"account":"111122223333"}]}"#, "seed.roles[0].name: is missing"),
        (#"{"accessKeys":[{"id":"a","secret":"b","arn":"c"}]}"#, "seed.accessKeys[0].arn"),
        (#"{"seed":-1}"#, "seed.seed: must be a whole number"),
        (
            #"{"organization":{"id":"o","managementAccount":"m","root":"r-1","accounts":[{"id":"a","name":"n","parent":"x"}]}}"#,
            "do not lead from x to the root"
        ),
    ])
    func `A mistake in a seed is named with its place`(seed: String, expected: String) {
        #expect { try World(seed: seed) } throws: { "\($0)".contains(expected) }
    }

    @Test func `A seed sets everything that a world has`() throws {
        let world = try World(
            seed: #"""
                {
                  "accessKeys": [{"id": "AKIA1", "secret": "s", "arn": "arn:aws-cn:iam::999900001111:user/u"}],
                  "roles": [{"account": ["111122223333", "222233334444"], "name": "R", "trusts": "*", "externalId": "xx",
                    "denied": true, "maximumDuration": 7200, "partition": "aws-cn",
                    "permissions": {"Statement": {"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}}}],
                  "repositories": [{"account": "111122223333", "region": ["cn-north-1", "cn-northwest-1"],
                    "name": ["a/b", "a/c"], "policy": {"Id": "{account} {region} {partition}"}}],
                  "registryPolicies": [{"account": "111122223333", "region": "cn-north-1", "policy": {}}],
                  "organization": {"id": "o-1", "managementAccount": "999900001111", "root": "r-1", "pageSize": 2,
                    "emptyPages": true, "delegatedAdministrators": ["111122223333"]},
                  "principals": {"known": ["1"], "missing": "2", "disabledRegions": [{"account": "3", "region": "x-y-1"}],
                    "propagating": [{"arn": "4", "seconds": 1.5, "attempts": 2}]},
                  "registryPolicyScope": "V1", "seed": 7, "recordedCalls": 3
                }
                """#
        )
        #expect(world.accessKeys.map(\.account) == ["999900001111"])
        #expect(world.roles.map(\.arn).last == "arn:aws-cn:iam::222233334444:role/R")
        #expect(world.roles[0].externalID == "xx" && world.roles[0].isDenied && world.roles[0].maximumDuration == 7200)
        #expect(world.repositories.count == 4)
        #expect(world.repositories[0].policy == #"{"Id":"111122223333 cn-north-1 aws-cn"}"#)
        #expect(world.registryPolicies.values.first == "{}")
        #expect(world.organization?.pageSize == 2 && world.organization?.hasEmptyPages == true)
        #expect(world.principals.known == ["1"] && world.principals.missing == ["2"])
        #expect(world.principals.propagating["4"] == .init(seconds: 1.5, attempts: 2))
        #expect(world.principals.disabledRegions == ["3": ["x-y-1"]])
        #expect(world.registryPolicyScope == "V1" && world.seed == 7 && world.recordedCalls == 3)
    }

    @Test func `A fault file sets everything that can go wrong`() throws {
        let faults = try Faults(
            json: #"""
                {
                  "latencyMilliseconds": 50, "jitterMilliseconds": 5.5, "sessionCalls": 3, "sessionSeconds": 2,
                  "clockOffsetSeconds": -60, "shufflePrincipals": true, "namespacedErrors": true,
                  "skewErrorCode": "RequestExpired",
                  "rateLimits": [{"perSecond": 5, "burst": 2, "status": 429, "retryAfterMilliseconds": 10, "service": "ecr"}],
                  "readLags": [{"milliseconds": 10, "reads": 1, "repository": "base/*"}],
                  "foreignWriters": [{"afterRead": 2, "policy": {"a": 1}, "account": ["111122223333"]}],
                  "rules": [
                    {"effect": "throttle", "status": 429, "retryAfterMilliseconds": 5, "probability": 0.5, "skip": 1,
                      "count": 2, "each": "repository", "region": "us-east-1", "operation": ["SetRepositoryPolicy"]},
                    {"effect": "serverError", "status": 503, "body": "html", "afterWork": true},
                    {"effect": "refuse", "code": "X", "message": "m", "status": 403}, {"effect": "resetBeforeWork"},
                    {"effect": "resetAfterWork"}, {"effect": "cut"}, {"effect": "corrupt"}, {"effect": "stall"},
                    {"effect": "drip", "milliseconds": 9}, {"effect": "delay", "milliseconds": 8},
                    {"effect": "expireSession"}
                  ]
                }
                """#
        )
        var expected = Faults(
            FaultRule(
                .throttle(status: 429, retryAfterMilliseconds: 5),
                target: FaultTarget(regions: ["us-east-1"], operations: ["SetRepositoryPolicy"]),
                probability: 0.5,
                skip: 1,
                count: 2,
                each: .repository
            ),
            FaultRule(.serverError(status: 503, body: .html, afterWork: true)),
            FaultRule(.refuse(code: "X", message: "m", status: 403)),
            FaultRule(.resetBeforeWork), FaultRule(.resetAfterWork), FaultRule(.cut), FaultRule(.corrupt),
            FaultRule(.stall), FaultRule(.drip(milliseconds: 9)), FaultRule(.delay(milliseconds: 8)),
            FaultRule(.expireSession)
        )
        expected.latencyMilliseconds = 50
        expected.jitterMilliseconds = 5.5
        expected.sessionCalls = 3
        expected.sessionSeconds = 2
        expected.clockOffsetSeconds = -60
        expected.shufflesPrincipals = true
        expected.namespacesErrors = true
        expected.skewErrorCode = "RequestExpired"
        expected.rateLimits = [.init(perSecond: 5, burst: 2)]
        expected.rateLimits[0].status = 429
        expected.rateLimits[0].retryAfterMilliseconds = 10
        expected.readLags = [.init(milliseconds: 10, reads: 1, target: FaultTarget(repositories: ["base/*"]))]
        expected.foreignWriters = [
            .init(afterRead: 2, policy: #"{"a":1}"#, target: FaultTarget(accounts: ["111122223333"]))
        ]
        #expect(faults == expected)
    }

    @Test(arguments: [
        (#"{"latency":5}"#, "faults.latency: is not a known member"), (#"{"rules":[{}]}"#, "faults.rules[0].effect"),
        (#"{"rules":[{"effect":"cut","each":"planet"}]}"#, "must be one of world, account, repository"),
        (#"{"rateLimits":[{"perSecond":0}]}"#, "faults.rateLimits[0].perSecond"),
    ])
    func `A mistake in a fault file is named with its place`(text: String, expected: String) {
        #expect { try Faults(json: text) } throws: { "\($0)".contains(expected) }
    }

    @Test func `A made-up world has its size and its share of foreign statements`() throws {
        let world = World.generated(accounts: 3, regions: 2, repositories: 50, foreignShare: 0.3)
        #expect(world.repositories.count == 300)
        #expect(Set(world.repositories.map(\.address)).count == 300)
        #expect(world.repositories.count { $0.policy != nil } == 90)
        #expect(
            world.repositories[0].address == .init(account: "100000000001", region: "us-east-1", name: "base/app-0001"))
        #expect(world.repositories[50].address.registry.region == "eu-west-1")
        let client = try TestClient(cloud: Cloud(world)).signedIn("arn:aws:iam::100000000003:role/EcrShareOperator")
        #expect(try client.ecr("DescribeRepositories").json?["repositories"]?.array?.count == 50)
        #expect(World.generated(accounts: 1, regions: 1, repositories: 4, foreignShare: 0).repositories.count == 4)
    }
}

import Foundation
import SimulatedAWS
import Testing

/// Many consumers on one repository, beside documents as people and tools leave them.
@Suite(.timeLimit(.minutes(5))) struct CrowdTests {
    /// What is in repositories before a first run: the guide's statement pasted by hand, the console's, Lambda's own,
    /// CDK's equal hyphenated Sids, a single statement without a list.
    private static let pasted = [
        "guide": """
        {"Version":"2008-10-17","Statement":[{"Sid":"AllowPull","Effect":"Allow","Principal":\
        {"AWS":"arn:aws:iam::888899990000:root"},"Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage",\
        "ecr:BatchCheckLayerAvailability"]}]}
        """,
        "console": """
        {"Version":"2008-10-17","Statement":[{"Sid":"new statement","Effect":"Allow","Principal":"*",\
        "Action":["ecr:*"]}]}
        """,
        "lambda": """
        {"Version":"2008-10-17","Statement":[{"Sid":"LambdaECRImageRetrievalPolicy","Effect":"Allow","Principal":\
        {"Service":"lambda.amazonaws.com"},"Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"],\
        "Condition":{"StringLike":{"aws:sourceArn":"arn:aws:lambda:us-east-1:111122223333:function:*"}}}]}
        """,
        "cdk": """
        {"Version":"2012-10-17","Id":"x","Statement":[{"Sid":"organization-pull","Effect":"Allow","Principal":"*",\
        "Action":"ecr:BatchGetImage","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}},\
        {"Sid":"organization-pull","Effect":"Allow","Principal":{"AWS":"777788889999"},\
        "Action":"ecr:BatchGetImage"}]}
        """,
        "single": """
        {"Statement":{"Effect":"Allow","Principal":{"AWS":"777788889999"},"Action":"ecr:ListImages"}}
        """,
    ]

    private static func world() throws -> World {
        let repositories = (["packed", "refused"] + pasted.keys).map { name in
            let policy = pasted[name].map { ",\"policy\":\($0)" } ?? ""
            return "{\"account\":\"111122223333\",\"region\":\"us-east-1\",\"name\":\"base/\(name)\"\(policy)}"
        }
        return try World(
            seed: """
                {"accessKeys":[{"id":"\(AccessKey.platform.id)","secret":"\(AccessKey.platform.secret)",
                "arn":"arn:aws:iam::999900001111:user/platform"}],
                "roles":[{"account":["111122223333"],"name":"EcrShareOperator","trusts":["999900001111"]}],
                "repositories":[\(repositories.joined(separator: ","))]}
                """)
    }

    private static func accounts(_ count: Int) -> [String] { (0..<count).map { String(300_000_000_000 + $0) } }

    @Test func `Six hundred accounts are packed and twelve hundred refused by name`() async throws {
        try await withWorkplace(CrowdTests.world()) { work in
            let groups = CrowdTests.accounts(1_200).enumerated().map { "\($0 < 900 ? "workloads" : "partners"),\($1)" }
            try work.folder.appending(path: "groups.csv").write(
                "group,consumer\n" + groups.joined(separator: "\n") + "\n")
            var rows = CrowdTests.accounts(600).map { "111122223333,us-east-1,base/packed,\($0),pull" }
            rows += ["workloads", "partners"].map { "111122223333,us-east-1,base/refused,@\($0),pull" }
            rows += CrowdTests.pasted.keys.sorted().map { "111122223333,us-east-1,base/\($0),444455556666,pull" }
            try work.folder.appending(path: "matrix.csv").write(
                "owner_account,region,repository,consumer,access\n" + rows.joined(separator: "\n") + "\n")
            let before = try work.readings()

            let run = try await work.ecrShare("apply matrix.csv --groups groups.csv --yes")
            #expect(run.exitStatus == 3, "\(run.errors)")
            let said = (run.output + run.errors).split(whereSeparator: \.isWhitespace).joined(separator: " ")
            for part in ["base/refused", "1200 grants", "10240", "@workloads (900), @partners (300)"] {
                #expect(said.contains(part), "\(part) is missing in \(said)")
            }

            let after = try work.readings()
            #expect(after["111122223333/us-east-1/base/packed"]?.pullers == CrowdTests.accounts(600))
            #expect(after["111122223333/us-east-1/base/refused"] == before["111122223333/us-east-1/base/refused"])
            for name in CrowdTests.pasted.keys {
                let name = "111122223333/us-east-1/base/\(name)"
                #expect(after[name]?.pullers == ["444455556666"])
                #expect(after[name]?.foreign == before[name]?.foreign, "\(name)")
            }
            let plan = try work.text(of: ".ecr-share/runs/\(try #require(work.runs().first))/plan.jsonl")
            let sizes = plan.matches(of: /"size":(\d+)/).compactMap { Int($0.1) }
            #expect(sizes.count == 6 && sizes.allSatisfy { $0 <= 10_000 }, "\(sizes)")

            let written = work.server.policies
            let again = try await work.ecrShare("apply matrix.csv --groups groups.csv --yes")
            #expect(again.exitStatus == 3)
            #expect(work.server.policies == written)
            #expect(try work.runs().count == 1, "a second run writes nothing")
        }
    }
}

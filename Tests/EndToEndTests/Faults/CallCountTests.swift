import Foundation
import SimulatedAWS
import Testing

/// How many calls a run makes: what AWS's limits are spent on.
@Suite struct CallCountTests {
    private let size = (accounts: 3, regions: 2, repositories: 20)
    private var count: Int { size.accounts * size.regions * size.repositories }

    private func world() -> World {
        World.generated(accounts: size.accounts, regions: size.regions, repositories: size.repositories)
    }

    private func matrix(_ work: Workplace, pattern: String? = nil) throws {
        var rows = ["owner_account,region,repository,consumer,access"]
        for account in 1...size.accounts {
            for region in World.generatedRegions.prefix(size.regions) {
                for number in 1...(pattern == nil ? size.repositories : 1) {
                    let name = pattern ?? "base/app-00" + (number < 10 ? "0\(number)" : "\(number)")
                    for consumer in ["444455556666", "555566667777"] {
                        rows.append("\(100_000_000_000 + account),\(region),\(name),\(consumer),pull")
                    }
                }
            }
        }
        try work.folder.appending(path: "matrix.csv").write(rows.joined(separator: "\n") + "\n")
    }

    @Test func `A plan reads each repository once and signs in once for each account`() async throws {
        try await withWorkplace(world()) { work in
            try matrix(work)
            let result = try await work.ecrShare("plan matrix.csv")
            #expect(result.exitStatus == 0, "\(result.errors)")
            let cloud = work.server.cloud
            #expect(cloud.count("GetRepositoryPolicy").total == count)
            #expect(cloud.count("AssumeRole").total == size.accounts)
            #expect(cloud.count("DescribeRepositories").total == 0)
            #expect(cloud.count("SetRepositoryPolicy").total == 0)
        }
    }

    @Test func `An apply of a saved plan reads, writes and reads back each repository once`() async throws {
        try await withWorkplace(world()) { work in
            try matrix(work)
            _ = try await work.ecrShare("plan matrix.csv --out saved.plan")
            let cloud = work.server.cloud
            let (reads, sessions) = (cloud.count("GetRepositoryPolicy").total, cloud.count("AssumeRole").total)
            let result = try await work.ecrShare("apply --plan saved.plan --yes")
            #expect(result.exitStatus == 0, "\(result.errors)")
            #expect(cloud.count("GetRepositoryPolicy").total == reads + 2 * count)
            #expect(cloud.count("SetRepositoryPolicy").total == count)
            #expect(cloud.count("AssumeRole").total == sessions + size.accounts)
        }
    }

    @Test func `An apply of a matrix reads three times and writes once, and the second one only reads`() async throws {
        try await withWorkplace(world()) { work in
            try matrix(work)
            let result = try await work.ecrShare("apply matrix.csv --yes")
            #expect(result.exitStatus == 0, "\(result.errors)")
            let cloud = work.server.cloud
            #expect(cloud.count("GetRepositoryPolicy").total == 3 * count)
            #expect(cloud.count("SetRepositoryPolicy").total == count)
            #expect(cloud.count("AssumeRole").total == size.accounts)

            let again = try await work.ecrShare("apply matrix.csv --yes")
            #expect(again.exitStatus == 0, "\(again.errors)")
            #expect(cloud.count("GetRepositoryPolicy").total == 4 * count)
            #expect(cloud.count("SetRepositoryPolicy").total == count)
        }
    }

    @Test func `A glob costs one listing for each account and region`() async throws {
        try await withWorkplace(world()) { work in
            try matrix(work, pattern: "base/*")
            let result = try await work.ecrShare("plan matrix.csv")
            #expect(result.exitStatus == 0, "\(result.errors)")
            let cloud = work.server.cloud
            #expect(cloud.count("DescribeRepositories").total == size.accounts * size.regions)
            #expect(cloud.count("GetRepositoryPolicy").total == count)
            #expect(cloud.count("AssumeRole").total == size.accounts)
        }
    }
}

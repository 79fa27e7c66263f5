import Foundation
@testable import SimulatedAWS
import Testing

/// All faults at once. `ECR_SHARE_SOAK_REPOSITORIES` says over how many repositories; scripts/soak asks for 2,000.
@Suite(.timeLimit(.minutes(60))) struct SoakTests {
    private static let repositories =
        ProcessInfo.processInfo.environment["ECR_SHARE_SOAK_REPOSITORIES"].flatMap { Int($0) } ?? 80

    private static let consumers = ["444455556666", "555566667777", "666677778888"]

    private static let everything: Faults = {
        func sometimes(_ effect: FaultRule.Effect, _ probability: Double, _ operations: String...) -> FaultRule {
            FaultRule(effect, target: FaultTarget(operations: operations), probability: probability)
        }
        let (read, write) = ("GetRepositoryPolicy", "SetRepositoryPolicy")
        var faults = Faults(
            sometimes(.delay(milliseconds: 40), 0.05),
            // Beside the rate limits, whatever the rate.
            sometimes(.throttle(), 0.02), sometimes(.throttle(status: 429, retryAfterMilliseconds: 30), 0.02),
            sometimes(.serverError(body: .json), 0.01), sometimes(.serverError(status: 503, body: .xml), 0.01),
            sometimes(.serverError(status: 502, body: .html), 0.01),
            sometimes(.serverError(afterWork: true), 0.01, read, write),
            sometimes(.serverError(status: 504, body: .empty, afterWork: true), 0.01, read, write),
            sometimes(.resetBeforeWork, 0.01, read, write), sometimes(.resetAfterWork, 0.02, read, write),
            sometimes(.cut, 0.01, read, write), sometimes(.corrupt, 0.01, read, write),
            sometimes(.drip(milliseconds: 100), 0.01),
            sometimes(.refuse(code: "AccessDeniedException", message: "not today"), 0.005, read, write))
        faults.rules.append(
            FaultRule(.stall, target: FaultTarget(operations: [read, write]), probability: 0.01, count: 8))
        faults.rules.append(
            FaultRule(.expireSession, target: FaultTarget(operations: [write]), probability: 0.01, count: 8))
        faults.latencyMilliseconds = 1
        faults.jitterMilliseconds = 3
        faults.rateLimits = [Faults.RateLimit(perSecond: 300, burst: 60)]
        faults.readLags = [Faults.ReadLag(milliseconds: 300, reads: 1)]
        faults.foreignWriters = [
            Faults.ForeignWriter(afterRead: 1, target: FaultTarget(repositories: ["base/app-0007"])),
            Faults.ForeignWriter(afterRead: 2, target: FaultTarget(repositories: ["base/app-0011"])),
        ]
        faults.clockOffsetSeconds = 1_500
        faults.shufflesPrincipals = true
        faults.namespacesErrors = true
        return faults
    }()

    @Test func `With all faults at once every repository is done or named, and the way on and back is open`()
        async throws
    {
        let accounts = 4
        let world = World.generated(
            accounts: accounts, regions: 2, repositories: Self.repositories / (accounts * 2), foreignShare: 0.5)
        try await withWorkplace(world, faults: Self.everything) { work in
            var matrix = "owner_account,region,repository,consumer,access\n"
            for account in 1...accounts {
                for consumer in Self.consumers {
                    matrix += "\(100_000_000_000 + account),us-east-1;eu-west-1,base/*,\(consumer),pull\n"
                }
            }
            try work.folder.appending(path: "soak.csv").write(matrix)
            let before = try work.readings()
            let result = try await work.ecrShare("apply soak.csv --yes --max-failures 1000000 --timeout 5")
            #expect([0, 3].contains(result.exitStatus), "\(result.errors)")
            let run = try #require(try work.runs().first)
            let left = try await check(work, result, run, before)
            work.server.cloud.setFaults(Faults())

            let resumed = try await work.ecrShare("apply --resume \(run)")
            #expect([0, 3].contains(resumed.exitStatus), "\(resumed.errors)")
            let again = try await work.ecrShare("apply soak.csv --yes")
            #expect(again.exitStatus == 0, "\(again.errors)")
            for (repository, reading) in try work.readings() {
                #expect(reading.pullers == Self.consumers, "\(repository)")
                #expect(reading.foreign.starts(with: before[repository]?.foreign ?? []), "\(repository)")
            }
            // Back to the beginning, except what others added.
            for run in try work.runs().reversed() {
                let undone = try await work.ecrShare("rollback \(run) --yes --merge-later-edits")
                #expect(undone.exitStatus == 0, "\(undone.errors)")
            }
            for (repository, reading) in try work.readings() {
                #expect(reading.pullers.isEmpty, "\(repository)")
                #expect(reading.foreign.starts(with: before[repository]?.foreign ?? []), "\(repository)")
            }
            print("soak: \(before.count) repositories, \(left) left to the second run")
        }
    }

    /// Expects that nothing is lost and that what is not done is named; returns how many that are.
    private func check(
        _ work: Workplace, _ result: Program.Result, _ run: String, _ before: [String: PolicyReading]
    ) async throws -> Int {
        // On standard error failures with one cause are one line with folded names.
        let outcomes = try await work.ecrShare("runs show \(run) --format json").output.split(separator: "\n")
            .filter { $0.hasPrefix(#"{"kind":"outcome""#) && !$0.contains(#""outcome":"written""#) }
        let problems = try work.text(of: ".ecr-share/runs/\(run)/plan.jsonl").split(separator: "\n")
            .filter { $0.hasPrefix(#"{"kind":"problem""#) }
        var left = 0
        for (repository, reading) in try work.readings() {
            #expect(
                reading.foreign.starts(with: before[repository]?.foreign ?? []),
                "\(repository) lost a foreign statement")
            guard reading.pullers != Self.consumers else { continue }
            left += 1
            let parts = repository.split(separator: "/", maxSplits: 2)
            let isNamed = (outcomes + problems).contains {
                $0.contains(#"{"account":"\#(parts[0])","region":"\#(parts[1])","name":"\#(parts[2])"}"#)
            }
            #expect(isNamed && result.errors.contains(parts[0]), "\(repository) is neither done nor named")
            #expect(reading.pullers.isEmpty, "\(repository) is half done")
        }
        return left
    }
}

import Foundation
import Platform
@testable import SimulatedAWS
import Testing

/// Others who edit the same policies while the built program's writes wait for an allowed rate.
///
/// `ECR_SHARE_WRITE_RATE` says how many writes a second are allowed; scripts/soak asks for 4.
@Suite(.serialized, .timeLimit(.minutes(30))) struct SimultaneousTests {
    private static let write = "SetRepositoryPolicy"
    private static let account = "100000000001"
    private static let rate =
        ProcessInfo.processInfo.environment["ECR_SHARE_WRITE_RATE"].flatMap { Double($0) } ?? 25
    private static let consumers = ["A": "444455556666", "B": "555566667777"]

    private static func limited(to perSecond: Double, latency: Double = 5) -> Faults {
        var faults = Faults()
        faults.rateLimits = [
            Faults.RateLimit(perSecond: perSecond, target: FaultTarget(operations: [write]))
        ]
        faults.latencyMilliseconds = latency
        return faults
    }

    private static func address(_ number: Int) -> RepositoryAddress {
        let digits = String(10_000 + number).dropFirst()
        return RepositoryAddress(account: account, region: "us-east-1", name: "base/app-\(digits)")
    }

    private func world(_ repositories: Int) -> World {
        World.generated(accounts: 1, regions: 1, repositories: repositories, foreignShare: 0.5)
    }

    private func writeMatrix(_ work: Workplace, _ name: String, granting consumer: String) throws {
        try work.matrix(name, "\(Self.account),us-east-1,base/*,\(consumer),pull")
    }

    @Test func `Two teams with prefixes of their own: each grant is there, or its team sees a conflict`()
        async throws
    {
        let number = 60
        try await withWorkplace(world(number), faults: Self.limited(to: Self.rate)) { work in
            for (team, consumer) in Self.consumers {
                try writeMatrix(work, "\(team).csv", granting: consumer)
            }
            @Sendable func apply(_ team: String) async throws -> Program.Result {
                try await work.ecrShare("apply \(team).csv --yes --sid-prefix Team\(team) --archive archive-\(team)")
            }
            async let first = apply("A")
            async let second = apply("B")
            let results = try await ["A": first, "B": second]
            var lost = 0
            for repository in (1...number).map(Self.address) {
                let policy = work.server.cloud.policyText(of: repository) ?? ""
                for (team, result) in results where !policy.contains("Team\(team)AllowPull") {
                    lost += 1
                    let told = "\(Self.account) us-east-1 \(repository.name): conflict: "
                    #expect(result.errors.contains(told), "\(team) is not told of \(repository.name)")
                    #expect(result.exitStatus == 3)
                }
            }
            print("two teams: \(lost) of \(2 * number) grants missing, all told")
            #expect(lost >= number / 2, "they did not run at the same time")

            // Whoever runs again gets the rest.
            work.server.cloud.setFaults(Faults())
            for team in Self.consumers.keys { #expect(try await apply(team).exitStatus == 0) }
            for repository in (1...number).map(Self.address) {
                let policy = work.server.cloud.policyText(of: repository) ?? ""
                #expect(policy.contains("TeamAAllowPull") && policy.contains("TeamBAllowPull"))
            }
        }
    }

    @Test func `Two hundred edits during a throttled run are live at the end, save in the round trip of a write`()
        async throws
    {
        let (number, edits) = (400, 200)
        try await withWorkplace(world(number), faults: Self.limited(to: Self.rate)) { work in
            try writeMatrix(work, "m.csv", granting: "444455556666")
            let running = try Program.ecrShare.start(
                ["apply", "m.csv", "--yes", "--max-failures", "1000"], environment: work.server.environment,
                folder: work.folder)
            while running.process.isRunning, work.server.cloud.count(Self.write).total == 0 {
                try await Task.sleep(for: .milliseconds(2))
            }
            // Spread over the time that the writes take.
            var made: [(repository: RepositoryAddress, sid: String, at: Double)] = []
            var random = SystemRandomNumberGenerator()
            for edit in 0..<edits where running.process.isRunning {
                let repository = Self.address(Int.random(in: 1...number, using: &random))
                let at = work.server.cloud.appendStatement(sid: "edit-\(edit)", to: repository)
                made.append((repository, "edit-\(edit)", at))
                let pause = Double(number) / Self.rate / Double(edits) * Double.random(in: 0...1.8, using: &random)
                try await Task.sleep(for: .seconds(pause))
            }
            let result = await running.result()
            #expect(made.count > edits * 3 / 4, "the run ended before")
            #expect([0, 3].contains(result.exitStatus), "\(result.errors)")
            var lost = 0
            for edit in made {
                let policy = work.server.cloud.policyText(of: edit.repository) ?? ""
                guard !policy.contains("\"\(edit.sid)\"") else { continue }
                lost += 1
                let isInRoundTrip = work.server.cloud.writeWindows.contains {
                    $0.repository == edit.repository && $0.lookedAt <= edit.at && edit.at <= $0.wroteAt
                }
                #expect(isInRoundTrip, "\(edit.sid) of \(edit.repository.name) was erased")
            }
            var conflicts = 0
            for repository in (1...number).map(Self.address) {
                let policy = work.server.cloud.policyText(of: repository) ?? ""
                let isNamed = result.errors.contains("\(Self.account) us-east-1 \(repository.name): conflict: ")
                if isNamed { conflicts += 1 }
                #expect(isNamed || policy.contains("EcrShareAllowPull"), "\(repository.name) is neither done nor named")
            }
            print("\(made.count) edits of \(number) repositories: \(conflicts) conflicts, \(lost) lost in a round trip")
            #expect(conflicts > 0 && result.exitStatus == 3)
        }
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func `A signal ends the waits for a turn: nothing that waited is written`(number: Int32) async throws {
        try await withWorkplace(world(40), faults: Self.limited(to: 2)) { work in
            try writeMatrix(work, "m.csv", granting: "444455556666")
            let running = try Program.ecrShare.start(
                ["apply", "m.csv", "--yes"], environment: work.server.environment, folder: work.folder)
            while running.process.isRunning, accepted(work) < 5 { try await Task.sleep(for: .milliseconds(2)) }
            let before = accepted(work)
            let clock = ContinuousClock.now
            kill(running.process.processIdentifier, number)
            let result = await running.result()
            #expect(ContinuousClock.now - clock < .seconds(3))
            #expect(result.exitStatus == 130, "\(result.errors)")
            // One may have had its turn; in the time since, six would have been written.
            #expect(accepted(work) <= before + 1)
            try await Task.sleep(for: .seconds(1))
            #expect(accepted(work) <= before + 1)

            work.server.cloud.setFaults(Faults())
            let resumed = try await work.ecrShare("apply --resume latest")
            #expect(resumed.exitStatus == 0, "\(resumed.errors)")
            for repository in (1...40).map(Self.address) {
                #expect(work.server.cloud.policyText(of: repository)?.contains("EcrShareAllowPull") == true)
            }
        }
    }

    /// How many writes took effect.
    private func accepted(_ work: Workplace) -> Int {
        let count = work.server.cloud.count(Self.write)
        return count.total - count.refused
    }
}

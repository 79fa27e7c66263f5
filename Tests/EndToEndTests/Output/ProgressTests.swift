@testable import AWSClient
import AWSValues
import Rollout
import Testing

import ecr_share

/// What is shown of a run under way.
@Suite struct ProgressTests {
    @Test func `The rate is the recent one, not that of the whole run`() throws {
        var meter = ProgressMeter()
        var progress = RunProgress(.reading, total: 10_000)
        // A hundred a second for ten seconds, then ten a second.
        for tenth in 0...200 {
            if tenth > 0 { for _ in 0..<(tenth <= 100 ? 10 : 1) { progress.count() } }
            meter.take(progress, at: .milliseconds(100 * tenth))
        }
        let rate = try #require(meter.rate)
        #expect((9.5...10.5).contains(rate))
        #expect(meter.secondsLeft == Int((Double(progress.left) / rate).rounded(.up)))
    }

    @Test func `A run without progress promises nothing`() {
        var meter = ProgressMeter()
        var progress = RunProgress(.writing, total: 5)
        progress.count()
        for second in 0..<60 { meter.take(progress, at: .seconds(second)) }
        #expect(meter.rate == 0)
        #expect(meter.secondsLeft == nil)
    }

    @Test func `A new phase begins anew`() {
        var meter = ProgressMeter()
        var reading = RunProgress(.reading, total: 100)
        for _ in 0..<100 { reading.count() }
        meter.take(reading, at: .seconds(10))
        meter.take(RunProgress(.writing, total: 100), at: .seconds(11))
        meter.take(RunProgress(.writing, total: 100), at: .seconds(12))
        #expect(meter.rate == 0)
    }

    @Test func `The line says what is done, failed and left, how fast, what holds it, and how long`() throws {
        var meter = ProgressMeter()
        var progress = RunProgress(.reading, total: 500)
        meter.take(progress, at: .zero)
        for number in 0..<312 { progress.count(failed: number < 2) }
        meter.take(progress, at: .seconds(2))
        let free = try #require(ProgressText(meter, concurrency: 64, heldBack: []))
        #expect(free.description == "Reading 312 of 500, 2 failed, 188 left, 156/s, 64 in flight, 2 s to go")
        let held = [
            HeldBackCalls(
                service: .ecr, account: AccountID("111122223333"), region: "us-east-1",
                operation: "GetRepositoryPolicy",
                rate: 18.2, waiting: 40),
            HeldBackCalls(
                service: .ecr, account: AccountID("222233334444"), region: "us-east-1",
                operation: "GetRepositoryPolicy",
                rate: 3.25, waiting: 4),
        ]
        let throttled = try #require(ProgressText(meter, concurrency: 64, heldBack: held))
        #expect(
            throttled.description == "Reading 312 of 500, 2 failed, 188 left, 156/s, "
                + "throttled by ECR in 111122223333 us-east-1 at 18/s and 1 more, 2 s to go")
    }

    @Test(arguments: [(100, 1, "100 s"), (6_000, 1, "100 min"), (7, 2, "4 s"), (7_300, 1, "2 h 2 min")])
    func `Long times are shown in long units`(left: Int, perSecond: Int, text: String) throws {
        var meter = ProgressMeter()
        var progress = RunProgress(.writing, total: left + perSecond)
        meter.take(progress, at: .zero)
        for _ in 0..<perSecond { progress.count() }
        meter.take(progress, at: .seconds(1))
        let line = try #require(ProgressText(meter, concurrency: 1, heldBack: []))
        #expect(line.description.hasSuffix(", \(text) to go"), "\(line)")
    }

    @Test func `The last moment has no rate to tell`() throws {
        var meter = ProgressMeter()
        var progress = RunProgress(.writing, total: 1)
        progress.count(conflict: true)
        meter.take(progress, at: .zero)
        let line = try #require(ProgressText(meter, concurrency: 64, heldBack: []))
        #expect(line.description == "Writing 1 of 1, 1 in conflict")
        #expect(ProgressText(ProgressMeter(), concurrency: 64, heldBack: []) == nil)
    }
}

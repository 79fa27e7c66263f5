import AWSValues
import Foundation
import Rollout
import SharePlan
import Testing

/// Two histories that people fear, at the size at which they happen.
@Suite struct HistoryScenarioTests {
    /// Everything that one matrix grants on every repository.
    private func job(_ repositories: [RepositoryID], to consumer: String) -> ShareJob {
        let rows = repositories.map {
            HistoryMatrix.Row(
                registry: $0.registry, pattern: $0.name.text, consumer: consumer, access: "pull", isExpired: false)
        }
        return ShareJob(matrix: HistoryMatrix(rows: rows), mode: .match, adopts: false, takesOver: false, prunes: false)
    }

    private func play(
        _ seed: UInt64, _ count: Int, prefixes: [String], _ weather: SimulatedECR.Weather, edits: Int, within: Int
    ) async -> History {
        await Histories.onThread {
            Histories.withFolder { folder in
                let history = History(seed: seed, in: folder, World.repositories(count), prefixes: prefixes)
                for repository in history.repositories { history.ecr.create(repository, nil) }
                history.ecr.weather = weather
                let consumers = ["444455556666", "555566667777"]
                let attempts = history.teams.map { team in
                    history.attempt(.share(job(history.repositories, to: consumers[team.number])), by: team)
                }
                history.go(
                    attempts,
                    History.Troubles(
                        startsWithin: 100_000, edits: edits, editsWithin: within,
                        options: { ApplyOptions(maximumFailures: nil) }))
                return history
            }
        }
    }

    @Test(arguments: 1...3) func `Two teams that apply at the same moment lose nothing without a report`(
        seed: UInt64
    ) async {
        var weather = SimulatedECR.Weather.calm
        weather.limit = 4
        weather.turns = 4
        let history = await play(seed, 60, prefixes: ["TeamA", "TeamB"], weather, edits: 0, within: 0)
        #expect(history.judge.violations == [])
        #expect(history.judge.figures.unseen == 0)
        for record in history.records {
            let attempt = history.judge.attempts.values.first { $0.record === record }
            for repository in history.repositories {
                let live = history.judge.model(history.ecr.text(of: repository))
                let outcome = attempt?.outcomes[repository]
                #expect(
                    live.hasManaged(record.team.prefix) == (outcome?.isDone ?? false),
                    "\(repository): \(outcome as Any)")
            }
        }
        print("two teams, seed \(seed): \(history.judge.figures.summary)")
    }

    @Test(arguments: 1...3) func `Edits by others at random moments of a slow run are never lost without a report`(
        seed: UInt64
    ) async {
        var weather = SimulatedECR.Weather.calm
        weather.limit = 8
        weather.turns = 8
        weather.throttled = 50
        let history = await play(seed, 400, prefixes: ["EcrShare"], weather, edits: 200, within: 60_000_000)
        #expect(history.judge.violations == [])
        let figures = history.judge.figures
        // One round trip, and what lies outside it is never erased: the judge has seen to that.
        #expect((figures.windows.max() ?? 0) <= 3 * weather.latency)
        #expect(figures.lostEdits <= 2)
        let attempt = history.judge.attempts[1]
        for repository in history.repositories {
            guard case .written? = attempt?.outcomes[repository], let last = history.ecr.versions[repository]?.last,
                let planned = attempt?.record.steps[repository]?.after
            else { continue }
            if history.judge.model(last.text).isSame(as: planned, "EcrShare") { continue }
            // Then it was edited after it was read back.
            let look = history.ecr.looks[1]?[repository]
            #expect((look?.servedAt ?? .max) < last.at, "\(repository) was edited, and is told as applied")
        }
        print("200 edits, seed \(seed): \(figures.summary)")
    }
}

import AWSValues
import Foundation
import Rollout
import SharePlan

/// One history: a small world, and what is done to it step by step, all drawn from one seed.
final class History: @unchecked Sendable {
    // Unchecked: used by the simulation's thread alone.

    let seed: UInt64
    let simulation: Simulation
    let judge = Judge()
    let ecr: SimulatedECR
    let folder: Folder
    let teams: [Team]
    let repositories: [RepositoryID]
    var records: [RunRecord] = []
    private var attempts = 0
    private var started = 0

    static let consumers = [
        "444455556666", "555566667777", "666677778888", "arn:aws:iam::444455556666:role/ci",
        "arn:aws:iam::555566667777:role/ghost", "o-a1b2c3d4e5",
    ]

    init(seed: UInt64, in folder: Folder, tellsStory: Bool = false) {
        self.seed = seed
        self.folder = folder
        let simulation = Simulation(seed: seed, tellsStory: tellsStory)
        self.simulation = simulation
        ecr = SimulatedECR(simulation, judge: judge)
        let other = simulation.dice.pick(["TeamB", "EcrShareTeamB", "EcrShare"])
        teams = ["EcrShare", other].enumerated().map { number, prefix in
            Team(number: number, prefix: prefix, archive: Archive(folder.path(of: "archive\(number)")))
        }
        var repositories = ["base/a", "base/b", "app/c", "solo"].prefix(simulation.dice.between(2, 4))
            .map { World.repository($0) }
        if simulation.dice.percent(25) {
            repositories.append(World.repository("base/a", account: "222233334444", region: "eu-west-1"))
        }
        self.repositories = repositories
    }

    /// A world of its own making: repositories without policies, and teams by their prefixes.
    init(seed: UInt64, in folder: Folder, _ repositories: [RepositoryID], prefixes: [String], tellsStory: Bool = false)
    {
        self.seed = seed
        self.folder = folder
        self.repositories = repositories
        simulation = Simulation(seed: seed, tellsStory: tellsStory)
        ecr = SimulatedECR(simulation, judge: judge)
        teams = prefixes.enumerated().map { number, prefix in
            Team(number: number, prefix: prefix, archive: Archive(folder.path(of: "archive\(number)")))
        }
    }

    /// Plays the history to its end.
    func play() {
        if simulation.dice.percent(60) {
            ecr.unknownPrincipals[History.consumers[4]] =
                simulation.dice.percent(50) ? .some(nil) : simulation.dice.between(0, 60_000_000)
        }
        for repository in repositories {
            let text = simulation.dice.percent(50) ? nil : Editor.start(&simulation.dice)
            ecr.create(repository, text)
            simulation.tell("\(repository) is there\(SimulatedECR.brief(text))")
        }
        for _ in 0..<simulation.dice.between(3, 8) {
            takeStep()
            // A process takes longer to start than an answer to come.
            simulation.pass(simulation.dice.between(9_000_000, 20_000_000))
            if !judge.violations.isEmpty || !simulation.flaws.isEmpty { break }
        }
        for flaw in simulation.flaws { judge.accuse("simulation", flaw) }
    }

    // MARK: Steps

    private func takeStep() {
        ecr.weather = SimulatedECR.Weather.drawn(&simulation.dice)
        let kind = simulation.dice.below(100)
        switch kind {
        case ..<15:
            for _ in 0..<simulation.dice.between(1, 3) { edit() }
        case ..<25:
            // Two at once, on one archive at times.
            let first = drawRun(of: teams[0])
            let second = drawRun(of: teams[simulation.dice.percent(25) ? 0 : 1])
            go([first, second], .drawn(&simulation.dice, repositories.count))
        default:
            let team = simulation.dice.percent(75) ? teams[0] : teams[1]
            go([drawRun(of: team)], .drawn(&simulation.dice, repositories.count))
        }
    }

    private func edit() {
        let repository = simulation.dice.pick(repositories)
        let (what, change) = Editor.edit(&simulation.dice, prefixes: teams.map(\.prefix))
        judge.count { $0.edits += 1 }
        ecr.edit(repository, what, change)
    }

    private func drawRun(of team: Team) -> Attempt {
        let runs = archived(by: team)
        let unfinished = runs.last.flatMap { $0.isComplete ? nil : $0 }
        let number = simulation.dice.below(100)
        if let unfinished, number < 40 { return resumption(of: unfinished) }
        if !runs.isEmpty, number < 48 { return resumption(of: simulation.dice.pick(runs)) }
        let kind: RunRecord.Kind
        if !runs.isEmpty, number < 75 {
            kind = .rollback(
                drawRollback(of: simulation.dice.percent(60) ? runs[runs.count - 1] : simulation.dice.pick(runs)))
        } else {
            kind = .share(drawShare())
        }
        return attempt(kind, by: team)
    }

    /// A new run.
    func attempt(_ kind: RunRecord.Kind, by team: Team) -> Attempt {
        attempts += 1
        return Attempt(attempts, newRecord(kind, team), isResume: false)
    }

    /// The runs of an archive in the order in which they were started.
    private func archived(by team: Team) -> [RunRecord] {
        records.filter { $0.team.number == team.number && $0.id != nil }.sorted { $0.order < $1.order }
    }

    /// Whether `rollback latest` means this run.
    func isLatestToUndo(_ run: RunRecord) -> Bool { archived(by: run.team).last { $0.undone == nil } === run }

    func begin(_ run: RunRecord, as id: RunID, by process: SimulatedProcess) {
        // What a dead process had still to archive is lost.
        guard !process.isDead else { return }
        started += 1
        run.begin(as: id, order: started)
    }

    func newRecord(_ kind: RunRecord.Kind, _ team: Team) -> RunRecord {
        let record = RunRecord(records.count + 1, team, kind)
        records.append(record)
        return record
    }

    private func resumption(of run: RunRecord) -> Attempt {
        attempts += 1
        return Attempt(attempts, run, isResume: true)
    }

    private func drawShare() -> ShareJob {
        let mode = simulation.dice.pick([MergeMode.match, .match, .add, .remove])
        return ShareJob(
            matrix: .drawn(&simulation.dice, for: repositories, consumers: History.consumers), mode: mode,
            adopts: simulation.dice.percent(15), takesOver: mode == .match && simulation.dice.percent(20),
            prunes: mode == .match && simulation.dice.percent(10))
    }

    private func drawRollback(of run: RunRecord) -> RollbackJob {
        let consumers = simulation.dice.percent(30) ? simulation.dice.subset(of: History.consumers, percent: 30) : []
        return RollbackJob(
            undone: run, mergesLaterEdits: simulation.dice.percent(40), consumers: consumers.isEmpty ? nil : consumers,
            repository: simulation.dice.percent(15) ? simulation.dice.pick(repositories) : nil)
    }

    // MARK: Running

    /// What happens while programs run; times in microseconds.
    struct Troubles {
        var startsWithin = 0
        var edits = 0
        var editsWithin = 3_000_000
        /// In a hundred attempts.
        var kills = 0
        var stops = 0
        var options: () -> ApplyOptions = { ApplyOptions() }
        var review = 0
        var searches = false

        static func drawn(_ dice: inout Dice, _ repositories: Int) -> Troubles {
            let options = ApplyOptions(
                concurrency: dice.between(1, 4), maximumFailures: dice.pick([nil, 1, 10]),
                canary: dice.percent(15) ? .count(1) : nil, rollsBackOnFailure: dice.percent(10))
            return Troubles(
                startsWithin: 1_000_000, edits: dice.percent(50) ? dice.between(1, 6) : 0, kills: 30, stops: 8,
                options: { options }, review: dice.percent(30) ? dice.between(0, 3_000_000) : 0,
                searches: dice.percent(40))
        }
    }

    /// Lets attempts run at once, with edits by others, kills and requests to stop between.
    func go(_ attempts: [Attempt], _ troubles: Troubles) {
        var left = attempts.count
        for attempt in attempts {
            judge.attempts[attempt.number] = attempt
            let process = SimulatedProcess("\(attempt.team.name), run \(attempt.record.number)", in: simulation)
            let stop = StopSignal()
            var copy: ArchiveCopy?
            if simulation.dice.percent(troubles.kills) {
                process.jobsToLive = simulation.dice.between(1, 30 + 40 * repositories.count)
            }
            process.atDeath = { [self] in
                attempt.wasKilled = true
                // The journal's last lines may be lost, so it is unknown.
                attempt.record.mayHaveWritten.formUnion(attempt.record.steps.keys)
                judge.count { $0.kills += 1 }
                simulation.tell("\(process.name) is killed")
                copy = ArchiveCopy(of: attempt.team.archive.folder)
                copy?.cutJournal(of: attempt.record.id, &simulation.dice)
            }
            if simulation.dice.percent(troubles.stops) {
                simulation.after(simulation.dice.between(0, 4_000_000)) { [self] in
                    guard !process.hasEnded else { return }
                    attempt.stoppedAt = simulation.now
                    simulation.tell("\(process.name) is asked to stop")
                    stop.request()
                }
            }
            let program = Program(
                history: self, process: process, attempt: attempt, stop: stop, options: troubles.options(),
                review: troubles.review, searches: troubles.searches)
            simulation.after(attempts.count > 1 ? simulation.dice.between(0, troubles.startsWithin) : 0) { [self] in
                simulation.tell("attempt \(attempt.number): \(program.summary)")
                process.start({ try await program.run() }) { [self] result in
                    left -= 1
                    if process.isDead {
                        do { try copy?.restore() } catch { judge.accuse("simulation", "\(error)") }
                    }
                    end(attempt, process.isDead ? .success(.killed) : result)
                }
            }
        }
        for _ in 0..<troubles.edits {
            simulation.after(simulation.dice.between(0, troubles.editsWithin)) { [self] in edit() }
        }
        simulation.run { left == 0 }
    }

    private func end(_ attempt: Attempt, _ result: Result<AttemptEnding, any Error>) {
        let ending: AttemptEnding
        switch result {
        case .success(let value): ending = value
        case .failure(let error): ending = .refused(error)
        }
        simulation.note([5, attempt.number], "attempt \(attempt.number) ends: \(History.brief(ending))")
        judge.judge(attempt, ending, in: ecr)
    }

    private static func brief(_ ending: AttemptEnding) -> String {
        switch ending {
        case .ended(let status, let report):
            "status \(status)"
                + (report.map { ", \($0.phase), \($0.counts), \($0.conflicts.map(\.repository.name)) in conflict" }
                    ?? "")
        case .refused(let error): "refused: \(error)"
        case .killed: "killed"
        }
    }
}

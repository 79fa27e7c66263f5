import AWSValues
import Rollout
import SharePlan

/// Who runs ecr-share: a prefix and an archive.
struct Team {
    let number: Int
    let prefix: String
    let archive: Archive
    var name: String { "team \(number) (\(prefix))" }
}

/// What a matrix asks of a program, and how it is read.
struct ShareJob {
    let matrix: HistoryMatrix
    let mode: MergeMode
    let adopts: Bool
    let takesOver: Bool
    let prunes: Bool
}

/// What a rollback is asked for.
struct RollbackJob {
    let undone: RunRecord
    let mergesLaterEdits: Bool
    /// nil: all.
    let consumers: [String]?
    /// nil: all.
    let repository: RepositoryID?

    func includes(_ repository: RepositoryID) -> Bool { self.repository.map { $0.name == repository.name } ?? true }
}

/// One run as the judge knows it: what it was to do, and what it did in truth.
final class RunRecord: @unchecked Sendable {
    // Unchecked: used by the simulation's thread alone.

    enum Kind {
        case share(ShareJob)
        case rollback(RollbackJob)
    }

    struct Step {
        let before: PolicyModel
        let after: PolicyModel
        let beforeText: String?
        let afterText: String?
    }

    let number: Int
    let team: Team
    let kind: Kind
    /// Its place among the runs that were started; known with its id.
    private(set) var order = Int.max
    private(set) var id: RunID?
    /// The plan's changes.
    var steps: [RepositoryID: Step] = [:]
    var problems: Set<RepositoryID> = []
    var unchanged: Set<RepositoryID> = []
    /// Where a write of the run reached ECR.
    var wrote: Set<RepositoryID> = []
    /// Where it is unknown whether it has written: it was killed, or had no clear answer.
    var mayHaveWritten: Set<RepositoryID> = []
    /// Where an attempt has reported that the change holds.
    var saidDone: Set<RepositoryID> = []
    /// Whether each change was made or found made, and the run reported it.
    var isComplete = false

    init(_ number: Int, _ team: Team, _ kind: Kind) {
        self.number = number
        self.team = team
        self.kind = kind
    }

    /// It is in the archive as `id`, the `order`th run that was started.
    func begin(as id: RunID, order: Int) {
        self.id = id
        self.order = order
    }

    var undone: RunRecord? {
        guard case .rollback(let job) = kind else { return nil }
        return job.undone
    }

    func gave(_ repository: RepositoryID) -> Set<PolicyModel.Atom> {
        steps[repository].map { $0.after.atoms(team.prefix).subtracting($0.before.atoms(team.prefix)) } ?? []
    }

    func took(_ repository: RepositoryID) -> Set<PolicyModel.Atom> {
        guard let step = steps[repository] else { return [] }
        return base(repository).subtracting(step.after.atoms(team.prefix))
    }

    /// What was given before the run by ours, and by statements that look like ours.
    func base(_ repository: RepositoryID) -> Set<PolicyModel.Atom> { steps[repository]?.before.allAtoms ?? [] }
}

/// One start of the program: what it is to do, what it saw and what it reported.
final class Attempt: @unchecked Sendable {
    // Unchecked: used by the simulation's thread alone.

    enum Call {
        case read, write
    }

    let number: Int
    let team: Team
    /// The run that it executes; once it undoes that one after a failure, the run that undoes.
    private(set) var record: RunRecord
    let isResume: Bool
    /// Finds the run that undoes this one, if it is the one of this id.
    var undoing: ((RunID) -> RunRecord?)?
    /// Whether it undoes a run that failed.
    var isUndoing = false
    /// When it was asked to stop.
    var stoppedAt: Int?
    var wasKilled = false
    /// What it reported about each change.
    var outcomes: [RepositoryID: RunOutcome] = [:]
    /// What a rollback says that it can neither take nor give back.
    var leftAlone: [String] = []
    var failedReads: Set<RepositoryID> = []
    var unlisted: Set<Registry> = []
    /// Where a write of this attempt reached ECR, and where one may still.
    var wrote: Set<RepositoryID> = []
    /// Of ``wrote`` what was before a search for unknown principals; nil before one.
    private(set) var wroteBeforeSearch: Set<RepositoryID>?
    var lastCall: [RepositoryID: Call] = [:]
    /// When the next turn at its own pace is free.
    var nextTurn = 0
    private(set) var turns: [RepositoryID: Int] = [:]
    private var throttled: [RepositoryID: Int] = [:]
    private var justThrottled: Set<RepositoryID> = []

    init(_ number: Int, _ record: RunRecord, isResume: Bool) {
        self.number = number
        self.record = record
        self.team = record.team
        self.isResume = isResume
    }

    /// Looks whether it undoes its run by now: then there is a newer run in its archive.
    func noticeUndoing() {
        guard let undoing, let name = (try? team.archive.folder.folder("runs").names())?.last, let id = RunID(name),
            id != record.id, let run = undoing(id)
        else { return }
        record = run
        isUndoing = true
        self.undoing = nil
    }

    /// It begins to search for the principals that ECR does not know.
    func beginSearch() { wroteBeforeSearch = wrote }

    func turnTaken(_ repository: RepositoryID, at time: Int) { turns[repository] = time }

    func giveTurnBack(_ repository: RepositoryID, interval: Int) {
        guard turns.removeValue(forKey: repository) != nil else { return }
        nextTurn -= interval
    }

    func useTurn(_ repository: RepositoryID) -> Int? { turns.removeValue(forKey: repository) }

    func countThrottled(_ repository: RepositoryID) -> Int {
        throttled[repository, default: 0] += 1
        justThrottled.insert(repository)
        return throttled[repository] ?? 0
    }

    func wasThrottled(_ repository: RepositoryID) -> Bool { justThrottled.remove(repository) != nil }
}

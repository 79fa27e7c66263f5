import AWSValues
import Foundation
import Rollout
import SharePlan

/// Judges a history while it happens: every write by what its writer had seen and was to do, every run by what it says.
///
/// It sees what the program cannot: every policy that ever was live, and who wrote it.
final class Judge: @unchecked Sendable {
    // Unchecked: used by the simulation's thread alone.

    typealias Atoms = Set<PolicyModel.Atom>

    private(set) var violations: [String] = []
    private(set) var figures = Figures()
    var attempts: [Int: Attempt] = [:]
    var ledgers: [Int: [RepositoryID: Ledger]] = [:]
    private var models: [String: PolicyModel] = [:]

    /// What was seen, for a test's output.
    struct Figures {
        var runs = 0
        var done = 0
        var writes = 0
        var edits = 0
        var kills = 0
        /// Edits that a write erased within its round trip, of others and of another ecr-share.
        var lostEdits = 0
        var lostWrites = 0
        /// Of those, such that their own writer had read back before.
        var unseen = 0
        /// From look to write in ECR, in microseconds.
        var windows: [Int] = []

        mutating func add(_ other: Figures) {
            runs += other.runs
            done += other.done
            writes += other.writes
            edits += other.edits
            kills += other.kills
            lostEdits += other.lostEdits
            lostWrites += other.lostWrites
            unseen += other.unseen
            windows += other.windows
        }
    }

    func count(_ change: (inout Figures) -> Void) { change(&figures) }

    func model(_ text: String?) -> PolicyModel {
        guard let text else { return .none }
        if let known = models[text] { return known }
        let model = PolicyModel(reading: text)
        models[text] = model
        return model
    }

    func accuse(_ attempt: Attempt, _ repository: RepositoryID?, _ rule: String, _ detail: @autoclosure () -> String) {
        let place = repository.map { " on \($0.name)" } ?? ""
        violations.append(
            "[\(rule)] attempt \(attempt.number) of run \(attempt.record.number), \(attempt.team.name)\(place): \(detail())"
        )
    }

    func accuse(_ rule: String, _ detail: String) {
        violations.append("[\(rule)] \(detail)")
    }

    // MARK: Writes

    /// A write leaves its process.
    func willWrite(
        _ text: String?, to repository: RepositoryID, _ look: SimulatedECR.Look?, by attempt: Attempt,
        _ ecr: SimulatedECR
    ) {
        let now = ecr.simulation.now
        attempt.noticeUndoing()
        if attempt.wasKilled { accuse(attempt, repository, "dead", "a write was sent after its process had died") }
        let turn = attempt.useTurn(repository)
        if turn == nil { accuse(attempt, repository, "turn", "a write was sent without a turn") }
        if let turn, let stopped = attempt.stoppedAt, turn > stopped {
            accuse(attempt, repository, "stop", "a write was sent whose turn came after the request to stop")
        }
        if !isAnnounced(repository, by: attempt) {
            accuse(attempt, repository, "announced", "a write was sent that the journal on disk does not announce")
        }
        guard let look, look.version != nil, attempt.lastCall[repository] == .read else {
            accuse(attempt, repository, "look", "a write was sent without a look since the last call there")
            return
        }
        if let turn, turn > look.sentAt { accuse(attempt, repository, "turn", "the look came before the turn") }
        if look.answeredAt != now {
            accuse(attempt, repository, "look", "\(now - look.answeredAt) µs passed between look and write")
        }
        // Its own write of a moment ago, which it could not read back, it may replace.
        let isOwn = ecr.versions[repository]?.last?.author == .attempt(attempt.number)
        if look.isStale, !isOwn, model(look.text) != model(ecr.text(of: repository)) {
            accuse(attempt, repository, "look", "a write was sent on a look that was stale")
        }
        judgeContent(from: model(look.text), to: model(text), on: repository, by: attempt)
    }

    private func isAnnounced(_ repository: RepositoryID, by attempt: Attempt) -> Bool {
        let runs = attempt.team.archive.folder.folder("runs")
        guard let id = attempt.record.id?.text ?? (try? runs.names().last),
            let text = try? String(contentsOfFile: runs.folder(id).path(of: "journal.jsonl"), encoding: .utf8)
        else { return false }
        let lines = text.split(separator: "\n")
        let start = lines.lastIndex { $0.hasPrefix(#"{"event":"started""#) } ?? lines.startIndex
        let name = "\"name\":\"\(repository.name)\""
        return lines[start...].contains { $0.hasPrefix(#"{"event":"writing""#) && $0.contains(name) }
    }

    /// A write has reached ECR: `text` replaces what is live.
    func didWrite(
        _ text: String?, to repository: RepositoryID, _ look: SimulatedECR.Look?, by attempt: Attempt,
        _ ecr: SimulatedECR
    ) {
        figures.writes += 1
        attempt.wrote.insert(repository)
        attempt.record.wrote.insert(repository)
        if attempt.wroteBeforeSearch != nil, let step = attempt.record.steps[repository],
            model(text).isSame(as: step.before, attempt.team.prefix)
        {
            // A search for unknown principals has put it back.
            attempt.record.wrote.remove(repository)
        }
        guard let look, let seen = look.version, let all = ecr.versions[repository] else { return }
        figures.windows.append(ecr.simulation.now - look.servedAt)
        let before = model(look.text)
        let after = model(text)
        ledgers[attempt.team.number, default: [:]][repository, default: Ledger()]
            .note(attempt.record, before, after, repository)
        for lost in all[(seen + 1)...] {
            ecr.simulation.tell("    the write erases \(lost.author)")
            switch lost.author {
            case .start: break
            case .hand: figures.lostEdits += 1
            case .attempt(let number):
                guard number != attempt.number, let victim = attempts[number] else { continue }
                figures.lostWrites += 1
                // Its whole time from write to reading back lay between this look and this write: nobody can see that.
                if case .written? = victim.outcomes[repository],
                    !model(text).isSame(as: model(lost.text), victim.team.prefix)
                {
                    figures.unseen += 1
                }
            }
        }
    }

    // MARK: What a write may do

    private func judgeContent(
        from before: PolicyModel, to after: PolicyModel, on repository: RepositoryID, by attempt: Attempt
    ) {
        let prefix = attempt.team.prefix
        let record = attempt.record
        let gained = after.atoms(prefix).subtracting(before.atoms(prefix))
        let lost = before.atoms(prefix).subtracting(after.atoms(prefix))
        func accuse(_ rule: String, _ detail: @autoclosure () -> String) {
            self.accuse(attempt, repository, rule, detail())
        }
        if attempt.isResume, !attempt.isUndoing {
            let later = ledgers[attempt.team.number]?[repository]?.laterWriters(than: record) ?? []
            if !later.isEmpty {
                accuse("resume", "wrote over what run \(later[0].number) wrote later in the same archive")
            }
        }
        if attempt.wroteBeforeSearch != nil { return judgeTrial(from: before, to: after, on: repository, by: attempt) }
        switch record.kind {
        case .share(let job):
            judgeShare(job, from: before, to: after, on: repository, by: attempt)
        case .rollback(let job):
            judgeRollback(job, from: before, to: after, gained, lost, on: repository, by: attempt)
        }
    }

    /// A trial of a search for unknown principals: nothing but what the change gives and takes.
    private func judgeTrial(
        from before: PolicyModel, to after: PolicyModel, on repository: RepositoryID, by attempt: Attempt
    ) {
        let prefix = attempt.team.prefix
        guard let step = attempt.record.steps[repository] else {
            return accuse(attempt, repository, "trial", "no change of the run is there")
        }
        if after.isSame(as: step.before, prefix) { return }
        let (old, new) = (step.before.atoms(prefix), step.after.atoms(prefix))
        let gives = after.atoms(prefix).subtracting(old.union(new).union(step.before.allAtoms))
        if !gives.isEmpty { accuse(attempt, repository, "trial", "gives \(gives.sorted())") }
        let takes = old.intersection(new).subtracting(after.atoms(prefix))
        if !takes.isEmpty { accuse(attempt, repository, "trial", "takes \(takes.sorted())") }
        if after.foreign(prefix).sorted() != step.after.foreign(prefix).sorted() {
            accuse(attempt, repository, "trial", "foreign statements became \(after.foreign(prefix))")
        }
        if !before.isSame(as: step.before, prefix), !attempt.wrote.contains(repository) {
            accuse(attempt, repository, "trial", "writes over something that is not from before")
        }
    }

    private func judgeShare(
        _ job: ShareJob, from before: PolicyModel, to after: PolicyModel, on repository: RepositoryID,
        by attempt: Attempt
    ) {
        let prefix = attempt.team.prefix
        func accuse(_ rule: String, _ detail: @autoclosure () -> String) {
            self.accuse(attempt, repository, rule, detail())
        }
        var had = before.atoms(prefix)
        var foreign = (before.foreign(prefix), after.foreign(prefix))
        // Only their order was changed since the plan, which does not matter.
        if let planned = attempt.record.steps[repository]?.before.foreign(prefix),
            planned.sorted() == foreign.0.sorted()
        {
            foreign.0 = planned
        }
        if foreign.0 != foreign.1 {
            let adoptable = before.adoptable(prefix)
            let left = adoptable.filter { !foreign.1.contains($0.meaning) }
            let adopts = job.adopts && job.matrix.covers(repository)
            if !adopts || foreign.0.filter({ meaning in !left.contains { $0.meaning == meaning } }) != foreign.1 {
                accuse("foreign", "foreign statements \(foreign.0) became \(foreign.1)")
            }
            for statement in left { had.formUnion(statement.atoms ?? []) }
        }
        if !before.edited(prefix).isEmpty, !(job.takesOver && job.mode == .match) {
            accuse("edited", "a managed statement was edited by hand, and the policy was written")
        }
        let (gained, lost) = (after.atoms(prefix).subtracting(had), had.subtracting(after.atoms(prefix)))
        let wanted = job.matrix.wanted(repository)
        switch job.mode {
        case .match:
            if after.atoms(prefix) != wanted {
                accuse("match", "gives \(after.atoms(prefix).sorted()), not \(wanted.sorted())")
            }
            if wanted.isEmpty, !job.matrix.covers(repository), !job.prunes {
                accuse("match", "the matrix does not cover the repository")
            }
        case .add:
            if !lost.isEmpty { accuse("add", "takes \(lost.sorted())") }
            if !gained.isSubset(of: wanted) { accuse("add", "gives \(gained.subtracting(wanted).sorted())") }
        case .remove:
            let most = job.matrix.removed(repository).most
            if !gained.isEmpty { accuse("remove", "gives \(gained.sorted())") }
            if !lost.isSubset(of: most) { accuse("remove", "takes \(lost.subtracting(most).sorted())") }
        }
    }

    private func judgeRollback(
        _ job: RollbackJob, from before: PolicyModel, to after: PolicyModel, _ gained: Atoms, _ lost: Atoms,
        on repository: RepositoryID, by attempt: Attempt
    ) {
        let prefix = attempt.team.prefix
        let run = job.undone
        func accuse(_ rule: String, _ detail: @autoclosure () -> String) {
            self.accuse(attempt, repository, "rollback " + rule, detail())
        }
        guard let step = run.steps[repository], job.includes(repository) else {
            return accuse("scope", "run \(run.number) has no change there, or it was not chosen")
        }
        if !run.wrote.contains(repository), !run.mayHaveWritten.contains(repository) {
            accuse("scope", "run \(run.number) never wrote there")
        }
        let isRestored = after.isSame(as: step.before, prefix)
        let ledger = ledgers[attempt.team.number]?[repository] ?? Ledger()
        if isRestored, job.consumers == nil, before.isSame(as: step.after, prefix) {
            // The whole document comes back.
        } else {
            if before.foreign(prefix).sorted() != after.foreign(prefix).sorted() {
                accuse("foreign", "foreign statements \(before.foreign(prefix)) became \(after.foreign(prefix))")
            }
            if before.edited(prefix) != after.edited(prefix) {
                accuse("edited", "edited statements \(before.edited(prefix)) became \(after.edited(prefix))")
            }
            if job.consumers == nil, !job.mergesLaterEdits, !isRestored {
                accuse("plain", "the policy is neither as before the run nor as the run left it")
            }
        }
        let others = gained.union(lost).filter { atom in job.consumers.map { !$0.contains(atom.consumer) } ?? false }
        if !others.isEmpty { accuse("consumer", "touches \(others.sorted())") }

        let mayTake = run.gave(repository).filter { ledger.isGiven($0, by: run) }
        if !lost.isSubset(of: mayTake) {
            let wrong = lost.subtracting(mayTake).sorted()
            accuse(
                "takes",
                "\(wrong), which "
                    + (wrong.first.map(ledger.owner) ?? nil).map { "run \($0.number) gave" }.orElse("it never gave"))
        }
        let mayGive = run.took(repository).union(run.base(repository).subtracting(step.after.atoms(prefix)))
            .filter { ledger.isTaken($0, by: run) }
        if !gained.isSubset(of: mayGive) {
            let wrong = gained.subtracting(mayGive).sorted()
            accuse(
                "gives",
                "\(wrong), which "
                    + (wrong.first.map(ledger.remover) ?? nil).map { "run \($0.number) took" }.orElse("it never took"))
        }
        if !gained.isEmpty, step.after.hasManaged(prefix), !before.hasManaged(prefix),
            ledger.laterWriters(than: run).isEmpty
        {
            accuse("gives", "\(gained.sorted()), though somebody deleted the statements that the run had left")
        }
    }
}

extension Optional<String> {
    fileprivate func orElse(_ text: String) -> String { self ?? text }
}

/// What the runs of one archive did to one repository, in truth.
struct Ledger {
    /// Who gave what is there now, and who took what is not.
    private var owners: [PolicyModel.Atom: RunRecord] = [:]
    private var removers: [PolicyModel.Atom: RunRecord] = [:]
    /// Whose writes made it appear or vanish last: one run, and where that undid a run, those before that one too.
    private var lastWriters: [PolicyModel.Atom: [RunRecord]] = [:]
    /// What they were when a run wrote.
    private var lastWritersBefore: [Int: [PolicyModel.Atom: [RunRecord]]] = [:]
    /// What a run found when it took or gave, so that its rollback finds it again.
    private var ownersBefore: [Int: [PolicyModel.Atom: RunRecord?]] = [:]
    private var removersBefore: [Int: [PolicyModel.Atom: RunRecord?]] = [:]
    /// The runs that wrote and were not undone there, in their order.
    private var writers: [RunRecord] = []
    private var undoneBy: [Int: RunRecord] = [:]
    /// What each run found when it wrote first.
    private var found: [Int: PolicyModel] = [:]

    func owner(_ atom: PolicyModel.Atom) -> RunRecord? { owners[atom] }
    func remover(_ atom: PolicyModel.Atom) -> RunRecord? { removers[atom] }

    /// Whether nobody but `run` gave, or took, what is as it is now, as far as the archive shows.
    func isGiven(_ atom: PolicyModel.Atom, by run: RunRecord) -> Bool {
        owners[atom].map { $0 === run || lastWriters[atom]?.contains { $0 === run } == true } ?? true
    }

    func isTaken(_ atom: PolicyModel.Atom, by run: RunRecord) -> Bool {
        removers[atom].map { $0 === run || lastWriters[atom]?.contains { $0 === run } == true } ?? true
    }

    /// Runs that were started after `run` and wrote, without those that were undone there.
    func laterWriters(than run: RunRecord) -> [RunRecord] { writers.filter { $0.order > run.order } }

    mutating func note(
        _ run: RunRecord, _ before: PolicyModel, _ after: PolicyModel, _ repository: RepositoryID
    ) {
        let prefix = run.team.prefix
        let undone = run.undone
        // What it adopted and did not keep, it took.
        let was = before.atoms(prefix, adoptedBy: after)
        let now = after.atoms(prefix)
        for atom in now.symmetricDifference(was).union(now.subtracting(before.atoms(prefix))) {
            let earlier = undone.flatMap { lastWritersBefore[$0.number]?[atom] } ?? []
            lastWritersBefore[run.number, default: [:]][atom] = lastWriters[atom] ?? []
            lastWriters[atom] = earlier + [run]
        }
        for atom in now.subtracting(before.atoms(prefix)) {
            // A search for unknown principals puts back what it took itself.
            let undone = removers[atom] === run ? run : undone
            removersBefore[run.number, default: [:]][atom] = .some(removers[atom])
            removers[atom] = nil
            if let undone, let earlier = ownersBefore[undone.number]?[atom] {
                owners[atom] = earlier
            } else {
                owners[atom] = run
            }
        }
        for atom in was.subtracting(now) {
            let undone = owners[atom] === run ? run : undone
            ownersBefore[run.number, default: [:]][atom] = .some(owners[atom])
            owners[atom] = nil
            if let undone, let earlier = removersBefore[undone.number]?[atom] {
                removers[atom] = earlier
            } else {
                removers[atom] = run
            }
        }
        if let undone, let step = undone.steps[repository], after.isSame(as: step.before, prefix) {
            if let index = writers.lastIndex(where: { $0 === undone }) {
                writers.remove(at: index)
                undoneBy[run.number] = undone
                return
            }
            if let back = undoneBy.removeValue(forKey: undone.number) {
                writers.append(back)
                writers.sort { $0.order < $1.order }
                return
            }
        }
        // A search for unknown principals sends the policy that is there, and puts it back after its trials.
        let found = found[run.number, default: before]
        self.found[run.number] = found
        writers.removeAll { $0 === run }
        if !after.isSame(as: found, prefix) {
            writers.append(run)
            writers.sort { $0.order < $1.order }
        }
    }
}

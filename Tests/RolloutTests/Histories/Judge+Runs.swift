import AWSValues
import Rollout
import SharePlan

/// What an attempt came to.
enum AttemptEnding {
    /// It ended by itself with this status; the report when it was executed.
    case ended(ExitStatus, RunReport?)
    /// It was refused before anything was written.
    case refused(any Error)
    case killed
}

extension Judge {
    /// An attempt has ended: compares what it reports with what happened.
    func judge(_ attempt: Attempt, _ ending: AttemptEnding, in ecr: SimulatedECR) {
        count { $0.runs += 1 }
        if case .refused(let error) = ending, !isExpected(error) { accuse(attempt, nil, "refused", "\(error)") }
        guard case .ended(let status, let report) = ending else { return }
        judgeOutcomes(of: attempt, ecr)
        if let report { judgeReport(report, of: attempt) }
        guard status == .done else { return }
        count { $0.done += 1 }
        if attempt.stoppedAt != nil, report?.ending == .interrupted {
            accuse(attempt, nil, "status", "an interrupted run ended with 0")
        }
        switch attempt.record.kind {
        case .share(let job):
            if attempt.isResume { judgeChanges(of: attempt, ecr) } else { judgeDone(job, of: attempt, ecr) }
        case .rollback(let job):
            if attempt.isResume { judgeChanges(of: attempt, ecr) } else { judgeDone(job, of: attempt, ecr) }
        }
    }

    /// Whether the program may end with this before anything is written: disks and matrices of histories are sound.
    private func isExpected(_ error: any Error) -> Bool {
        switch error as? RolloutError {
        case .archiveInUse, .undoneRunWentOn, .isComplete, .nothingToResume, .rolledBack, .neverBegan, .nothingChosen,
            .noRuns:
            true
        default: false
        }
    }

    /// What was last seen of a repository by an attempt.
    private func seen(_ repository: RepositoryID, by attempt: Attempt, _ ecr: SimulatedECR) -> PolicyModel? {
        guard let look = ecr.looks[attempt.number]?[repository], look.version != nil else { return nil }
        return model(look.text)
    }

    // MARK: Single repositories

    private func judgeOutcomes(of attempt: Attempt, _ ecr: SimulatedECR) {
        // What it says about two runs cannot be distinguished; their writes were judged.
        if attempt.isUndoing { return }
        let prefix = attempt.team.prefix
        let wrote = attempt.wroteBeforeSearch ?? attempt.wrote
        for (repository, outcome) in attempt.outcomes.sorted(by: { $0.key < $1.key }) {
            guard let step = attempt.record.steps[repository] else { continue }
            switch outcome {
            case .written, .alreadyDone:
                guard attempt.lastCall[repository] == .read, let seen = seen(repository, by: attempt, ecr) else {
                    accuse(attempt, repository, "told", "\(outcome), and it was not read back")
                    continue
                }
                if !seen.isSame(as: step.after, prefix) {
                    accuse(attempt, repository, "told", "\(outcome), and what was read is something else")
                }
            case .failed(let error, _) where error.code == "broken-promise":
                accuse(attempt, repository, "promise", "planned, and then refused: \(error.message)")
            case .failed(let error, .no):
                if wrote.contains(repository) {
                    accuse(attempt, repository, "told", "\(error.code) with \"not written\", and it was written")
                }
            case .conflict(_, .no):
                if wrote.contains(repository) {
                    accuse(attempt, repository, "told", "conflict with \"not written\", and it was written")
                }
            case .failed, .conflict: break
            case .inDoubt, .notStarted:
                if wrote.contains(repository) {
                    accuse(attempt, repository, "told", "\"not started\", and it was written")
                }
            }
        }
        for repository in wrote.sorted() where attempt.outcomes[repository] == nil {
            guard attempt.stoppedAt == nil else { continue }
            accuse(attempt, repository, "told", "it was written, and nothing is said of it")
        }
    }

    private func judgeReport(_ report: RunReport, of attempt: Attempt) {
        // One that was asked to stop leaves the reading back of its last writes to whoever resumes it.
        guard report.ending != .interrupted, !attempt.isUndoing, !attempt.isResume else { return }
        let outcomes = attempt.outcomes.values
        let done = outcomes.count { $0.isDone }
        if report.counts[.written] + report.counts[.alreadyDone] != done {
            accuse(attempt, nil, "report", "\(report.counts) for \(outcomes.count) outcomes, \(done) of them done")
        }
        if report.isDone, done != attempt.record.steps.count {
            accuse(attempt, nil, "report", "done, with \(done) of \(attempt.record.steps.count) changes")
        }
    }

    /// A search for unknown principals has found some: the policy from before is there, and those are unknown.
    func judgeSearch(_ found: [IsolatedPrincipals], by attempt: Attempt, in ecr: SimulatedECR) {
        for isolated in found {
            let repository = isolated.change.repository
            guard case .unknown(let consumers) = isolated.finding else { continue }
            for consumer in consumers where ecr.unknownPrincipals[consumer.description] == nil {
                accuse(attempt, repository, "search", "\(consumer) is known")
            }
            guard let step = attempt.record.steps[repository], let seen = seen(repository, by: attempt, ecr) else {
                continue
            }
            if !seen.isSame(as: step.before, attempt.team.prefix) {
                accuse(attempt, repository, "search", "the policy from before was not seen back")
            }
        }
    }

    // MARK: Status 0

    /// Each change of the plan was seen to hold.
    private func judgeChanges(of attempt: Attempt, _ ecr: SimulatedECR) {
        for (repository, step) in attempt.record.steps.sorted(by: { $0.key < $1.key }) {
            guard let seen = seen(repository, by: attempt, ecr) else {
                if !attempt.record.saidDone.contains(repository) {
                    accuse(attempt, repository, "done", "status 0, and it was never seen done")
                }
                continue
            }
            if !seen.isSame(as: step.after, attempt.team.prefix) {
                accuse(attempt, repository, "done", "status 0, and it is not as planned")
            }
        }
    }

    private func judgeDone(_ job: ShareJob, of attempt: Attempt, _ ecr: SimulatedECR) {
        let prefix = attempt.team.prefix
        for registry in job.matrix.registries.sorted() where attempt.unlisted.contains(registry) {
            accuse(attempt, nil, "done", "status 0, and \(registry) could not be listed")
        }
        for repository in ecr.repositories {
            let isTarget =
                job.matrix.covers(repository) || (job.prunes && job.matrix.registries.contains(repository.registry))
            guard isTarget else { continue }
            guard let seen = seen(repository, by: attempt, ecr) else {
                accuse(attempt, repository, "done", "status 0, and it was not read")
                continue
            }
            let has = seen.atoms(prefix)
            let wanted = job.matrix.wanted(repository)
            let isDone =
                switch job.mode {
                case .match: has == wanted && seen.edited(prefix).isEmpty
                case .add: has.isSuperset(of: wanted)
                case .remove: has.isDisjoint(with: job.matrix.removed(repository).least)
                }
            if !isDone {
                accuse(
                    attempt, repository, "done",
                    "status 0 of \(job.mode), has \(has.sorted()), the matrix \(wanted.sorted())")
            }
        }
    }

    private func judgeDone(_ job: RollbackJob, of attempt: Attempt, _ ecr: SimulatedECR) {
        let prefix = attempt.team.prefix
        let run = job.undone
        for repository in run.wrote.sorted() where job.includes(repository) {
            guard let step = run.steps[repository] else { continue }
            let atoms = run.gave(repository).subtracting(run.base(repository))
                .union(run.took(repository).subtracting(step.after.allAtoms))
            if let consumers = job.consumers, !atoms.contains(where: { consumers.contains($0.consumer) }) { continue }
            guard let seen = seen(repository, by: attempt, ecr) else {
                accuse(attempt, repository, "undone", "status 0, and it was not read")
                continue
            }
            if seen.isSame(as: step.before, prefix) { continue }
            guard job.consumers != nil || job.mergesLaterEdits else {
                accuse(attempt, repository, "undone", "status 0, and it is not as before run \(run.number)")
                continue
            }
            let ledger = ledgers[attempt.team.number]?[repository] ?? Ledger()
            let left = run.gave(repository).subtracting(run.base(repository)).intersection(seen.atoms(prefix))
                .filter { atom in
                    (job.consumers.map { $0.contains(atom.consumer) } ?? true)
                        && ledger.owner(atom).map { $0 === run } ?? false
                }
            if !left.isEmpty { accuse(attempt, repository, "undone", "status 0, and there is still \(left.sorted())") }
            // Somebody deleted what the run had left, or a later run has spoken: then nothing need come back.
            let isOpen =
                ledger.laterWriters(than: run).isEmpty && (seen.hasManaged(prefix) || !step.after.hasManaged(prefix))
            let missing = run.took(repository).subtracting(step.after.allAtoms).subtracting(seen.allAtoms)
                .filter { atom in
                    (job.consumers.map { $0.contains(atom.consumer) } ?? true)
                        && ledger.remover(atom).map { $0 === run } ?? false
                }
            if isOpen, !missing.isEmpty {
                accuse(attempt, repository, "undone", "status 0, and \(missing.sorted()) did not come back")
            }
        }
    }
}

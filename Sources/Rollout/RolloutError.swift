package import SharePlan

/// Why a run, a plan file or the archive cannot be used. Failures of single repositories are not here: they are part of
/// the plan or of the run's report.
package enum RolloutError: Error, Hashable, Sendable {
    /// The file is not a plan, or is incomplete.
    case plan(path: String, PlanError)
    /// A plan file was changed while it was in use.
    case planChangedUnderway(path: String, reason: String)
    /// Two entries for one repository or registry: a mistake of the one who made the plan.
    case plannedTwice(PlanSubject)

    /// Another run is under way in this archive.
    case archiveInUse(archive: String, run: String?, process: Int?)
    /// Another run has the archive, which is shared; whether anything works on it is not known.
    case archiveClaimed(archive: String, by: RunClaim)
    /// Another process goes on with the run, and this one must stop.
    case journalTaken(RunID)
    /// The place where the archive is kept cannot be reached, or does not answer clearly.
    case archiveUnavailable(archive: String, reason: String)
    /// The place where the archive is kept refused something, or could not be asked. The explanation ends with what to
    /// do.
    case archiveRefused(archive: String, explanation: String)
    /// No run has the archive, so there is no claim to give back.
    case notClaimed(archive: String)
    /// The run whose claim was to be given back does not have the archive.
    case claimedByAnother(archive: String, asked: String, by: RunClaim)
    /// The archive's lock ends with the process that holds it, so nobody has to give it back.
    case endsWithProcess(archive: String)
    /// The archive's store writes whatever a condition says, so two runs could both hold its lock.
    case ignoresConditions(archive: String)
    /// The archive has no run yet.
    case noRuns(archive: String)
    /// No run has this id or starts with it.
    case noSuchRun(String, archive: String)
    /// Several runs start like this.
    case ambiguousRun(String, [RunID])
    /// Every run of the archive is a rollback, so `latest` names none to undo.
    case onlyRollbacks(archive: String)
    /// A folder of the archive is one that somebody else may change.
    case notOurs(path: String, reason: String)
    /// A plan is to be saved in the place of a file that is not one.
    case notAPlan(path: String)
    /// The run ended before its plan was archived, so before anything was written.
    case neverBegan(RunID)
    /// The run began, and its plan is missing or empty.
    case lostPlan(RunID)
    /// The run was undone by another, so going on with it would bring back what was taken away.
    case rolledBack(RunID, by: RunID)
    /// Every change of the run is done, so there is nothing to resume.
    case isComplete(RunID)
    /// Everything that the run has not done was written by these runs since, and is left to them.
    case nothingToResume(RunID, leftTo: [RunID], repositories: Int)
    /// The run may have written something and cannot continue, because of a file. What was in flight has ended.
    case brokenOff(RunID, reason: String)
    /// What was chosen of the run to be undone, as it was spelled, fits nothing; what the run has instead.
    case nothingChosen(RunID, by: [String], has: String)
    /// The run that is to be undone, or one that was started after it, went on after the rollback was planned, and may
    /// have written more; or the archive does not have it.
    case undoneRunWentOn(RunID)
    /// The run has no journal, so what it wrote is unknown.
    case noJournal(RunID)
    /// A line of a journal cannot be read, and it is not the last.
    case damagedJournal(path: String, line: Int, reason: String)
}

extension RolloutError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .plan(let path, let error):
            "\(path): \(error)"
        case .planChangedUnderway(let path, let reason):
            "\(path): the plan was changed while it was in use: \(reason); make it again"
        case .plannedTwice(let subject):
            "\(subject) was planned twice; this is a bug in ecr-share, please report it"
        case .archiveInUse(let archive, let run, let process):
            "the archive \(archive) is in use by " + (run.map { "run \($0)" } ?? "another run")
                + (process.map { ", process \($0)" } ?? "") + "; wait until it has ended, then try again"
        case .archiveClaimed(let archive, let claim):
            "the archive \(archive) is in use by \(claim); wait until it has ended. If nothing works on it any more: "
                + "ecr-share apply --resume \(claim.run) --archive \(archive), ecr-share rollback \(claim.run) --archive "
                + "\(archive), or, once somebody has looked, ecr-share runs release \(claim.run) --archive \(archive)"
        case .journalTaken(let run):
            "another process goes on with run \(run), so this one has stopped; ecr-share runs show \(run) tells how far "
                + "the run is"
        case .archiveUnavailable(let archive, let reason):
            "the archive \(archive) cannot be used: \(reason); check it, then try again"
        case .archiveRefused(let archive, let explanation):
            "the archive \(archive) cannot be used: \(explanation)"
        case .notClaimed(let archive):
            "no run has the archive \(archive), so there is nothing to release; list its runs with ecr-share runs"
        case .claimedByAnother(let archive, let asked, let claim):
            "\(asked) does not have the archive \(archive): it is in use by \(claim). Look at that run, then release it "
                + "by its own id: ecr-share runs release \(claim.run) --archive \(archive)"
        case .endsWithProcess(let archive):
            "the archive \(archive) is a folder, whose lock ends with the process that holds it, so there is nothing to "
                + "release; name the archive of the run with --archive"
        case .ignoresConditions(let archive):
            "the archive \(archive) is in a store that ignores conditional writes (If-None-Match, If-Match), so two runs "
                + "could not be kept apart; keep the archive in a store that honours them"
        case .noRuns(let archive):
            "the archive \(archive) holds no runs; choose the right one with --archive"
        case .noSuchRun(let reference, let archive):
            "the archive \(archive) has no run \(reference); list its runs with ecr-share runs"
        case .ambiguousRun(let reference, let runs):
            "\(reference) may be any of \(runs.map(\.text).joined(separator: ", ")); give more of the id"
        case .onlyRollbacks(let archive):
            "the archive \(archive) holds only rollbacks; undo one of them by its id, as ecr-share runs lists it"
        case .notOurs(let path, let reason):
            "\(path) \(reason), so what is in it cannot be trusted; choose another folder with --archive, or make it "
                + "yours alone"
        case .notAPlan(let path):
            "\(path) is not a plan, so it is not replaced by one; give another path to --out"
        case .lostPlan(let run):
            "run \(run) has lost its plan, which has every policy as it was: plan.jsonl is missing or empty; put the run's "
                + "folder back from a copy"
        case .neverBegan(let run):
            "run \(run) ended before its plan was archived, so it wrote nothing; make a new plan"
        case .rolledBack(let run, let by):
            "run \(run) was undone by \(by); make a new plan instead of resuming it"
        case .isComplete(let run):
            "run \(run) is complete: all of its changes are done. To share again, make a new plan; to undo it: "
                + "ecr-share rollback \(run)"
        case .nothingToResume(let run, let later, let count):
            "run \(run) has nothing left to do: \(count.repositories) that it had not written "
                + "\(count == 1 ? "was" : "were") written later by \(later.map(\.text).inWords). Make a new plan"
        case .brokenOff(let run, let reason):
            "run \(run) was stopped: \(reason). What was in flight has ended, nothing more was started. Fix the "
                + "cause, then resume the run or undo it"
        case .nothingChosen(let run, let choices, let has):
            "nothing in run \(run) matches \(choices.inWords): \(has)"
        case .undoneRunWentOn(let run):
            "the archive is not as it was when this rollback was planned: run \(run), or one that was started after it, "
                + "has gone on and may have written more, or is not there. Name the archive that has it, and plan the "
                + "rollback again"
        case .noJournal(let run):
            "run \(run) has no journal, so what it wrote is unknown; it is neither resumed nor undone. Put the run's "
                + "folder back from a copy. Its plan.jsonl has every policy as it was"
        case .damagedJournal(let path, let line, let reason):
            "\(path):\(line): the journal is damaged: \(reason); put the run's folder back from a copy. Its plan.jsonl has "
                + "every policy as it was"
        }
    }
}

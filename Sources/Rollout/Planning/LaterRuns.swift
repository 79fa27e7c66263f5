import AWSValues
import SharePlan

/// What the runs that were started after one did to the repositories that are to be undone.
///
/// Of each change only its place in its run's plan is kept, 40 bytes; the policies stay on disk.
struct LaterRuns: Sendable {
    private struct Run: Sendable {
        let id: RunID
        let plan: PlanFile
    }

    private struct Place: Sendable {
        let run: Int
        let offset: Int
        let length: Int
        let number: Int
        /// Whether the run is known to have written there, or counts as if it were.
        let isCertain: Bool
        let mayBeTrial: Bool
    }

    /// In the order in which they were started.
    private var runs: [Run] = []
    private var places: [RepositoryID: [Place]] = [:]
    /// Those that cannot be read whole; one damaged run does not keep others from being undone.
    private(set) var unreadable: [PlanResult.UnreadableRun] = []

    /// Reads each archived run after `run` once, and the plans of those that may have written one of `repositories`.
    init(after run: RunID, in archive: Archive, of repositories: Set<RepositoryID>) throws {
        for id in try archive.runIDs().reversed() where id > run {
            do { try add(archive.archivedRun(id), of: repositories) } catch {
                let reason = "cannot be read and is skipped: \(error)"
                unreadable.append(PlanResult.UnreadableRun(run: id, reason: reason))
            }
        }
    }

    private mutating func add(_ run: ArchivedRun, of repositories: Set<RepositoryID>) throws {
        guard try run.header() != nil else { return }
        let journal = try run.journal()
        let written: Set<RepositoryID>
        switch journal.condition {
        case .whole: written = repositories.filter { journal.state.mayHaveWritten($0) }
        // It may have written whatever it planned.
        case .missing, .damaged: written = repositories
        }
        guard !written.isEmpty else { return }
        let plan = try run.plan()
        if written == repositories, journal.condition != .whole {
            unreadable.append(
                PlanResult.UnreadableRun(
                    run: run.id, reason: "has an incomplete journal; what it planned counts as written"))
        }
        for slot in plan.slots where slot.kind == .change && written.contains(slot.repository) {
            let isCertain = journal.condition != .whole || journal.state.hasWritten(slot.repository)
            places[slot.repository, default: []].append(
                Place(
                    run: runs.count, offset: slot.offset, length: slot.length, number: slot.number,
                    isCertain: isCertain,
                    mayBeTrial: journal.state.mayHoldTrial(slot.repository)))
        }
        runs.append(Run(id: run.id, plan: plan.narrowed(to: [])))
    }

    /// What they did to one repository.
    func writes(to repository: RepositoryID) throws -> [RollbackHistory.Write] {
        try places[repository, default: []].compactMap { place in
            let run = runs[place.run]
            let slot = PlanFile.Slot(
                repository: repository, kind: .change, offset: place.offset, length: place.length,
                number: place.number)
            guard case .change(let change) = try run.plan.entry(at: slot) else { return nil }
            return RollbackHistory.Write(
                run: run.id.text, undoes: run.plan.header.undoes, change: change, isCertain: place.isCertain,
                trialPrefix: place.mayBeTrial ? run.plan.header.sidPrefix : nil)
        }
    }
}

extension Archive {
    /// When grants were to end that `run` took and earlier runs had given, by repository.
    ///
    /// `taken` is what it took. Runs that cannot be read are skipped: they only cost a warning.
    func expiries(
        before run: RunID, of taken: [RepositoryID: Set<Grant>]
    ) throws -> [RepositoryID: [Grant: CalendarDate]] {
        var expiries: [RepositoryID: [Grant: CalendarDate]] = [:]
        guard !taken.isEmpty else { return [:] }
        for earlier in try runIDs().reversed() where earlier < run {
            _ = try? archivedRun(earlier).plan { entry in
                guard case .change(let change) = entry, let taken = taken[change.repository] else { return }
                for wanted in change.grants.added where taken.contains(wanted.grant) {
                    expiries[change.repository, default: [:]][wanted.grant] = wanted.expires
                }
            }
        }
        return expiries
    }
}

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
        /// In ``runs``.
        var run: Int
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
    init(after run: RunID, in archive: Archive, of repositories: Set<RepositoryID>) async throws {
        let ids = try await archive.runIDs().reversed().filter { $0 > run }
        let read = try await ids.concurrentResults {
            try await LaterRuns.read(archive.archivedRun($0), of: repositories)
        }
        for (id, result) in zip(ids, read) {
            do {
                if let found = try result.get() { add(found, of: id) }
            } catch {
                let reason = "cannot be read and is skipped: \(error)"
                unreadable.append(PlanResult.UnreadableRun(run: id, reason: reason))
            }
        }
    }

    /// What is kept of one run.
    private struct Found: Sendable {
        let plan: PlanFile
        var places: [RepositoryID: Place] = [:]
        let hasWholeJournal: Bool
    }

    /// nil where it wrote none of the repositories.
    private static func read(_ run: ArchivedRun, of repositories: Set<RepositoryID>) async throws -> Found? {
        guard try await run.header() != nil else { return nil }
        let journal = try await run.journal()
        let written: Set<RepositoryID>
        switch journal.condition {
        case .whole: written = repositories.filter { journal.state.mayHaveWritten($0) }
        // It may have written whatever it planned.
        case .missing, .damaged: written = repositories
        }
        guard !written.isEmpty else { return nil }
        let plan = try await run.plan()
        var found = Found(plan: plan.narrowed(to: []), hasWholeJournal: journal.condition == .whole)
        for slot in plan.slots where slot.kind == .change && written.contains(slot.repository) {
            let isCertain = journal.condition != .whole || journal.state.hasWritten(slot.repository)
            found.places[slot.repository] = Place(
                run: 0, offset: slot.offset, length: slot.length, number: slot.number, isCertain: isCertain,
                mayBeTrial: journal.state.mayHoldTrial(slot.repository))
        }
        return found
    }

    private mutating func add(_ found: Found, of run: RunID) {
        if !found.hasWholeJournal {
            unreadable.append(
                PlanResult.UnreadableRun(
                    run: run, reason: "has an incomplete journal; what it planned counts as written"))
        }
        for (repository, place) in found.places {
            var place = place
            place.run = runs.count
            places[repository, default: []].append(place)
        }
        runs.append(Run(id: run, plan: found.plan))
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
    ) async throws -> [RepositoryID: [Grant: CalendarDate]] {
        var expiries: [RepositoryID: [Grant: CalendarDate]] = [:]
        guard !taken.isEmpty else { return [:] }
        let found = try await runIDs().reversed().filter { $0 < run }.concurrentResults { earlier in
            var given: [(RepositoryID, Grant, CalendarDate?)] = []
            _ = try? await archivedRun(earlier).plan { entry in
                guard case .change(let change) = entry, let taken = taken[change.repository] else { return }
                for wanted in change.grants.added where taken.contains(wanted.grant) {
                    given.append((change.repository, wanted.grant, wanted.expires))
                }
            }
            return given
        }
        for given in found {
            for (repository, grant, expires) in try given.get() {
                expiries[repository, default: [:]][grant] = expires
            }
        }
        return expiries
    }
}

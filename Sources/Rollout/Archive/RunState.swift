package import AWSValues
package import SharePlan

/// What a journal records about its run.
///
/// It records what was announced and what came of it, never what is live now: whoever resumes a run or undoes it
/// reads the live policies.
package struct RunState: Hashable, Sendable {
    /// What the journal records about one repository.
    package struct Repository: Hashable, Sendable {
        /// Whether the run wrote the policy. A write that was announced and not heard of again is `unknown`.
        package fileprivate(set) var written = Written.no
        /// Whether a write was ever announced.
        package fileprivate(set) var wasAnnounced = false
        /// Whether ECR ever took the policy of the plan.
        package fileprivate(set) var wasTaken = false
        /// Whether the run searched there for unknown principals: it announced a write after it had finished.
        package fileprivate(set) var wasSearched = false
        /// Whether a later attempt found the policy as the plan wants it.
        fileprivate var wasFoundDone = false
        /// What came of it, by the last event.
        package fileprivate(set) var outcome = RunOutcome.notStarted
        /// Whether the policy was seen to be as planned, the last time that the run came to it.
        package fileprivate(set) var isDone = false
        /// The attempt whose announcement alone made ``written`` unknown, so that its failure settles it.
        fileprivate var doubtfulAttempt: Int?
    }

    /// By repository; only those that the journal names.
    package private(set) var repositories: [RepositoryID: Repository] = [:]
    /// RFC 3339; nil when the run never started.
    package private(set) var startedAt: String?
    /// RFC 3339, of the last end; nil when the run did not finish.
    package private(set) var finishedAt: String?
    /// The identity that the run was last started as, where known.
    package private(set) var caller: String?
    /// nil when the run did not finish.
    package private(set) var ending: RunEnding?
    private var attempts = 0

    package init() {}

    /// Whether the run wrote this repository's policy, or may have. What was announced and then not sent, or refused
    /// for certain, was not written.
    package func mayHaveWritten(_ repository: RepositoryID) -> Bool {
        repositories[repository].map { $0.written != .no } ?? false
    }

    /// Whether the run is known to have written this repository's policy: ECR said so, or what was in doubt was found
    /// done.
    func hasWritten(_ repository: RepositoryID) -> Bool {
        repositories[repository].map { $0.written == .yes || $0.written == .unknown && $0.wasFoundDone } ?? false
    }

    /// The repositories of which ``mayHaveWritten(_:)`` is true, in any order.
    var repositoriesPerhapsWritten: [RepositoryID] { repositories.filter { $0.value.written != .no }.map(\.key) }

    /// Whether the run may have written anything at all.
    package var hasAnnounced: Bool { repositories.values.contains { $0.wasAnnounced } }

    /// Whether a search for unknown principals may have left a policy of its own there.
    package func mayHoldTrial(_ repository: RepositoryID) -> Bool {
        guard let state = repositories[repository] else { return false }
        return state.wasSearched && state.written != .no
    }

    /// Takes the journal's next entry.
    package mutating func add(_ entry: JournalEntry) {
        switch entry.event {
        case .created: break
        case .started(let caller):
            attempts += 1
            startedAt = startedAt ?? entry.time
            self.caller = caller
            finishedAt = nil
            ending = nil
        case .finished(let ending, _):
            finishedAt = entry.time
            self.ending = ending
        case .writing(let repository):
            update(repository, .inDoubt) { [attempts, isOver = ending != nil] in
                $0.announce(in: attempts)
                if isOver { $0.wasSearched = true }
            }
        case .applied(let repository): update(repository, .written) { $0.take() }
        case .verified(let repository): update(repository, .written, isDone: true) { $0.take() }
        case .skipped(let repository):
            // Announced and then found done: this attempt did not write.
            update(repository, .alreadyDone, isDone: true) { [attempts] in
                $0.settle(.no, in: attempts)
                $0.wasFoundDone = true
            }
        case .conflict(let repository, _, let written):
            update(repository, .conflict(.inJournal, written: written)) { [attempts] in
                $0.settle(written, in: attempts)
            }
        case .failed(let repository, let code, let message, let requestID, let written):
            let error = StoreError(kind: .other, code: code, message: message, requestID: requestID)
            update(repository, .failed(error, written: written)) { [attempts] in $0.settle(written, in: attempts) }
        }
    }

    private mutating func update(
        _ repository: RepositoryID, _ outcome: RunOutcome, isDone: Bool = false, _ change: (inout Repository) -> Void
    ) {
        change(&repositories[repository, default: Repository()])
        repositories[repository]?.outcome = outcome
        repositories[repository]?.isDone = isDone
    }
}

extension RunState.Repository {
    fileprivate mutating func announce(in attempt: Int) {
        wasAnnounced = true
        doubtfulAttempt = written == .no || doubtfulAttempt == attempt ? attempt : nil
        if written == .no { written = .unknown }
    }

    fileprivate mutating func take() {
        written = .yes
        wasTaken = true
    }

    fileprivate mutating func settle(_ outcome: Written, in attempt: Int) {
        switch (outcome, written) {
        case (.yes, _): written = .yes
        case (.no, .unknown) where doubtfulAttempt == attempt: written = .no
        case (.unknown, .unknown): doubtfulAttempt = nil
        default: break
        }
    }
}

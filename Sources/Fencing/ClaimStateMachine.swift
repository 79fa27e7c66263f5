/// The way of one process to the claim of its run: each method takes what happened and returns what to do next.
package struct ClaimStateMachine: Hashable, Sendable {
    /// What to do next.
    package enum Action: Hashable, Sendable {
        /// Read the claim, then ``didRead(_:)``.
        case read
        /// Create the claim if it is absent, then ``didCreate(_:)``.
        case create(Claim)
        /// Nothing more is to be done.
        case end(Ending)
    }

    /// How it ended.
    package enum Ending: Hashable, Sendable {
        /// The run has the archive: by this claim, which is the own one or that of another process of the run.
        case claimed(Claim)
        /// Another run has the archive.
        case refused(Claim)
        /// No run has the archive, and this process may only join one.
        case absent
    }

    private let claim: Claim
    private let joinsOnly: Bool

    /// With `joinsOnly` the run must have been started before, and an absent claim means that it has ended since.
    package init(_ claim: Claim, joinsOnly: Bool = false) {
        self.claim = claim
        self.joinsOnly = joinsOnly
    }

    /// The first thing to do.
    package var start: Action { joinsOnly ? .read : .create(claim) }

    /// The answer to ``Action/create(_:)``.
    package func didCreate(_ answer: WriteAnswer) -> Action {
        if case .done = answer { .end(.claimed(claim)) } else { .read }
    }

    /// The answer to ``Action/read``.
    package func didRead(_ answer: ReadAnswer<Claim>) -> Action {
        switch answer {
        case .lost: .read
        case .missing: joinsOnly ? .end(.absent) : .create(claim)
        case .found(let found, _): .end(found.run == claim.run ? .claimed(found) : .refused(found))
        }
    }
}

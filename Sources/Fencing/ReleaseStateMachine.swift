/// Gives an archive back: deletes the claim of one run, and of no other. Each method takes what happened and returns
/// what to do next.
package struct ReleaseStateMachine: Hashable, Sendable {
    /// What to do next.
    package enum Action: Hashable, Sendable {
        /// Read the claim, then ``didRead(_:)``.
        case read
        /// Delete the claim if it has this tag, then ``didDelete(_:)``.
        case delete(if: ObjectTag)
        /// Nothing more is to be done.
        case end(Ending)
    }

    /// How it ended.
    package enum Ending: Hashable, Sendable {
        /// The run does not have the archive any more.
        case released
        /// Another run has the archive.
        case refused(Claim)
    }

    private let run: String

    /// - Precondition: every shard of the run is finished, or a person says that nobody works on it.
    package init(_ run: String) {
        self.run = run
    }

    /// The first thing to do.
    package var start: Action { .read }

    /// The answer to ``Action/read``.
    package func didRead(_ answer: ReadAnswer<Claim>) -> Action {
        switch answer {
        case .lost: .read
        case .missing: .end(.released)
        case .found(let claim, let tag): claim.run == run ? .delete(if: tag) : .end(.refused(claim))
        }
    }

    /// The answer to ``Action/delete(if:)``.
    package func didDelete(_ answer: WriteAnswer) -> Action {
        switch answer {
        case .done, .missing: .end(.released)
        case .alreadyThere, .changed, .again, .lost: .read
        }
    }
}

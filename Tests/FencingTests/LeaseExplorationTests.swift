import Fencing
import Testing

/// Every order of events in small worlds: see `ShardWorld`.
@Suite struct LeaseExplorationTests {
    @Test(arguments: [
        Exploration("renewals", ShardWorld.Limits(ticks: 2, splitsAnswers: false), checksProgress: true),
        Exploration("a batch of two", ShardWorld.Limits(repositories: 2, batch: 2, ticks: 1), checksProgress: true),
        Exploration("a lost request", ShardWorld.Limits(faults: 1, ticks: 1), checksProgress: true),
        Exploration("a crash", ShardWorld.Limits(crashes: 1, ticks: 1, splitsAnswers: false), checksProgress: true),
        Exploration(
            "a finisher and a crash",
            ShardWorld.Limits(workers: 1, hasFinisher: true, crashes: 1, ticks: 1, splitsAnswers: false),
            checksProgress: true),
        Exploration("equal clocks", .timed([1, 1], ticks: 4)),
        Exploration("a taker with a fast clock", .timed([1, 2], ticks: 4)),
    ])
    func noOrderOfEventsBreaksARule(exploration: Exploration) {
        let explorer = exploration.run()
        #expect(explorer.violation == nil)
        #expect(explorer.isComplete)
    }

    /// Larger worlds, each to the depth that the variable gives; 100 is beyond the end of all of them.
    @Test(
        .enabled(if: Exploration.depth != nil),
        arguments: [
            Exploration(
                "a finisher, a crash and a lost request",
                ShardWorld.Limits(workers: 1, hasFinisher: true, faults: 1, crashes: 1, ticks: 1),
                checksProgress: true),
            Exploration("renewals, with slow answers", ShardWorld.Limits(ticks: 2), checksProgress: true),
            Exploration("two repositories", ShardWorld.Limits(repositories: 2, ticks: 1), checksProgress: true),
            Exploration("three workers", ShardWorld.Limits(workers: 3, ticks: 1, splitsAnswers: false)),
            Exploration(
                "two workers and a finisher", ShardWorld.Limits(hasFinisher: true, ticks: 1, splitsAnswers: false)),
            Exploration(
                "a crash and a lost request", ShardWorld.Limits(faults: 1, crashes: 1, ticks: 1), checksProgress: true),
            Exploration("three lost requests", ShardWorld.Limits(faults: 3, ticks: 1, splitsAnswers: false)),
            Exploration("two crashes", ShardWorld.Limits(crashes: 2, ticks: 1, splitsAnswers: false)),
            Exploration(
                "two repositories and a crash",
                ShardWorld.Limits(repositories: 2, crashes: 1, ticks: 1, splitsAnswers: false)),
            Exploration("equal clocks for long", .timed([1, 1], ticks: 6)),
            Exploration("a crash, with equal clocks", .timed([1, 1], ticks: 4, crashes: 1)),
            Exploration("a holder with a fast clock", .timed([2, 1], ticks: 7)),
        ])
    func noOrderOfManyEventsBreaksARule(exploration: Exploration) {
        let explorer = exploration.run(depth: Exploration.depth ?? 0)
        #expect(explorer.violation == nil)
    }

    @Test(arguments: [
        Mutation(.noSeal, ShardWorld.Limits(ticks: 1), "b0 does not know"),
        Mutation(.sealWithoutReading, ShardWorld.Limits(ticks: 1), "b0 does not know"),
        Mutation(.sealOnlyLast, ShardWorld.Limits(crashes: 1, ticks: 1), "b1 does not know"),
        Mutation(.countedFromAnswer, ShardWorld.Limits(ticks: 1), "sent after the lease had run out"),
        Mutation(.countedFromRepetition, ShardWorld.Limits(faults: 1, ticks: 2), "sent after the lease had run out"),
        Mutation(.takenAtOnce, .timed([1, 1], ticks: 4), "2 workers may send"),
        Mutation(.takenWithoutGrace, .timed([1, 2], ticks: 4), "a taker looked while"),
        Mutation(.lookedAtOnce, .timed([1, 2], ticks: 4), "a taker looked while"),
        Mutation(.leftEarly, .timed([1, 2], ticks: 4), "a taker looked while"),
        Mutation(.sameContent, .timed([1, 1], ticks: 4), "2 workers may send"),
        Mutation(
            .repetitionCountsAsLost, ShardWorld.Limits(faults: 1, ticks: 1), "a worker stopped at an epoch"),
        Mutation(.repetitionCountsAsWon, ShardWorld.Limits(faults: 1, ticks: 1), "sent without a stored announcement"),
        Mutation(.lostIsForgotten, ShardWorld.Limits(faults: 1, ticks: 1), "nothing can happen any more"),
        Mutation(.sentBeforeStored, ShardWorld.Limits(ticks: 1), "sent without a stored announcement"),
        Mutation(.sentWithoutLease, ShardWorld.Limits(ticks: 1), "sent after the lease had run out"),
        Mutation(
            .replacedPlainly, ShardWorld.Limits(workers: 3, ticks: 1, splitsAnswers: false),
            "two workers share an epoch"),
        Mutation(
            .finishedAsFree, ShardWorld.Limits(workers: 1, hasFinisher: true, ticks: 1),
            "a write was announced after the run"),
    ])
    func aMistakeIsFound(mutation: Mutation) {
        let explorer = mutation.run()
        #expect(explorer.violation?.hasPrefix(mutation.rule) == true, "\(explorer.violation ?? "found nothing")")
    }
}

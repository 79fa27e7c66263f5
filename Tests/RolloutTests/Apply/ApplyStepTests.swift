@testable import Rollout
import SharePlan
import TestSupport
import Testing

@Suite struct ApplyStepTests {
    private static let old = World.policy([], foreign: "theirs")
    private static let new = World.policy(["arn:aws:iam::444455556666:role/ci"], foreign: "theirs")
    private static let foreign = World.policy([], foreign: "an edit")
    private static let role = GrantDifference(added: [World.wantedGrant("arn:aws:iam::444455556666:role/ci")])

    private func step(
        before: Policy? = old, after: Policy? = new, grants: GrantDifference = role, looksFirst: Bool = false,
        isTrial: Bool = false
    ) -> ApplyStep {
        ApplyStep(
            Change(repository: World.repository("a0"), before: before, after: after, grants: grants),
            pace: ApplyPace(
                readBack: [.seconds(1), .seconds(2)], settling: [.seconds(3)],
                newPrincipal: [.seconds(4), .seconds(5)],
                lostWrites: 1),
            looksFirst: looksFirst, isTrial: isTrial)
    }

    /// A step that has its turn, is announced, and is to look.
    private func announced(
        before: Policy? = old, after: Policy? = new, grants: GrantDifference = role, isTrial: Bool = false
    ) -> ApplyStep {
        var step = step(before: before, after: after, grants: grants, isTrial: isTrial)
        #expect(step.start == .takeTurn)
        #expect(step.didTakeTurn(.taken) == .announce)
        #expect(step.didAnnounce() == .read)
        return step
    }

    /// A step whose write is to be sent.
    private func writing(
        before: Policy? = old, after: Policy? = new, grants: GrantDifference = role, isTrial: Bool = false
    ) -> ApplyStep {
        var step = announced(before: before, after: after, grants: grants, isTrial: isTrial)
        #expect(step.didRead(.success(before)) == .write(after))
        return step
    }

    /// Takes the turn for another try and looks.
    private func lookAgain(_ step: inout ApplyStep, _ live: Policy?) -> ApplyStep.Action {
        #expect(step.didTakeTurn(.taken) == .read)
        return step.didRead(.success(live))
    }

    private func refused(_ error: StoreError, _ written: Written) -> ApplyStep.Action {
        .finish(.outcome(.failed(error, written: written)))
    }

    @Test(arguments: [(old, new), (old, nil), (nil, new)] as [(Policy?, Policy?)])
    func `A write has its turn, is announced, and is sent right after the look`(before: Policy?, after: Policy?) {
        var step = writing(before: before, after: after)
        #expect(step.didWrite(.success(after.map(MemoryStore.print))) == .finish(.written(answer: nil)))
    }

    @Test func `What is as planned is not written`() {
        var step = announced()
        #expect(step.didRead(.success(Self.new.map(MemoryStore.print))) == .finish(.outcome(.alreadyDone)))
    }

    @Test func `A run that is resumed looks before it waits for a turn, and again before it writes`() {
        var step = step(looksFirst: true)
        #expect(step.start == .read)
        #expect(step.didRead(.success(Self.new)) == .finish(.outcome(.alreadyDone)))
        step = self.step(looksFirst: true)
        #expect(step.didRead(.success(Self.old)) == .takeTurn)
        #expect(step.didTakeTurn(.taken) == .announce)
        #expect(step.didAnnounce() == .read)
        let conflict = RunOutcome.conflict(.policy(Self.foreign), written: .no)
        #expect(step.didRead(.success(Self.foreign)) == .finish(.outcome(conflict)))
    }

    @Test(arguments: [foreign, nil]) func `What was edited since is not written`(live: Policy?) {
        var step = announced()
        #expect(step.didRead(.success(live)) == .finish(.outcome(.conflict(.policy(live), written: .no))))
    }

    @Test func `What cannot be read is not written`() {
        var step = announced(before: nil)
        #expect(step.didRead(.failure(.denied)) == refused(.denied, .no))
    }

    @Test func `A turn that does not come is a failure, or no start when the run was asked to stop`() {
        var step = step()
        #expect(step.didTakeTurn(.failed(.signIn)) == refused(.signIn, .no))
        step = self.step()
        #expect(step.didTakeTurn(.stopped) == .finish(.outcome(.notStarted)))
    }

    @Test func `A refused write fails at once`() {
        var step = writing()
        #expect(step.didWrite(.failure(WriteFailure(.denied))) == refused(.denied, .no))
    }

    @Test func `A write that was refused in passing goes back to the look`() {
        let passing = WriteFailure(.throttled, mayRepeat: true)
        var step = writing()
        #expect(step.didWrite(.failure(passing)) == .takeTurn)
        #expect(lookAgain(&step, Self.old) == .write(Self.new))
        #expect(step.didWrite(.failure(passing)) == .takeTurn)
        let conflict = RunOutcome.conflict(.policy(Self.foreign), written: .no)
        #expect(lookAgain(&step, Self.foreign) == .finish(.outcome(conflict)))
    }

    @Test func `A stop between two tries leaves the refusal as it was`() {
        var step = writing()
        #expect(step.didWrite(.failure(WriteFailure(.throttled, mayRepeat: true))) == .takeTurn)
        #expect(step.didTakeTurn(.stopped) == refused(.throttled, .no))
    }

    @Test func `A policy that ECR changed by itself is recognized`() {
        var step = writing()
        let answer = ApplyStep.UnexpectedAnswer(policy: Self.foreign)
        #expect(step.didWrite(.success(Self.foreign)) == .finish(.written(answer: answer)))
    }

    @Test func `A lost answer is settled by reading`() {
        var step = writing()
        #expect(step.didWrite(.failure(WriteFailure(.lost))) == .read)
        #expect(step.didRead(.success(Self.new)) == .finish(.written(answer: nil)))
    }

    @Test func `A lost request is sent again after another look, once the read has had its time`() {
        var step = writing()
        for attempt in 0...1 {
            #expect(step.didWrite(.failure(WriteFailure(.lost))) == .read)
            #expect(step.didRead(.success(Self.old)) == .wait(.seconds(3)))
            #expect(step.didWait(isStopping: false) == .read)
            let next = step.didRead(.success(Self.old))
            #expect(next == (attempt == 0 ? .takeTurn : refused(.lost, .unknown)))
            if attempt == 0 { #expect(lookAgain(&step, Self.old) == .write(Self.new)) }
        }
    }

    @Test func `What is refused after an unclear try stays in doubt`() {
        for refusal in [StoreError.denied, .server] {
            var step = writing()
            #expect(step.didWrite(.failure(WriteFailure(.lost))) == .read)
            #expect(step.didRead(.success(Self.old)) == .wait(.seconds(3)))
            #expect(step.didWait(isStopping: false) == .read)
            #expect(step.didRead(.success(Self.old)) == .takeTurn)
            #expect(lookAgain(&step, Self.old) == .write(Self.new))
            var action = step.didWrite(.failure(WriteFailure(refusal)))
            if action == .read { action = step.didRead(.success(Self.old)) }
            #expect(action == refused(refusal, .unknown))
        }
    }

    @Test func `A lost answer that cannot be settled stays in doubt`() {
        var step = writing()
        #expect(step.didWrite(.failure(WriteFailure(.lost))) == .read)
        #expect(step.didRead(.failure(.denied)) == refused(.lost, .unknown))
    }

    @Test func `A server's failure is checked and not repeated`() {
        var step = writing()
        #expect(step.didWrite(.failure(WriteFailure(.server))) == .read)
        #expect(step.didRead(.success(Self.old)) == refused(.server, .no))
        step = writing()
        #expect(step.didWrite(.failure(WriteFailure(.server))) == .read)
        #expect(step.didRead(.success(Self.new)) == .finish(.written(answer: nil)))
    }

    @Test func `A role that ECR does not know yet is given time, and the policy is compared again`() {
        var step = writing()
        #expect(step.didWrite(.failure(WriteFailure(.noPrincipal))) == .wait(.seconds(4), isCutByStop: true))
        #expect(step.didWait(isStopping: false) == .takeTurn)
        #expect(lookAgain(&step, Self.old) == .write(Self.new))
        #expect(step.didWrite(.failure(WriteFailure(.noPrincipal))) == .wait(.seconds(5), isCutByStop: true))
        #expect(step.didWait(isStopping: false) == .takeTurn)
        let conflict = RunOutcome.conflict(.policy(Self.foreign), written: .no)
        #expect(lookAgain(&step, Self.foreign) == .finish(.outcome(conflict)))
    }

    @Test func `The wait for a role ends with its time or with the run`() {
        var step = writing()
        for pause in [4, 5] {
            #expect(step.didWrite(.failure(WriteFailure(.noPrincipal))) == .wait(.seconds(pause), isCutByStop: true))
            #expect(step.didWait(isStopping: false) == .takeTurn)
            #expect(lookAgain(&step, Self.old) == .write(Self.new))
        }
        #expect(step.didWrite(.failure(WriteFailure(.noPrincipal))) == refused(.noPrincipal, .no))
        step = writing()
        #expect(step.didWrite(.failure(WriteFailure(.noPrincipal))) == .wait(.seconds(4), isCutByStop: true))
        #expect(step.didWait(isStopping: true) == refused(.noPrincipal, .no))
    }

    @Test func `Nobody waits for a role that the change does not bring`() {
        for grants in [GrantDifference(), GrantDifference(added: [World.wantedGrant("444455556666")])] {
            var step = writing(grants: grants)
            #expect(step.didWrite(.failure(WriteFailure(.noPrincipal))) == refused(.noPrincipal, .no))
        }
    }

    @Test func `A trial is written though the live policy is the wanted one`() {
        var step = writing(before: Self.old, after: Self.old, isTrial: true)
        #expect(step.didWrite(.success(Self.old)) == .finish(.written(answer: nil)))
        step = announced(before: Self.old, after: Self.old, isTrial: true)
        let conflict = RunOutcome.conflict(.policy(Self.new), written: .no)
        #expect(step.didRead(.success(Self.new)) == .finish(.outcome(conflict)))
    }

    @Test func `The pauses for a new role are two minutes in all`() {
        #expect(ApplyPace().newPrincipal.reduce(.zero, +) == .seconds(120))
    }
}

@Suite struct ReadBackTests {
    private static let old = World.policy([], foreign: "theirs")
    private static let new = World.policy(["444455556666"], foreign: "theirs")
    private static let foreign = World.policy([], foreign: "an edit")

    private func step(answer: Policy? = nil) -> ReadBack {
        ReadBack(
            Change(repository: World.repository("a0"), before: Self.old, after: Self.new, grants: .init()),
            answer: answer.map { ApplyStep.UnexpectedAnswer(policy: $0) },
            pace: ApplyPace(readBack: [.seconds(1), .seconds(2)]))
    }

    @Test func `What reads as planned is done`() {
        var step = step()
        #expect(step.didRead(.success(Self.new.map(MemoryStore.print))) == .finish(.written))
    }

    @Test func `A read that lags behind the write is waited for`() {
        var step = step()
        #expect(step.didRead(.success(Self.old)) == .wait(.seconds(1)))
        #expect(step.didRead(.success(Self.new)) == .finish(.written))
    }

    @Test func `A write that never shows is a failure, not silence`() {
        var step = step()
        for pause in [1, 2] { #expect(step.didRead(.success(Self.old)) == .wait(.seconds(pause))) }
        guard case .finish(.failed(let error, .yes)) = step.didRead(.success(Self.old)) else {
            return #expect(Bool(false))
        }
        #expect(error.code == "not-read-back")
    }

    @Test(arguments: [foreign, nil])
    func `An edit at the same moment or since is a conflict that says so`(live: Policy?) {
        var step = step()
        #expect(step.didRead(.success(live)) == .finish(.conflict(.policy(live), written: .yes)))
    }

    @Test func `A policy that ECR changed by itself is a failure, not somebody's edit`() {
        var step = step(answer: Self.foreign)
        guard case .finish(.failed(let error, .yes)) = step.didRead(.success(Self.foreign)) else {
            return #expect(Bool(false))
        }
        #expect(error.code == "stored-otherwise")
        step = self.step(answer: Self.foreign)
        #expect(step.didRead(.success(nil)) == .finish(.conflict(.policy(nil), written: .yes)))
    }

    @Test func `A policy that cannot be read back was written all the same`() {
        var step = step()
        guard case .finish(.failed(let error, .yes)) = step.didRead(.failure(.denied)) else {
            return #expect(Bool(false))
        }
        #expect(error.kind == .accessDenied)
    }
}

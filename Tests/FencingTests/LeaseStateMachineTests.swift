import Fencing
import Testing

@Suite struct LeaseStateMachineTests {
    private let me = WorkerID("me")
    private let tag = ObjectTag("1")

    private func lease(_ epoch: Int, _ worker: String, _ revision: Int = 0, _ state: Lease.State = .held) -> Lease {
        Lease(epoch: epoch, worker: WorkerID(worker), revision: revision, ttl: .seconds(60), state: state)
    }

    /// A holder of epoch 0 that started its request at 5 s and had the answer at 8 s.
    private func holder() -> LeaseStateMachine {
        var machine = LeaseStateMachine(me)
        #expect(machine.didRead(.missing, at: .seconds(5)) == .create(lease(0, "me")))
        #expect(machine.didWrite(.done(tag), at: .seconds(8)) == .wait(until: .seconds(25)))
        return machine
    }

    @Test func aHolderSendsWhileAWriteWouldEndBeforeTheLease() {
        let machine = holder()
        #expect(machine.maySend(at: .milliseconds(34_999)))
        #expect(!machine.maySend(at: .seconds(35)))
    }

    @Test func aLostRenewalCountsFromItsFirstAttempt() {
        var machine = holder()
        let renewed = lease(0, "me", 1)
        #expect(machine.didWait(at: .seconds(25)) == .replace(renewed, if: tag))
        #expect(machine.didWrite(.lost, at: .seconds(55)) == .read)
        #expect(machine.didRead(.found(lease(0, "me"), tag), at: .seconds(56)) == .replace(renewed, if: tag))
        #expect(machine.didWrite(.done(ObjectTag("2")), at: .seconds(57)) == .wait(until: .seconds(45)))
        #expect(!machine.maySend(at: .seconds(57)))
    }

    @Test func aLostRenewalThatHappenedIsFoundByReading() {
        var machine = holder()
        _ = machine.didWait(at: .seconds(25))
        #expect(machine.didWrite(.lost, at: .seconds(30)) == .read)
        let found = machine.didRead(.found(lease(0, "me", 1), ObjectTag("2")), at: .seconds(31))
        #expect(found == .wait(until: .seconds(45)))
        #expect(machine.maySend(at: .seconds(54)))
    }

    @Test(arguments: [WriteAnswer.changed, .missing, .again, .lost])
    func aRenewalThatFindsAnotherOwnerEnds(answer: WriteAnswer) {
        var machine = holder()
        _ = machine.didWait(at: .seconds(25))
        #expect(machine.didWrite(answer, at: .seconds(26)) == .read)
        let other = lease(1, "other")
        #expect(machine.didRead(.found(other, ObjectTag("3")), at: .seconds(27)) == .end(.taken(other)))
        #expect(machine.held == nil)
        #expect(!machine.maySend(at: .seconds(27)))
    }

    @Test func aTakerWaitsForTheWholeTimeAndARequest() {
        var machine = LeaseStateMachine(me)
        let other = ReadAnswer.found(lease(3, "other", 7), tag)
        #expect(machine.didRead(other, at: .seconds(1)) == .wait(until: .seconds(21)))
        #expect(machine.didWait(at: .seconds(85)) == .read)
        #expect(machine.didRead(other, at: .seconds(85)) == .wait(until: .seconds(91)))
        #expect(machine.didRead(other, at: .seconds(91)) == .replace(lease(4, "me"), if: tag))
    }

    @Test func aTakerStartsAgainWhenTheTagChanges() {
        var machine = LeaseStateMachine(me)
        _ = machine.didRead(.found(lease(3, "other", 7), tag), at: .zero)
        let renewed = ReadAnswer.found(lease(3, "other", 8), ObjectTag("2"))
        #expect(machine.didRead(renewed, at: .seconds(89)) == .wait(until: .seconds(109)))
        #expect(machine.didRead(renewed, at: .seconds(178)) == .wait(until: .seconds(179)))
    }

    @Test func aFreeLeaseIsTakenAtOnceAndAFinishedOneNever() {
        var machine = LeaseStateMachine(me)
        #expect(machine.didRead(.found(lease(2, "x", 4, .free), tag), at: .zero) == .replace(lease(3, "me"), if: tag))
        machine = LeaseStateMachine(me)
        #expect(machine.didRead(.found(lease(2, "x", 4, .finished), tag), at: .zero) == .end(.finished(epoch: 2)))
    }

    @Test func whoDoesNotTakeOverEndsAtAHeldLease() {
        var machine = LeaseStateMachine(me, takesOver: false)
        let other = lease(2, "other")
        #expect(machine.didRead(.found(other, tag), at: .zero) == .end(.taken(other)))
    }

    @Test func aHolderLeavesAfterTheRequestThatIsUnderWay() {
        var machine = holder()
        _ = machine.didWait(at: .seconds(25))
        #expect(machine.leave(as: .free, at: .seconds(26)) == nil)
        #expect(!machine.maySend(at: .seconds(26)))
        let free = lease(0, "me", 2, .free)
        #expect(machine.didWrite(.done(ObjectTag("2")), at: .seconds(27)) == .replace(free, if: ObjectTag("2")))
        #expect(machine.didWrite(.done(ObjectTag("3")), at: .seconds(28)) == .end(.released))
    }
}

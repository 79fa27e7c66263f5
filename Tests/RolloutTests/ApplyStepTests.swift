import Rollout
import SharePlan
import Testing

@Suite struct ApplyStepTests {
    private static let old = #"{"managed":[]}"#
    private static let new = #"{"managed":["arn:aws:iam::444455556666:role/ci"]}"#
    private static let foreign = #"{"managed":["x"]}"#

    private func step(before: String? = old, after: String? = new) -> ApplyStep {
        ApplyStep(
            Change(repository: World.repository("a0"), before: before, after: after, grants: .init()),
            pace: ApplyPace(
                readBack: [.seconds(1), .seconds(2)], settling: [.seconds(3)],
                newPrincipal: [.seconds(4), .seconds(5)],
                lostWrites: 1),
            haveSameMeaning: World.haveSameMeaning)
    }

    private func announced(before: String? = old, after: String? = new) -> ApplyStep {
        var step = step(before: before, after: after)
        #expect(step.start == .read)
        #expect(step.didRead(.success(before)) == .announce)
        #expect(step.didAnnounce() == .write(after))
        return step
    }

    @Test func `A write is announced, and read back`() {
        var step = announced()
        #expect(step.didWrite(.success(MemoryStore.print(Self.new))) == .read)
        #expect(step.didRead(.success(MemoryStore.print(Self.new))) == .finish(.applied))
    }

    @Test(arguments: [(old, nil), (nil, new)] as [(String?, String?)])
    func `Creating and deleting are writes like others`(before: String?, after: String?) {
        var step = announced(before: before, after: after)
        #expect(step.didWrite(.success(after)) == .read)
        #expect(step.didRead(.success(after)) == .finish(.applied))
    }

    @Test func `What is as planned is not written`() {
        var step = step()
        #expect(step.didRead(.success(MemoryStore.print(Self.new))) == .finish(.alreadyDone))
    }

    @Test(arguments: [foreign, nil]) func `What was edited since is not written`(live: String?) {
        var step = step()
        #expect(step.didRead(.success(live)) == .finish(.conflict(live: live, written: .no)))
    }

    @Test func `What cannot be read is not written`() {
        var step = step(before: nil)
        #expect(step.didRead(.failure(.denied)) == .finish(.failed(.denied, written: .no)))
    }

    @Test func `A refused write fails at once`() {
        var step = announced()
        #expect(step.didWrite(.failure(.denied)) == .finish(.failed(.denied, written: .no)))
    }

    @Test func `A read that lags behind the write is waited for`() {
        var step = announced()
        #expect(step.didWrite(.success(Self.new)) == .read)
        #expect(step.didRead(.success(Self.old)) == .wait(.seconds(1)))
        #expect(step.didWait(isStopping: true) == .read)
        #expect(step.didRead(.success(Self.new)) == .finish(.applied))
    }

    @Test func `A write that never shows is a failure, not silence`() {
        var step = announced()
        #expect(step.didWrite(.success(Self.new)) == .read)
        for pause in [1, 2] {
            #expect(step.didRead(.success(Self.old)) == .wait(.seconds(pause)))
            #expect(step.didWait(isStopping: false) == .read)
        }
        guard case .finish(.failed(let error, .yes)) = step.didRead(.success(Self.old)) else {
            return #expect(Bool(false))
        }
        #expect(error.code == "not-read-back")
    }

    @Test func `An edit right after the write is a conflict that says so`() {
        var step = announced()
        #expect(step.didWrite(.success(Self.new)) == .read)
        #expect(
            step.didRead(.success(Self.foreign)) == .finish(.conflict(live: Self.foreign, written: .yes)))
    }

    @Test func `A policy that ECR changed by itself is a failure, not somebody's edit`() {
        var step = announced()
        #expect(step.didWrite(.success(Self.foreign)) == .read)
        guard case .finish(.failed(let error, .yes)) = step.didRead(.success(Self.foreign)) else {
            return #expect(Bool(false))
        }
        #expect(error.code == "stored-otherwise")
    }

    @Test func `A lost answer is settled by reading`() {
        var step = announced()
        #expect(step.didWrite(.failure(.lost)) == .read)
        #expect(step.didRead(.success(Self.new)) == .finish(.applied))
    }

    @Test func `A lost request is sent again, once the read has had its time`() {
        var step = announced()
        for attempt in 0...1 {
            #expect(step.didWrite(.failure(.lost)) == .read)
            #expect(step.didRead(.success(Self.old)) == .wait(.seconds(3)))
            #expect(step.didWait(isStopping: false) == .read)
            let next = step.didRead(.success(Self.old))
            #expect(next == (attempt == 0 ? .write(Self.new) : .finish(.failed(.lost, written: .unknown))))
        }
    }

    @Test func `A lost answer that cannot be settled stays in doubt`() {
        var step = announced()
        #expect(step.didWrite(.failure(.lost)) == .read)
        #expect(step.didRead(.failure(.denied)) == .finish(.failed(.lost, written: .unknown)))
    }

    @Test func `A server's failure is checked and not repeated`() {
        var step = announced()
        #expect(step.didWrite(.failure(.server)) == .read)
        #expect(step.didRead(.success(Self.old)) == .finish(.failed(.server, written: .no)))
        step = announced()
        #expect(step.didWrite(.failure(.server)) == .read)
        #expect(step.didRead(.success(Self.new)) == .finish(.applied))
    }

    @Test func `A role that ECR does not know yet is given time, and the policy is compared again`() {
        var step = announced()
        #expect(step.didWrite(.failure(.noPrincipal)) == .wait(.seconds(4), isCutByStop: true))
        #expect(step.didWait(isStopping: false) == .read)
        #expect(step.didRead(.success(Self.old)) == .write(Self.new))
        #expect(step.didWrite(.failure(.noPrincipal)) == .wait(.seconds(5), isCutByStop: true))
        #expect(step.didWait(isStopping: false) == .read)
        #expect(step.didRead(.success(Self.foreign)) == .finish(.conflict(live: Self.foreign, written: .no)))
    }

    @Test func `The wait for a role ends with its time or with the run`() {
        var step = announced()
        for pause in [4, 5] {
            #expect(step.didWrite(.failure(.noPrincipal)) == .wait(.seconds(pause), isCutByStop: true))
            #expect(step.didWait(isStopping: false) == .read)
            #expect(step.didRead(.success(Self.old)) == .write(Self.new))
        }
        #expect(step.didWrite(.failure(.noPrincipal)) == .finish(.failed(.noPrincipal, written: .no)))
        step = announced()
        #expect(step.didWrite(.failure(.noPrincipal)) == .wait(.seconds(4), isCutByStop: true))
        #expect(step.didWait(isStopping: true) == .finish(.failed(.noPrincipal, written: .no)))
    }

    @Test(arguments: [
        #"{"managed":["444455556666"]}"#, #"{"managed":["arn:aws:iam::444455556666:root"]}"#,
    ])
    func `An account that ECR does not know is not waited for`(policy: String) {
        var step = announced(after: policy)
        #expect(step.didWrite(.failure(.noPrincipal)) == .finish(.failed(.noPrincipal, written: .no)))
    }

    @Test func `The pauses for a new role are two minutes in all`() {
        #expect(ApplyPace().newPrincipal.reduce(.zero, +) == .seconds(120))
    }
}

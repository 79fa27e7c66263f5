import Fencing
import Testing

@Suite struct ClaimStateMachineTests {
    private func claim(_ run: String, _ owner: String) -> Claim {
        Claim(run: run, owner: WorkerID(owner), who: "ann", host: "h", since: "2026-11-27T16:00:00Z")
    }

    private let tag = ObjectTag("1")

    @Test func aRepeatedCreateFindsItsOwnClaim() {
        let mine = claim("r", "me")
        let machine = ClaimStateMachine(mine)
        #expect(machine.start == .create(mine))
        #expect(machine.didCreate(.lost) == .read)
        #expect(machine.didRead(.missing) == .create(mine))
        #expect(machine.didCreate(.alreadyThere) == .read)
        #expect(machine.didRead(.found(mine, tag)) == .end(.claimed(mine)))
    }

    @Test func aClaimOfTheSameRunIsJoinedAndOfAnotherRefused() {
        let machine = ClaimStateMachine(claim("r", "me"))
        #expect(machine.didRead(.found(claim("r", "other"), tag)) == .end(.claimed(claim("r", "other"))))
        #expect(machine.didRead(.found(claim("q", "other"), tag)) == .end(.refused(claim("q", "other"))))
    }

    @Test func whoOnlyJoinsMakesNoClaim() {
        let machine = ClaimStateMachine(claim("r", "me"), joinsOnly: true)
        #expect(machine.start == .read)
        #expect(machine.didRead(.missing) == .end(.absent))
    }

    @Test func aReleaseTakesTheClaimOfItsRunAlone() {
        let machine = ReleaseStateMachine("r")
        #expect(machine.didRead(.found(claim("r", "other"), tag)) == .delete(if: tag))
        #expect(machine.didDelete(.changed) == .read)
        #expect(machine.didRead(.found(claim("q", "other"), tag)) == .end(.refused(claim("q", "other"))))
        #expect(machine.didRead(.missing) == .end(.released))
        #expect(machine.didDelete(.done(tag)) == .end(.released))
    }
}

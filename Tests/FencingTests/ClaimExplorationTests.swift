import Fencing
import Testing

@Suite struct ClaimExplorationTests {
    @Test func theArchiveHasOneRunAtATime() {
        let world = ClaimWorld(runs: ["1", "1", "2"], faults: 2)
        let explorer = Explorer(world, checksProgress: true)
        #expect(explorer.violation == nil)
        #expect(explorer.isComplete)
    }

    @Test func aPlainDeleteIsFound() {
        let world = ClaimWorld(runs: ["1", "1", "2"], faults: 0, flaws: .deletedPlainly)
        let explorer = Explorer(world)
        #expect(explorer.violation?.hasPrefix("c works without the archive") == true, "\(explorer.violation ?? "")")
    }
}

import Rollout
import SharePlan
import Testing

@Suite struct LastLookTests {
    @Test func `The last look refuses again what it refused, and what differs from what it let pass`() async throws {
        try await World.withFolder { folder in
            let wanted = [World.wantedGrant("444455556666")]
            let repository = World.repository("base/go")
            guard case .change(let change) = SharingRules().entry(for: repository, live: nil, wanted: wanted) else {
                Issue.record("nothing is to be changed")
                return
            }
            let spool = try PlanSpool(in: folder)
            try spool.add(.change(change))
            let look = await LastLook(
                at: try spool.finish(header: World.header), in: Archive(folder.path(of: "archive")),
                clock: FakeClock().clock)
            let silent = Change(repository: repository, before: nil, after: change.after, grants: GrantDifference())
            for _ in 0..<2 {
                #expect(look.objection(to: change) == nil)
                #expect(look.objection(to: Change(World.repository("base/java"), change.case)) == nil)
                #expect(look.objection(to: silent)?.code == "broken-promise")
            }
        }
    }
}

import SharePlan
import TestSupport
import Testing

/// What is remembered must never differ from what would be computed now.
@Suite struct RecentAnswersTests {
    @Test func `Rules decide the same with and without what they decided lately`() {
        for number in 0..<max(1, PropertySettings.cases / 500) {
            var generator = PolicyGenerator(seed: PropertySettings.seed &+ UInt64(number))
            let rules = SharingRules(mode: generator.random.pick(MergeMode.allCases))
            let recent = RecentAnswers<PolicyQuestion, SharingRules.Decision>()
            // Few policies and sets of grants, so that many questions are asked again, more than are remembered.
            let live = (0..<3).map { _ in generator.livePolicy() }
            let wanted = (0..<3).map { _ in generator.wanted() }
            let names = ["base/go", "base/java", "tools/scan"]
            for _ in 0..<40 {
                let repository = PlanSamples.repository(
                    generator.random.pick(names), account: generator.random.pick(["111122223333", "444455556666"]),
                    region: generator.random.pick(["us-east-1", "eu-west-1", "cn-north-1"]))
                let (live, wanted) = (generator.random.pick(live), generator.random.pick(wanted))
                #expect(
                    rules.entry(for: repository, live: live, wanted: wanted, recent: recent)
                        == rules.entry(for: repository, live: live, wanted: wanted))
            }
        }
    }

    @Test func `What is asked again is not computed again, for no other account and no other bytes`() {
        let recent = RecentAnswers<PolicyQuestion, Int>()
        var computed = 0
        func ask(_ account: String, _ live: Policy?, _ wanted: [WantedGrant]) -> Int {
            let repository = PlanSamples.repository("base/\(computed)", account: account)
            let question = PolicyQuestion(repository, policies: [live?.text], grants: [wanted])
            return recent.answer(to: question) {
                computed += 1
                return computed
            }
        }
        let wanted = [PlanSamples.wanted("444455556666", reason: "caf\u{E9}")]
        let first = ask("111122223333", "{\"\u{E9}\":1}", wanted)
        #expect(ask("111122223333", "{\"\u{E9}\":1}", wanted) == first)
        #expect(ask("111122224444", "{\"\u{E9}\":1}", wanted) != first)
        // Swift treats both spellings of the letter as the same string.
        #expect(ask("111122223333", "{\"e\u{301}\":1}", wanted) != first)
        let other = [PlanSamples.wanted("444455556666", reason: "cafe\u{301}")]
        #expect(ask("111122223333", "{\"\u{E9}\":1}", other) != first)
        #expect(ask("111122223333", nil, wanted) != ask("111122223333", "", wanted))
        #expect(ask("111122223333", "{\"\u{E9}\":1}", []) != first)
    }

    @Test func `An error is not remembered`() throws {
        struct Failure: Error {}
        let recent = RecentAnswers<PolicyQuestion, Int>()
        let question = PolicyQuestion(PlanSamples.repository("base/go"), policies: [nil], grants: [[]])
        #expect(throws: Failure.self) { try recent.answer(to: question) { () throws(Failure) in throw Failure() } }
        #expect(recent.answer(to: question) { 1 } == 1)
    }

    @Test func `The last look refuses again what it refused, and what differs from what it let pass`() throws {
        let repository = PlanSamples.repository("base/go")
        let wanted = [PlanSamples.wanted("444455556666")]
        guard case .change(let change) = SharingRules().entry(for: repository, live: nil, wanted: wanted) else {
            Issue.record("nothing is to be changed")
            return
        }
        let check = ChangeCheck(PlanSamples.header)
        let recent = RecentAnswers<PolicyQuestion, Void>()
        func with(_ grants: GrantDifference) -> Change {
            Change(repository: repository, before: nil, after: change.after, grants: grants)
        }
        for _ in 0..<2 {
            try check.check(change, recent: recent)
            #expect(throws: ChangeObjection.self) { try check.check(with(GrantDifference()), recent: recent) }
        }
    }
}

@Suite struct RecentLinesTests {
    @Test func `Entries are decoded as if each were the first`() throws {
        let recent = RecentLines()
        let names = ["base/go", "base/java", "base/node"].map { PlanSamples.repository($0) }
        for round in 0..<3 {
            for entry in PlanSamples.entries {
                guard case .change(let change) = entry else {
                    guard let repository = entry.repository else { continue }
                    #expect(try recent.entry(of: repository, decoding: PlanLine.entry(entry).bytes) == entry)
                    continue
                }
                let moved = PlanEntry.change(
                    Change(
                        repository: names[round], before: change.before, after: change.after, grants: change.grants,
                        access: change.access, warnings: change.warnings))
                #expect(try recent.entry(of: names[round], decoding: PlanLine.entry(moved).bytes) == moved)
            }
        }
    }

    /// Lines of other repositories with the same rest, with a byte of the rest changed, with an invalid start, and
    /// with white space: what is not known to the byte is not known.
    @Test func `A line of which nothing is known is known again only to the byte`() throws {
        let recent = RecentLines()
        for case .change(let change) in PlanSamples.entries {
            let line = PlanLine.entry(.change(change)).bytes
            #expect(recent.change(on: line[...]) == nil)
            recent.learn(change, from: line[...])
            #expect(recent.change(on: line[...]) == change)
            let start = PlanLine.startOfChange(of: change.repository)
            let rest = line.dropFirst(start.count)
            let other = PlanSamples.repository("zz/other")
            let moved = recent.change(on: (PlanLine.startOfChange(of: other) + rest)[...])
            #expect(
                moved.map { [PlanEntry.change($0)] } == [
                    try PlanEntry(decoding: (PlanLine.startOfChange(of: other) + rest)[...])
                ])

            #expect(recent.change(on: rest) == nil)
            #expect(recent.change(on: ([0x20] + line)[...]) == nil)
            #expect(recent.change(on: (start + [0x20] + rest)[...]) == nil)
            #expect(recent.change(on: (start.dropLast() + rest)[...]) == nil)
            let unchanged = Array(String(decoding: start, as: UTF8.self).replacing("change", with: "unchanged").utf8)
            #expect(recent.change(on: (unchanged + rest)[...]) == nil)
            for offset in stride(from: start.count, to: line.count, by: 7) {
                var edited = line
                edited[offset] ^= 1
                #expect(recent.change(on: edited[...]) == nil)
            }
        }
    }

    @Test func `A line of another repository, or one that is no entry, is read for what it is`() throws {
        let recent = RecentLines()
        let entry = PlanSamples.entries[0]
        let bytes = PlanLine.entry(entry).bytes
        let repository = try #require(entry.repository)
        #expect(try recent.entry(of: repository, decoding: bytes) == entry)
        #expect(try recent.entry(of: PlanSamples.repository("base/java"), decoding: bytes) == entry)
        #expect(throws: JSONMembers.Mismatch.self) {
            try recent.entry(of: repository, decoding: Array(bytes.dropLast()))
        }
    }
}

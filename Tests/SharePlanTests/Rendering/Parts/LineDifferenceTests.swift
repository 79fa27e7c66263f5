import SharePlan
import TestSupport
import Testing

@Suite struct LineDifferenceTests {
    @Test(arguments: 0..<60)
    func `Kept and removed lines are the text before, kept and added ones the text after`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        func lines() -> [String] {
            (0..<Int.random(in: 0...30, using: &random)).map { _ in String("abcde".randomElement(using: &random) ?? "a")
            }
        }
        let (before, after) = (lines(), lines())
        let difference = LineDifference(before: before, after: after, context: 100)
        var (left, right): ([String], [String]) = ([], [])
        for line in difference.lines {
            switch line {
            case .kept(let text):
                left.append(text)
                right.append(text)
            case .removed(let text): left.append(text)
            case .added(let text): right.append(text)
            case .skipped(let count): #expect(count == max(before.count, after.count) && before == after)
            }
        }
        if before == after { return }
        #expect(left == before)
        #expect(right == after)
    }

    @Test func `A line that got a comma is not a change`() {
        let difference = LineDifference(before: ["[", "1", "]"], after: ["[", "1,", "2", "]"])
        #expect(difference.lines == [.kept("["), .kept("1,"), .added("2"), .kept("]")])
    }

    @Test func `Lines far from a change are counted`() {
        let before = (0..<20).map(String.init)
        let difference = LineDifference(before: before, after: before + ["new"], context: 2)
        #expect(difference.lines == [.skipped(18), .kept("18"), .kept("19"), .added("new")])
    }

    @Test func `A statement that only moved is no difference`() {
        func policy(_ statements: String...) -> Policy { "{\"Statement\":[\(statements.joined(separator: ","))]}" }
        func ours(_ action: String) -> String { "{\"Sid\":\"Ours\",\"Action\":\"\(action)\"}" }
        let (foreign, other) = ("{\"Sid\":\"Foreign\",\"Effect\":\"Deny\"}", "{\"Effect\":\"Allow\"}")
        let difference = LineDifference(
            policyBefore: policy(ours("pull"), foreign, other), after: policy(foreign, other, ours("push")))
        let changed = difference.lines.filter {
            if case .added = $0 { true } else if case .removed = $0 { true } else { false }
        }
        #expect(
            changed == [.removed("      \"Action\": \"pull\""), .added("      \"Action\": \"push\"")])
        let same = LineDifference(policyBefore: policy(foreign, other), after: policy(other, foreign))
        #expect(same.lines.allSatisfy { if case .skipped = $0 { true } else { false } })
    }

    @Test func `A text that is no JSON is shown line by line`() {
        let difference = LineDifference(policyBefore: "not\njson", after: nil)
        #expect(difference.lines == [.removed("not"), .removed("json")])
    }
}

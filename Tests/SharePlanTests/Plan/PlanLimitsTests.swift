import AWSValues
import SharePlan
import Testing

@Suite struct PlanLimitsTests {
    private let digest = String(repeating: "a", count: 64)

    private func refusal(_ limits: PlanLimits, _ entries: [PlanEntry] = PlanSamples.entries) -> [PlanRefusal.Reason] {
        var check = PlanCheck(limits)
        for entry in entries { check.count(entry) }
        do {
            try check.verify(digest: digest)
            return []
        } catch {
            return error.reasons
        }
    }

    @Test(arguments: [
        ("0", PlanLimits.Bound.count(0)), ("12", .count(12)), ("5%", .percent(5)), ("2.5%", .percent(2.5)),
    ])
    func `A bound is a number or a share`(text: String, bound: PlanLimits.Bound) {
        #expect(PlanLimits.Bound(text) == bound)
        #expect(bound.description == text)
    }

    @Test(arguments: ["", "-1", "%", "101%", "-1%", "1.5", "many", "nan%"])
    func `What is neither is no bound`(text: String) {
        #expect(PlanLimits.Bound(text) == nil)
    }

    @Test func `A plan within its limits passes`() {
        #expect(refusal(PlanLimits()).isEmpty)
        #expect(
            refusal(
                PlanLimits(
                    maximumChanges: .count(3), maximumRevocations: .count(1), expectedDigest: digest.uppercased())
            ).isEmpty)
        #expect(refusal(PlanLimits(maximumChanges: .percent(50), maximumRevocations: .percent(17))).isEmpty)
    }

    @Test func `The refusal carries the numbers`() {
        #expect(refusal(PlanLimits(maximumChanges: .count(2))) == [.changes(3, of: 6, limit: .count(2))])
        #expect(refusal(PlanLimits(maximumChanges: .percent(49))) == [.changes(3, of: 6, limit: .percent(49))])
        #expect(
            refusal(PlanLimits(maximumRevocations: .count(0)))
                == [.revocations(grants: 1, repositories: 1, of: 6, limit: .count(0))])
        #expect(
            refusal(PlanLimits(maximumRevocations: .percent(16)))
                == [.revocations(grants: 1, repositories: 1, of: 6, limit: .percent(16))])
        #expect(
            refusal(PlanLimits(allowsRevocations: false)) == [.revocationsNotAllowed(grants: 1, repositories: 1)])
        #expect(
            refusal(PlanLimits(expectedDigest: "b")) == [.anotherDigest(expected: "b", actual: digest)])
    }

    @Test func `A protected repository may be in a plan that does not write it`() {
        #expect(refusal(PlanLimits { $0.name.text == "base/java" }).isEmpty)
        let reasons = refusal(PlanLimits { $0.name.text.hasPrefix("base/") })
        guard case .protected(let sample, .share)? = reasons.first else { return #expect(Bool(false), "\(reasons)") }
        #expect(sample.count == 2)
        #expect(sample.first.map(\.name.text) == ["base/go", "base/python"])
    }

    @Test func `Only allowed consumers may gain access, and anyone may lose it`() {
        let organization = Consumer("o-a1b2c3d4e5")
        let account = Consumer("444455556666")
        #expect(refusal(PlanLimits(allowedConsumers: Set([organization, account].compactMap(\.self)))).isEmpty)
        let reasons = refusal(PlanLimits(allowedConsumers: Set([organization].compactMap(\.self))))
        guard case .consumers(let sample, .share)? = reasons.first else { return #expect(Bool(false), "\(reasons)") }
        #expect(sample.first == ["444455556666"])
    }

    @Test func `What is refused is counted in words, and the advice is for the plan at hand`() {
        let limits = PlanLimits(allowedConsumers: []) { $0.name.text == "base/go" }
        func lines(_ operation: PlanHeader.Operation) -> [String] {
            var check = PlanCheck(limits, of: operation)
            for entry in PlanSamples.entries { check.count(entry) }
            do { try check.verify(digest: digest) } catch { return error.reasons.map(\.description) }
            return []
        }
        #expect(
            lines(.share).first
                == "the plan writes 1 protected repository: 111122223333 us-east-1 base/go; take it out of the matrix, or "
                + "out of protect: in the configuration file")
        #expect(lines(.share).last?.hasPrefix("the plan grants access to 2 consumers that are not allowed") == true)
        for line in lines(.rollback) { #expect(!line.contains("matrix"), "\(line)") }
    }

    @Test func `Every limit is reported at once`() {
        let limits = PlanLimits(maximumChanges: .count(0), allowsRevocations: false, expectedDigest: "b")
        #expect(refusal(limits).count == 3)
    }
}

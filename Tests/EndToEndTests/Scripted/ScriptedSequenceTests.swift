import Foundation
import Rollout
import SimulatedAWS
import Testing

/// All sequences of answers up to some length, one repository each, judged by rules that know nothing of the program's.
///
/// `ECR_SHARE_SCRIPT_LENGTH` says how long they are; scripts/soak asks for 4.
@Suite(.timeLimit(.minutes(30))) struct ScriptedSequenceTests {
    /// What may become of a call, whether it is a look or a write.
    private static let letters: [ScriptStep] = [
        ScriptStep(),
        ScriptStep(.throttle()),
        ScriptStep(.serverError(status: 500, body: .json)),
        ScriptStep(.serverError(status: 503, body: .html, afterWork: true)),
        ScriptStep(.resetAfterWork),
        ScriptStep(.expireSession),
        ScriptStep(.corrupt),
        ScriptStep(.refuse(code: "AccessDeniedException", message: "no")),
        ScriptStep(before: [.append(sid: "edit-")]),
        ScriptStep(after: [.append(sid: "edit-")]),
    ]

    private static let length = ProcessInfo.processInfo.environment["ECR_SHARE_SCRIPT_LENGTH"].flatMap { Int($0) } ?? 3

    @Test(arguments: [ScriptedAWS.Kind.grant, .deletion])
    func `Whatever is answered, nothing is lost without a word`(kind: ScriptedAWS.Kind) async throws {
        // A number in as many digits as there are letters is a sequence.
        let count = (0..<Self.length).reduce(1) { product, _ in product * Self.letters.count }
        let aws = try await ScriptedAWS.run(Array(repeating: kind, count: count)) { number, _, position in
            guard position < Self.length else { return ScriptStep() }
            var digits = number
            for _ in 0..<position { digits /= Self.letters.count }
            return Self.letters[digits % Self.letters.count].numbered(position)
        }
        var verified = 0
        for (number, course) in aws.courses.enumerated() {
            let violations = Oracle(course).violations
            #expect(violations.isEmpty, "sequence \(number), \(course.requests), \(course.journal): \(violations)")
            if course.journal.last == "verified" { verified += 1 }
        }
        // Each sequence without a final refusal ends well, so the rules were put to use.
        #expect(verified > count / 4)
        #expect(aws.exitStatus == 3)
        #expect(aws.written == verified)
    }
}

extension ScriptStep {
    /// With Sids of its own.
    fileprivate func numbered(_ position: Int) -> ScriptStep {
        func numbered(_ edits: [Edit]) -> [Edit] {
            edits.map { if case .append(let sid) = $0 { .append(sid: "\(sid)\(position)") } else { $0 } }
        }
        return ScriptStep(effect, before: numbered(before), after: numbered(after))
    }
}

/// What must hold of every course, whatever was answered.
private struct Oracle {
    private(set) var violations: [String] = []

    private typealias Course = ScriptedAWS.Course

    init(_ course: ScriptedAWS.Course) {
        let kind = course.kind
        // What the client saw in the last read, since its last write; nil when there was none.
        var seen: String??
        var writes = 0
        var hasWritten = false
        // Edits that came since that look, and that a write may therefore erase.
        var unseen: Set<Substring> = []
        var isReadBack = false
        for event in course.events {
            let (before, after) = (Course.edits(in: event.policyBefore), Course.edits(in: event.policyAfter))
            switch event.operation {
            case nil: unseen.formUnion(after.subtracting(before))
            case "GetRepositoryPolicy":
                guard event.isAnswered else { break }
                seen = .some(event.policyAfter)
                unseen = []
                isReadBack = Course.isSame(event.policyAfter, kind.after)
            default:
                writes += 1
                switch seen {
                case nil: fail("a write without a look")
                case .some(let policy) where !Course.isSame(policy, kind.before): fail("a write over another policy")
                default: break
                }
                let erased = before.subtracting(after)
                if !erased.isSubset(of: unseen) { fail("an edit was erased that came before the look") }
                if event.isDone { hasWritten = true }
                seen = nil
                isReadBack = false
            }
        }
        if writes > 10 { fail("\(writes) writes") }
        let events = course.journal
        if events.first != "writing" { fail("it was not announced") }
        switch events.last {
        case "verified":
            if writes == 0 || !isReadBack { fail("verified without having been seen") }
        case "skipped":
            if hasWritten || !isReadBack { fail("skipped, and it was written or not seen") }
        case "failed:no", "conflict:no":
            if hasWritten { fail("it was written, and the journal says no") }
        case "failed:yes", "conflict:yes":
            if !hasWritten { fail("it was not written, and the journal says yes") }
        case "failed:unknown", "conflict:unknown":
            if writes == 0 { fail("nothing was sent, and the journal says unknown") }
        default: fail("no ending")
        }
        if events.last?.hasPrefix("conflict") == true {
            let isTheirs = if case .some(let policy) = seen { !Course.isSame(policy, kind.before) } else { false }
            if isReadBack || !isTheirs { fail("a conflict with nobody") }
        }
    }

    private mutating func fail(_ reason: String) {
        violations.append(reason)
    }
}

extension ScriptedEvent {
    /// Whether the client received the policy.
    fileprivate var isAnswered: Bool { isDone && effect == nil || effect == nil && policyAfter == nil }
}

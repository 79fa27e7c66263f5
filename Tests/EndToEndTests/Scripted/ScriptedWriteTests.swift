import Rollout
import SimulatedAWS
import Testing

/// Who repeats a write, and when, through all layers: each answer is chosen, and others edit between any two calls.
@Suite(.timeLimit(.minutes(5))) struct ScriptedWriteTests {
    typealias Kind = ScriptedAWS.Kind
    typealias Course = ScriptedAWS.Course

    /// What is live at the end.
    enum Live: Sendable {
        case before, planned, nothing
        /// What was planned from, with an edit.
        case beforeAndEdit
        /// What was planned, with an edit.
        case plannedAndEdit
        case policy(String)
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        var kind = Kind.grant
        /// The answers to the first calls; all others are right.
        var steps: [ScriptStep]
        /// G a look, S a write, D a deletion.
        let requests: String
        let live: Live
        let journal: [String]
        var status: Int32 = 0

        var testDescription: String { name }
    }

    private static let ok = ScriptStep()
    private static let editAfter = ScriptStep(after: [.append(sid: "edit-1")])
    private static let editBefore = ScriptStep(before: [.append(sid: "edit-1")])
    private static let throttled = ScriptStep(.throttle())
    private static let denied = ScriptStep(.refuse(code: "AccessDeniedException", message: "no", status: 400))
    private static let done = ["writing", "applied", "verified"]
    private static let conflict = "conflict:no"

    private static func failed(_ status: Int = 500, happened: Bool = false) -> ScriptStep {
        ScriptStep(.serverError(status: status, body: status == 500 ? .json : .html, afterWork: happened))
    }

    private static func answer(
        _ policy: String?, of repository: String = "base/app-0001", in account: String = "100000000001",
        happened: Bool = true
    ) -> FaultRule.Effect {
        let text = (policy ?? "").replacing("\"", with: "\\\"")
        let body = #"{"registryId":"\#(account)","repositoryName":"\#(repository)","policyText":"\#(text)"}"#
        return .answer(body: body, afterWork: happened)
    }

    private static func noPolicy(_ status: Int, body: String? = nil) -> FaultRule.Effect {
        .answer(
            status: status,
            body: body ?? #"{"__type":"RepositoryPolicyNotFoundException","message":"does not exist"}"#,
            afterWork: false)
    }

    private static func repeated(_ steps: [ScriptStep], _ count: Int) -> [ScriptStep] {
        (0..<count).flatMap { _ in steps }
    }

    // MARK: - The cases

    private static let clear: [Case] = [
        Case(name: "nothing is wrong", steps: [], requests: "GSG", live: .planned, journal: done),
        Case(
            name: "a policy is created", kind: .creation, steps: [], requests: "GSG", live: .planned, journal: done),
        Case(name: "a policy is deleted", kind: .deletion, steps: [], requests: "GDG", live: .nothing, journal: done),
        Case(
            name: "it is as planned already",
            steps: [ScriptStep(before: [.replace(policy: Kind.grant.after)])], requests: "G", live: .planned,
            journal: ["writing", "skipped"]),
        Case(
            name: "another policy in the answer, the right one live",
            steps: [ok, ScriptStep(answer(Kind.grant.before))], requests: "GSG", live: .planned, journal: done),
        Case(
            name: "another policy in the answer and live",
            steps: [ok, ScriptStep(answer(Kind.creation.after), after: [.replace(policy: Kind.creation.after)])],
            requests: "GSG", live: .policy(Kind.creation.after ?? ""), journal: ["writing", "applied", "failed:yes"],
            status: 3),
        Case(
            name: "no permission to write", steps: [ok, denied], requests: "GS", live: .before,
            journal: ["writing", "failed:no"], status: 3),
        Case(
            name: "a redirection",
            steps: [ok, ScriptStep(.refuse(code: "TemporaryRedirect", message: "", status: 307))], requests: "GSG",
            live: .before, journal: ["writing", "failed:no"], status: 3),
        Case(
            name: "an account that is not known", steps: [ok, unknownPrincipal], requests: "GS", live: .before,
            journal: ["writing", "failed:no"], status: 3),
        Case(
            name: "a role that is not known yet", kind: .role, steps: repeated([ok, unknownPrincipal], 3),
            requests: "GSGSGSGSG", live: .planned, journal: done),
        Case(
            name: "a role that is never known", kind: .role, steps: repeated([ok, unknownPrincipal], 9),
            requests: String(repeating: "GS", count: 8), live: .before, journal: ["writing", "failed:no"], status: 3),
        Case(
            name: "a deletion of what somebody has just deleted", kind: .deletion,
            steps: [ScriptStep(after: [.replace(policy: nil)])], requests: "GDG", live: .nothing, journal: done),
    ]

    private static let unknownPrincipal = ScriptStep(
        .refuse(code: "InvalidParameterException", message: "Invalid policy: Principal not found", status: 400))

    /// Refused in passing: another turn, another look.
    private static let passing: [Case] =
        [1, 2, 5, 9].map { count in
            Case(
                name: "throttled \(count) times", steps: repeated([ok, throttled], count),
                requests: String(repeating: "GS", count: count) + "GSG", live: .planned, journal: done)
        } + [
            Case(
                name: "throttled for ever", steps: repeated([ok, throttled], 12),
                requests: String(repeating: "GS", count: 10) + "G", live: .before, journal: ["writing", "failed:no"],
                status: 3),
            Case(
                name: "throttled with 429 and a hint", kind: .deletion,
                steps: [ok, ScriptStep(.throttle(status: 429, retryAfterMilliseconds: 900))], requests: "GDGDG",
                live: .nothing, journal: done),
            Case(
                name: "a session that has expired", steps: [ok, ScriptStep(.expireSession)], requests: "GSGSG",
                live: .planned, journal: done),
            Case(
                // The last read finds the session expired and opens another one.
                name: "sessions that expire again and again", steps: repeated([ok, ScriptStep(.expireSession)], 4),
                requests: String(repeating: "GS", count: 4) + "GG", live: .before, journal: ["writing", "failed:no"],
                status: 3),
            Case(
                name: "a clock that is wrong",
                steps: [ok, ScriptStep(.refuse(code: "RequestTimeTooSkewed", message: "late", status: 403))],
                requests: "GSGSG", live: .planned, journal: done),
            Case(
                name: "an edit between a refusal and the next look",
                steps: [ok, ScriptStep(.throttle(), after: [.append(sid: "edit-1")])], requests: "GSG",
                live: .beforeAndEdit, journal: ["writing", conflict], status: 3),
            Case(
                name: "the same policy by somebody else between a refusal and the next look",
                steps: [ok, ScriptStep(.throttle(), after: [.replace(policy: Kind.grant.after)])], requests: "GSG",
                live: .planned, journal: ["writing", "skipped"]),
            Case(
                name: "a deletion between an expired session and the next look",
                steps: [ok, ScriptStep(.expireSession, after: [.replace(policy: nil)])], requests: "GSG",
                live: .nothing, journal: ["writing", conflict], status: 3),
        ]

    /// Whatever may have happened is found out by reading.
    private static let unclear: [Case] =
        [
            ("500", failed(500, happened: true)), ("502", failed(502, happened: true)),
            ("503", failed(503, happened: true)), ("504", failed(504, happened: true)),
            ("a reset", ScriptStep(.resetAfterWork)), ("an answer that is cut", ScriptStep(.cut)),
            ("an answer that cannot be read", ScriptStep(.corrupt)),
            ("another repository's answer", ScriptStep(answer(Kind.grant.after, of: "base/other"))),
            ("another registry's answer", ScriptStep(answer(Kind.grant.after, in: "100000000009"))),
        ].map { name, step in
            Case(name: "\(name), and it happened", steps: [ok, step], requests: "GSGG", live: .planned, journal: done)
        }
        + [
            ("500", failed(500)), ("502", failed(502)), ("503", failed(503)), ("504", failed(504)),
            ("a reset", ScriptStep(.resetBeforeWork)),
            ("a page of some gateway", ScriptStep(.answer(body: "<html>Sign in</html>", afterWork: false))),
        ].flatMap { name, step in
            [
                Case(
                    name: "\(name), and it did not happen", steps: [ok, step], requests: "GSGGGGSG", live: .planned,
                    journal: done),
                Case(
                    name: "\(name) for ever", steps: repeated([ok, step, ok, ok, ok], 3),
                    requests: String(repeating: "GSGGG", count: 3), live: .before,
                    journal: ["writing", "failed:unknown"], status: 3),
            ]
        } + [
            Case(
                name: "no permission after an unclear try", steps: [ok, failed(503), ok, ok, ok, ok, denied],
                requests: "GSGGGGS", live: .before, journal: ["writing", "failed:unknown"], status: 3),
            Case(
                name: "no permission after a try that happened and is not seen",
                steps: [ok, failed(503, happened: true)] + repeated([ScriptStep(answer(Kind.grant.before))], 4)
                    + [denied], requests: "GSGGGGS", live: .planned, journal: ["writing", "failed:unknown"], status: 3),
            Case(
                name: "a full quota after an unclear try",
                steps: [
                    ok, failed(500), ok, ok, ok, ok,
                    ScriptStep(.refuse(code: "LimitExceededException", message: "full", status: 400)),
                ], requests: "GSGGGGSG", live: .before, journal: ["writing", "failed:unknown"], status: 3),
            Case(
                name: "throttled after an unclear try", steps: [ok, failed(500), ok, ok, ok, ok, throttled],
                requests: "GSGGGGSGSG", live: .planned, journal: done),
            Case(
                name: "an unclear try, and the policy cannot be read", steps: [ok, failed(500), denied],
                requests: "GSG", live: .before, journal: ["writing", "failed:unknown"], status: 3),
            Case(
                name: "an unclear deletion that happened", kind: .deletion, steps: [ok, failed(500, happened: true)],
                requests: "GDGG", live: .nothing, journal: done),
            Case(
                name: "an unclear deletion that did not happen", kind: .deletion,
                steps: [ok, ScriptStep(.resetBeforeWork)], requests: "GDGGGGDG", live: .nothing, journal: done),
            Case(
                name: "an edit after an unclear try that did not happen",
                steps: [ok, ScriptStep(.resetBeforeWork, after: [.append(sid: "edit-1")])], requests: "GSG",
                live: .beforeAndEdit, journal: ["writing", "conflict:unknown"], status: 3),
            Case(
                name: "an edit after an unclear try that happened",
                steps: [ok, ScriptStep(.resetAfterWork, after: [.append(sid: "edit-1")])], requests: "GSG",
                live: .plannedAndEdit, journal: ["writing", "conflict:unknown"], status: 3),
        ]

    /// Others edit at every place.
    private static let edited: [Case] = [
        Case(
            name: "an edit before the look", steps: [editBefore], requests: "G", live: .beforeAndEdit,
            journal: ["writing", conflict], status: 3),
        // In the round trip between look and write no client can see it.
        Case(
            name: "an edit between the look and the write", steps: [editAfter], requests: "GSG", live: .planned,
            journal: done),
        Case(
            name: "an edit after the write", steps: [ok, editAfter], requests: "GSG", live: .plannedAndEdit,
            journal: ["writing", "applied", "conflict:yes"], status: 3),
        // As a second team does that looked before this write: its own program says nothing, this one does.
        Case(
            name: "somebody else's whole policy over the write",
            steps: [ok, ScriptStep(after: [.replace(policy: Kind.policy(Kind.theirs, Kind.theirs))])], requests: "GSG",
            live: .policy(Kind.policy(Kind.theirs, Kind.theirs)), journal: ["writing", "applied", "conflict:yes"],
            status: 3),
        Case(
            name: "the old policy over the write",
            steps: [ok, ScriptStep(after: [.replace(policy: Kind.grant.before)])], requests: "GSGGGGGGG", live: .before,
            journal: ["writing", "applied", "failed:yes"], status: 3),
        Case(
            name: "the policy is deleted before the look", steps: [ScriptStep(before: [.replace(policy: nil)])],
            requests: "G", live: .nothing, journal: ["writing", conflict], status: 3),
        Case(
            name: "the policy is deleted after the write", steps: [ok, ScriptStep(after: [.replace(policy: nil)])],
            requests: "GSG", live: .nothing, journal: ["writing", "applied", "conflict:yes"], status: 3),
        Case(
            name: "the repository is deleted before the look", steps: [ScriptStep(before: [.deleteRepository])],
            requests: "G", live: .nothing, journal: ["writing", "failed:no"], status: 3),
        Case(
            name: "the repository is deleted before the write", steps: [ScriptStep(after: [.deleteRepository])],
            requests: "GS", live: .nothing, journal: ["writing", "failed:no"], status: 3),
        Case(
            name: "the repository is deleted after the write", steps: [ok, ScriptStep(after: [.deleteRepository])],
            requests: "GSG", live: .nothing, journal: ["writing", "applied", "failed:yes"], status: 3),
    ]

    /// A read without an answer is followed by no write.
    private static let looks: [Case] =
        [
            ("another repository's policy", answer(Kind.grant.before, of: "base/other")),
            ("another registry's policy", answer(Kind.grant.before, in: "100000000009")),
            ("no policy text", .answer(body: #"{"registryId":"100000000001","repositoryName":"base/app-0001"}"#)),
            ("nothing", .answer(body: "")), ("garbage", .corrupt),
            ("no permission", .refuse(code: "AccessDeniedException", message: "no")),
        ].map { name, effect in
            Case(
                name: "a look that is answered with \(name)", steps: [ScriptStep(effect)], requests: "G",
                live: .before, journal: ["writing", "failed:no"], status: 3)
        }
        + [
            ("403", noPolicy(403)), ("404", noPolicy(404)), ("307", noPolicy(307)),
            ("a page", noPolicy(400, body: "<Error><Code>RepositoryPolicyNotFoundException</Code></Error>")),
        ].map { name, effect in
            Case(
                name: "no policy, says \(name)", kind: .creation, steps: [ScriptStep(effect)], requests: "G",
                live: .nothing, journal: ["writing", "failed:no"], status: 3)
        } + [
            Case(
                name: "a look that is throttled, fails and is lost",
                steps: [throttled, failed(503), ScriptStep(.resetBeforeWork)], requests: "GGGGSG", live: .planned,
                journal: done)
        ]

    @Test(arguments: clear + passing + unclear + edited + looks)
    func `The calls, the policy, the journal and the status are as they should be`(scripted: Case) async throws {
        let steps = scripted.steps
        let aws = try await ScriptedAWS.run([scripted.kind]) { _, _, position in
            position < steps.count ? steps[position] : ScriptStep()
        }
        let course = aws.courses[0]
        #expect(course.requests == scripted.requests)
        #expect(course.journal == scripted.journal)
        #expect(aws.exitStatus == scripted.status)
        let edits = Course.edits(in: course.live)
        switch scripted.live {
        case .before: #expect(Course.isSame(course.live, scripted.kind.before))
        case .planned: #expect(Course.isSame(course.live, scripted.kind.after))
        case .nothing: #expect(course.live == nil)
        case .policy(let text): #expect(Course.isSame(course.live, text))
        case .beforeAndEdit: #expect(edits.count == 1 && course.live?.contains("EcrShare") == false)
        case .plannedAndEdit: #expect(edits.count == 1 && course.live?.contains("EcrShareAllowPull") == true)
        }
    }
}

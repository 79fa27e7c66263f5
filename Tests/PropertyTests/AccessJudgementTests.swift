import AWSValues
import SharePlan
import TestSupport
import Testing

/// `access` held against ``PolicyJudge``, which decides one concrete request after another by AWS's documentation and
/// shares no code with the program.
///
/// For each of 100,000 random documents (``PropertySettings/judgedDocuments``) it is asked what roles, their sessions,
/// users, federated users, root users, Lambda functions and other services may do: those of accounts that the document
/// names and of one that it does not, in no organization, in two that documents name at four places, and in one that
/// none names, under every value of the keys that the document mentions (addresses, endpoints, tags, times, MFA).
/// Anonymous calls are left out: ECR has none. Compared are:
///
/// - whatever some request may do is reported for somebody whom it belongs to, as allowed or as perhaps, with a reason;
/// - who is said to be allowed something is, in every request; who is said to be denied something never is;
/// - who is left out of what a wider entry allows has an entry that says so, or that says "perhaps";
/// - without a Deny and with at most one condition in a statement, "perhaps" is reported only where some request is
///   allowed, where requests of the world meet the condition at all; save in one of 2,000 documents, since the world
///   has not every service, function and unit.
@Suite struct AccessJudgementTests {
    @Test func `Who may do what is reported, and nothing else`() async throws {
        let judgement = try await Judgement.ofAll { _, generator, judgement in
            var generator = generator
            let document = generator.document()
            let requests = JudgedCase.requests([document], &generator.random)
            judgement.requests += requests.count
            return try fault(document, requests, &judgement.vague).map { "\($0)\n\(document.text)" }
        }
        #expect(judgement.faults == [])
        #expect(judgement.requests > PropertySettings.judgedDocuments)
        #expect(judgement.vague.count <= 2 + PropertySettings.judgedDocuments / 2_000, "\(judgement.vague)")
    }

    /// What is wrong about the document; to `vague` is added what is called possible and never happens.
    private func fault(
        _ document: JudgedDocument, _ requests: [JudgedRequest], _ vague: inout [String]
    ) throws -> String? {
        let text = document.text
        let entries = try GrantAudit(
            of: Policy(text), partition: .aws, owner: JudgedWorld.ownerID, today: JudgedWorld.today
        ).entries
        let reading = JudgedReading(document)
        let answers = JudgedCase(document, requests).answers
        let isPlain =
            document.statements.allSatisfy { $0.allows && $0.conditions.count <= 1 && !$0.isNotPrincipal }
            && (document.hasVariables || !text.contains("${"))
        var realized = [Bool](repeating: false, count: entries.count)
        for entry in entries {
            if case .depends(let doubts, let statements) = entry.decision, doubts.isEmpty || statements.isEmpty {
                return "no reason for \(show(entry))"
            }
        }
        let speaking = entries.map { entry in
            JudgedWorld.actions.map { JudgedReading.speaks(entry.extent, of: $0) }
        }
        for party in JudgedCase.parties(requests) {
            let first = requests[party.lowerBound]
            let covering = entries.indices.filter { reading.covers(JudgedName(entries[$0]), first) }
            let about = covering.map { reading.isAbout(JudgedName(entries[$0]), first) }
            // Somebody who is allowed nothing as a whole may still have a part who is named: a session has its own
            // line.
            let isWhole = covering.map { !reading.isNamedCloser(JudgedName(entries[$0]), first) }
            for number in party {
                for (place, action) in JudgedWorld.actions.enumerated() {
                    let answer = answers[number][place]
                    var isTold = false
                    var isWider = false
                    var isLeftOut = false
                    for (turn, index) in covering.enumerated() where speaking[index][place] {
                        func fault() -> String { "\(show(entries[index])), but \(action) by \(show(requests[number]))" }
                        switch entries[index].decision {
                        case .allowed:
                            if about[turn], !answer.must { return fault() }
                            isTold = true
                            isWider = true
                        case .depends:
                            isTold = true
                            isLeftOut = true
                            if answer.may { realized[index] = true }
                        case .denied, .notAllowed:
                            if entries[index].kind == .deleted || entries[index].kind == .unknown { continue }
                            isLeftOut = true
                            if about[turn], isWhole[turn], answer.may { return fault() }
                        }
                    }
                    if answer.may, !isTold { return "nobody is told for \(action) by \(show(requests[number]))" }
                    if isWider, !answer.may, !isLeftOut, !first.caller.isService {
                        return "\(action) by \(show(requests[number])) is within what is allowed"
                    }
                }
            }
        }
        guard isPlain else { return nil }
        // Whether some request meets each statement's conditions, whoever asks: the world has not every value.
        let anybody = JudgedCase.fits(document.forEverybody, requests)
        let isMet = document.statements.indices.map { place in anybody.contains { $0[place].may } }
        for (index, entry) in entries.enumerated() where !realized[index] && isInWorld(entry) {
            guard case .depends(let doubts, let statements) = entry.decision,
                statements.allSatisfy({ isMet[$0.index] }),
                !doubts.contains(where: { $0.isBeyondWorld || $0.isOfCalls(by: entry.kind) })
            else { continue }
            vague.append("\(show(entry)), but never: \(document.text)")
        }
        return nil
    }

    /// Whether the world has all that the entry represents: a session does not show its role's path, of an unknown
    /// principal nothing is known, and the world has neither all services nor all identities.
    private func isInWorld(_ entry: AccessEntry) -> Bool {
        switch entry.kind {
        case .session, .unknown: false
        case .service: entry.principal == "*" || JudgedWorld.services.contains(entry.principal)
        case .role, .user:
            JudgedWorld.accounts.contains { account in
                JudgedWorld.identities(of: account).contains { $0.arn == entry.principal }
            }
        default: true
        }
    }

    private func show(_ entry: AccessEntry) -> String {
        "\(entry.kind) \(entry.principal) \(entry.region ?? "") \(entry.function ?? "") \(entry.extent) \(entry.decision)"
    }

    private func show(_ request: JudgedRequest) -> String {
        "\(request.caller) \(request.keys.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.joined(separator: "+"))" })"
    }
}

extension Doubt {
    /// Whether the program does not read a part of the policy, rather than not know a request, or whether it is about
    /// identities of which the world has only some.
    fileprivate var isBeyondWorld: Bool {
        switch self {
        case .conditionOperator, .policyVariable, .form, .principal, .onlySome, .members: true
        case .conditionKey, .actions, .registryAllow: false
        }
    }

    /// Whether it is about a key of which the world does not say what calls by services have there: the documentation
    /// leaves it open, or it concerns how a person signed in, or the resource that a service other than Lambda calls
    /// for.
    fileprivate func isOfCalls(by kind: AccessEntry.Kind) -> Bool {
        guard kind == .service || kind == .lambda, case .conditionKey(let key) = self else { return false }
        switch key.lowercased() {
        case "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "aws:principalservicename",
            "aws:principalisawsservice":
            return false
        case "aws:sourcearn": return kind == .service
        default: return true
        }
    }
}

import AWSValues
import Rollout
import SharePlan

/// What a plan leaves out and why, with shared causes reported once.
struct LeftOut {
    /// The most causes that are shown; the plan has all.
    private static let mostCauses = 20

    private let causes: [PlanNotes.Note]
    /// What a rollback leaves alone, sorted by repository.
    private let leftAlone: [(repository: RepositoryID, sentences: [String])]
    /// Nil when nothing is left out.
    private let summary: String?

    init(of result: PlanResult) throws {
        try self.init(of: result.plan, requestIDs: result.requestIDs)
    }

    /// `requestIDs` are as ``PlanResult/requestIDs``.
    init(of plan: PlanFile, requestIDs: [Registry: [String: String]] = [:]) throws {
        var notes = PlanNotes()
        var requestIDs = requestIDs
        var (repositories, registries) = (0, 0)
        try plan.forEachProblem { problem in
            // One request is the example for all that failed like it.
            notes.add(problem, requestID: requestIDs[problem.subject.registry]?.removeValue(forKey: problem.code))
            if problem.subject.repository == nil { registries += 1 } else { repositories += 1 }
        }
        causes = notes.problems
        var leftAlone: [(RepositoryID, [String])] = []
        if plan.header.operation == .rollback {
            try plan.forEachEntry { entry in
                guard let repository = entry.repository, !entry.leftAlone.isEmpty else { return }
                leftAlone.append((repository, entry.leftAlone))
            }
        }
        self.leftAlone = leftAlone
        var codes: [String] = []
        for code in causes.compactMap(\.code) where !codes.contains(code) { codes.append(code) }
        let counts = [
            registries > 0 ? registries.counting("registry", "registries") : nil,
            repositories > 0 ? repositories.repositories : nil,
        ].compactMap(\.self)
        let verb = registries + repositories == 1 ? "is" : "are"
        let others = codes.count > 5 ? ", …" : ""
        // The plan counts both as problems.
        let total = counts.count > 1 ? "\((registries + repositories).counting("problem")): " : ""
        if !counts.isEmpty {
            let reasons = codes.prefix(5).joined(separator: ", ")
            summary = "\(total)\(counts.inWords) \(verb) left out of the plan (\(reasons)\(others))"
        } else if !leftAlone.isEmpty {
            let count = leftAlone.count.repositories
            summary = "something is left alone in \(count), as the warnings say"
        } else {
            summary = nil
        }
    }

    /// Shows the causes as errors; those with one of `codes` were shown already.
    func say(_ messages: Messages, without codes: Set<String> = []) {
        let causes = causes.filter { !codes.contains($0.code ?? "") }
        for cause in causes.prefix(Self.mostCauses) { messages.error(cause.line) }
        let more = causes.count - Self.mostCauses
        if more > 0 { messages.error("\(more.counting("more reason")) why something is left out; the plan has all") }
    }

    /// Says what a rollback leaves alone; the plan shows the same where it changes anything else there.
    func sayLeftAlone(_ messages: Messages) {
        for (repository, sentences) in leftAlone.prefix(Self.mostCauses) {
            messages.warning("\(repository): left alone: \(sentences.joined(separator: "; "))")
        }
        guard leftAlone.count > Self.mostCauses else { return }
        let more = (leftAlone.count - Self.mostCauses).counting("more repository", "more repositories")
        messages.warning("the plan has what is left alone in \(more)")
    }

    /// Says AWS's request ids, for a reader who sees the causes in the plan.
    func sayRequests(_ messages: Messages) {
        for cause in causes.prefix(Self.mostCauses) {
            if let request = cause.request { messages.note("\(cause.place): \(cause.code ?? ""): \(request)") }
        }
    }

    /// Ends the command with 3 and the summary when something is left out; the causes must have been shown.
    func throwIfAnything(_ more: String = "") throws {
        if let summary { throw CommandError(.incomplete, summary + more) }
    }

    /// Ends the command with 1, and every cause, when no account could be signed in to or reached.
    func throwIfNothingWasReached(_ result: PlanResult, _ messages: Messages) throws {
        guard summary != nil, result.reachedNothing else { return }
        say(messages)
        throw CommandError(.failed, "there is no plan, since no owner account could be signed in to or reached")
    }
}

package import AWSValues

/// Sentences about repositories and registries, for people: what is true of many is reported once, with all of them.
///
/// Problems whose messages differ only in what they name of their own subject have one cause, and are one note.
package struct PlanNotes: Sendable {
    /// A sentence, and the repositories and whole registries that it is true of.
    package struct Note: Sendable {
        /// A problem's code; nil for a warning.
        package let code: String?
        /// The different messages that are one note, at least one.
        package fileprivate(set) var messages: [String]
        package fileprivate(set) var repositories = RepositorySet()
        package fileprivate(set) var registries: [Registry] = []
        /// Whose message the first one is.
        fileprivate let first: PlanSubject
        /// Whether the messages name different regions.
        fileprivate var namesRegions = false
        /// AWS's ids of the requests that failed: the first one, and how many there are.
        fileprivate var requests: (first: String, count: Int)?

        /// What is true of all, with `{account}` and the like where each names its own.
        package var message: String {
            guard messages.count > 1 else { return messages[0] }
            var parts: SubjectParts = namesRegions ? .region : []
            if Set(repositories.names.joined()).count > 1 { parts.insert(.repository) }
            if Set((repositories.registries + registries).map(\.account)).count > 1 { parts.insert(.account) }
            return first.generalizing(messages[0], parts)
        }

        /// ``message`` with its code and request id, for one line.
        package var sentence: String {
            var text = message
            if let code, !text.contains(code) { text = "\(code): \(text)" }
            return request.map { "\(text) (\($0))" } ?? text
        }

        /// `request id ID`, for support; of several the first one. Nil where nothing was sent.
        package var request: String? {
            requests.map { first, count in
                "request id \(first)" + (count > 1 ? " and \((count - 1).grouped) more" : "")
            }
        }
    }

    private struct Key: Hashable {
        let code: String?
        let message: String
        /// What of the subject was left out of the message.
        var parts: SubjectParts.RawValue = 0
    }

    private var notes: [Note] = []
    private var places: [Key: Int] = [:]

    package init() {}

    /// What could not be done: whole registries, then the message with the most repositories first.
    package var problems: [Note] { sorted(notes.filter { $0.code != nil }) }

    /// What a reviewer should know, the message with the most repositories first.
    package var warnings: [Note] { sorted(notes.filter { $0.code == nil }) }

    private func sorted(_ notes: [Note]) -> [Note] {
        notes.sorted { left, right in
            (left.registries.count, left.repositories.count) > (right.registries.count, right.repositories.count)
        }
    }

    /// Adds a warning; repositories must come sorted.
    package mutating func add(warning: String, of repository: RepositoryID) {
        notes[place(ofWarning: warning, .repository(repository))].repositories.append(repository)
    }

    /// Adds a warning about a whole registry; registries must come sorted.
    package mutating func add(warning: String, of registry: Registry) {
        notes[place(ofWarning: warning, .registry(registry))].registries.append(registry)
    }

    private mutating func place(ofWarning warning: String, _ subject: PlanSubject) -> Int {
        let key = Key(code: nil, message: warning)
        let place = places[key] ?? begin(nil, warning, subject)
        places[key] = place
        return place
    }

    /// Adds a problem, and AWS's id of the request that failed; repositories must come sorted, and registries.
    package mutating func add(_ problem: Problem, requestID: String? = nil) {
        let place = place(of: problem)
        switch problem.subject {
        case .repository(let repository): notes[place].repositories.append(repository)
        case .registry(let registry): notes[place].registries.append(registry)
        }
        guard let requestID else { return }
        let known = notes[place].requests
        notes[place].requests = (known?.first ?? requestID, (known?.count ?? 0) + 1)
    }

    private mutating func place(of problem: Problem) -> Int {
        let exact = Key(code: problem.code, message: problem.message)
        if let place = places[exact] { return place }
        let keys = ([[.repository, .account], [.repository, .account, .region]] as [SubjectParts]).map { parts in
            Key(
                code: problem.code, message: problem.subject.generalizing(problem.message, parts),
                parts: parts.rawValue)
        }
        let place: Int
        if let known = keys.firstIndex(where: { places[$0] != nil }), let found = places[keys[known]] {
            place = found
            notes[place].messages.append(problem.message)
            if known > 0 { notes[place].namesRegions = true }
        } else {
            place = begin(problem.code, problem.message, problem.subject)
        }
        for key in keys + [exact] where places[key] == nil { places[key] = place }
        return place
    }

    private mutating func begin(_ code: String?, _ message: String, _ subject: PlanSubject) -> Int {
        notes.append(Note(code: code, messages: [message], first: subject))
        return notes.count - 1
    }
}

extension PlanNotes.Note {
    /// Characters of names that one line shows: what failed is named, unless there is too much of it for a message.
    private static let mostNames = 4_000

    /// The note on one line: whom it is about, the names folded, then ``sentence``.
    package var line: String { "\(place): \(sentence)" }

    /// Whom the note is about, on one line.
    package var place: String {
        var place = registries.folded
        if let single = repositories.single, registries.isEmpty { return single.description }
        guard repositories.count > 0 else { return place }
        place += (place.isEmpty ? "" : ", with ") + repositories.count.repositories
        let folds = repositories.folds
        if folds.count == 1, registries.isEmpty { place += " in \(folds[0].place)" }
        let names = folds.map { fold in
            let (pieces, hidden) = FoldedNames(fold.names).prefix(characters: max(40, Self.mostNames / folds.count))
            let more = hidden > 0 ? " and \(hidden.grouped) more" : ""
            let each = fold.registries.count > 1 ? " in each" : ""
            let start = folds.count == 1 ? "" : "\(fold.place): "
            return start + FoldedNames.text(of: pieces) + more + each
        }
        return "\(place) (\(names.joined(separator: "; ")))"
    }
}

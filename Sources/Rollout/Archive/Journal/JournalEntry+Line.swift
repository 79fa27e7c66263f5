import OrderedJSON
package import SharePlan

extension JournalEntry {
    /// Appends the entry as a line of JSON with its newline; members in a fixed order, those without a value omitted.
    package func append(to bytes: inout [UInt8]) {
        bytes.append(contentsOf: #"{"event":""#.utf8)
        bytes.append(contentsOf: event.word.utf8)
        bytes.append(contentsOf: #"","time":"#.utf8)
        JSONValue.string(time).append(to: &bytes)
        if let repository = event.repository {
            bytes.append(contentsOf: #","repository":"#.utf8)
            bytes.append(repository: repository)
        }
        for (name, value) in event.details {
            bytes.append(contentsOf: ",\"\(name)\":".utf8)
            value.append(to: &bytes)
        }
        bytes.append(contentsOf: "}\n".utf8)
    }

    /// Reads one line, without its newline.
    package init(decoding bytes: ArraySlice<UInt8>) throws(JSONMembers.Mismatch) {
        var members = try JSONMembers(parsing: bytes)
        let word = try members.string("event")
        let time = try members.string("time")
        self.init(time: time, event: try JournalEvent(word, from: &members))
        try members.end()
    }
}

extension JournalEvent {
    fileprivate var word: String {
        switch self {
        case .created: "created"
        case .started: "started"
        case .writing: "writing"
        case .applied: "applied"
        case .verified: "verified"
        case .skipped: "skipped"
        case .conflict: "conflict"
        case .failed: "failed"
        case .finished: "finished"
        }
    }

    /// What the last line counts, by its names.
    private static let counted: [(name: String, kind: RunOutcome.Kind)] = [
        ("applied", .written), ("skipped", .alreadyDone), ("conflicts", .conflict), ("failed", .failed),
        ("notStarted", .notStarted),
    ]

    fileprivate var details: [(name: String, value: JSONValue)] {
        switch self {
        case .created(let run): return [("run", .string(run.text))]
        case .started(let caller): return [("caller", JSONValue(caller))]
        case .writing, .applied, .verified, .skipped: return []
        case .conflict(_, let live, let written):
            return [("written", .string(written.rawValue)), ("live", JSONValue(live?.text))]
        case .failed(_, let code, let message, let requestID, let written):
            return [
                ("code", .string(code)), ("message", .string(message)), ("requestId", JSONValue(requestID)),
                ("written", .string(written.rawValue)),
            ]
        case .finished(let ending, let counts):
            return [("ending", .string(ending.rawValue))]
                + JournalEvent.counted.map { ($0.name, JSONValue(counts[$0.kind])) }
        }
    }

    fileprivate init(_ word: String, from members: inout JSONMembers) throws(JSONMembers.Mismatch) {
        switch word {
        case "created":
            self = .created(try members.parsed("run") { RunID($0) })
        case "started":
            self = .started(caller: try members.optionalString("caller"))
        case "finished":
            let ending = try members.parsed("ending") { RunEnding(rawValue: $0) }
            var counts = RunCounts()
            for (name, kind) in JournalEvent.counted { counts[kind] = try members.integer(name) }
            self = .finished(ending, counts)
        case "writing": self = .writing(try members.repository("repository"))
        case "applied": self = .applied(try members.repository("repository"))
        case "verified": self = .verified(try members.repository("repository"))
        case "skipped": self = .skipped(try members.repository("repository"))
        case "conflict":
            let repository = try members.repository("repository")
            let written = try members.parsed("written") { Written(rawValue: $0) }
            self = .conflict(repository, live: try members.optionalString("live").map { Policy($0) }, written: written)
        case "failed":
            let repository = try members.repository("repository")
            let code = try members.string("code")
            let message = try members.string("message")
            let requestID = try members.optionalString("requestId")
            let written = try members.parsed("written") { Written(rawValue: $0) }
            self = .failed(repository, code: code, message: message, requestID: requestID, written: written)
        default:
            throw JSONMembers.Mismatch(reason: "unknown event \(JSONValue.string(word).minified)")
        }
    }
}

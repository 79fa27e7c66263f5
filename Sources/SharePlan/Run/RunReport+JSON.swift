import OrderedJSON

extension RunReport {
    /// The report's first line of JSON: the run as a whole.
    package var json: String {
        let counts: JSONValue = [
            "planned": JSONValue(counts.planned), "written": JSONValue(counts[.written]),
            "alreadyDone": JSONValue(counts[.alreadyDone]), "failed": JSONValue(counts[.failed]),
            "conflicts": JSONValue(counts[.conflict]), "inDoubt": JSONValue(counts[.inDoubt]),
            "notStarted": JSONValue(counts[.notStarted]),
        ]
        let line: JSONValue = [
            "kind": "run", "version": JSONValue(1), "id": .string(header.id),
            "operation": .string(header.operation.rawValue), "undoes": JSONValue(header.undoes),
            "state": .string(phase.word), "startedAt": JSONValue(startedAt),
            "seconds": seconds.map { JSONValue($0) } ?? .null,
            "caller": JSONValue(caller), "counts": counts,
        ]
        return line.minified + "\n"
    }

    /// One line of JSON for a change of the plan.
    package func json(of change: Change) -> String {
        let repository = change.repository
        let outcome = outcome(of: repository)
        let cause = outcome.cause
        let line: JSONValue = [
            "kind": "outcome",
            "repository": repository.json,
            "action": .string(change.action.rawValue), "outcome": .string(outcome.kind.rawValue),
            "code": JSONValue(cause?.code), "message": JSONValue(cause?.message),
            "requestId": JSONValue(cause?.requestID),
        ]
        return line.minified + "\n"
    }
}

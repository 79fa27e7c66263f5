import AWSValues
import OrderedJSON

extension RunRendering {
    /// The report's first line of JSON: the run as a whole.
    package var json: String {
        let counts: JSONValue = [
            "planned": JSONValue(counts.planned), "written": JSONValue(counts.applied),
            "alreadyDone": JSONValue(counts.alreadyDone), "failed": JSONValue(counts.failed),
            "conflicts": JSONValue(counts.conflicts), "inDoubt": JSONValue(counts.inDoubt),
            "notStarted": JSONValue(counts.open),
        ]
        let line: JSONValue = [
            "kind": "run", "version": JSONValue(1), "id": .string(header.id),
            "operation": .string(header.operation.rawValue), "undoes": JSONValue(header.undoes),
            "state": .string(state.rawValue), "startedAt": JSONValue(startedAt),
            "seconds": seconds.map { JSONValue($0) } ?? .null,
            "caller": JSONValue(caller), "counts": counts,
        ]
        return line.minified + "\n"
    }

    /// One line of JSON for a change of the plan. `failure` is the repository's own, if it has one.
    package func json(of change: Change, failure: Failure?) -> String {
        let repository = change.repository
        let line: JSONValue = [
            "kind": "outcome",
            "repository": [
                "account": .string(repository.account.description), "region": .string(repository.region.name),
                "name": .string(repository.name.text),
            ],
            "action": .string(change.action.rawValue), "outcome": .string(outcome(of: repository).rawValue),
            "code": JSONValue(failure?.code), "message": JSONValue(failure?.message),
            "requestId": JSONValue(failure?.requestID),
        ]
        return line.minified + "\n"
    }
}

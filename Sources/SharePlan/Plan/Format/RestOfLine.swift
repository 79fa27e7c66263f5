import AWSValues
import OrderedJSON

/// What follows the repository on the line of a change, and where it is: equal ones have the same case.
struct RestOfLine: Hashable {
    private let registry: Registry
    private let bytes: [UInt8]

    /// In bytes.
    var size: Int { bytes.count }

    /// The repository of a change's line, given without its newline, and what follows it; nil for any other line.
    static func split(_ line: ArraySlice<UInt8>) -> (repository: RepositoryID, rest: RestOfLine)? {
        let end = UInt8(ascii: "}")
        guard let index = line.firstIndex(of: end), let value = try? JSONValue(parsing: line[...index] + [end]),
            var members = try? JSONMembers(value), (try? members.string("kind")) == "change",
            let repository = try? members.repository("repository"),
            line[...index].elementsEqual(PlanLine.startOfChange(of: repository))
        else { return nil }
        return (repository, RestOfLine(registry: repository.registry, bytes: Array(line[(index + 1)...])))
    }

    static func == (left: RestOfLine, right: RestOfLine) -> Bool {
        left.registry == right.registry
            && left.bytes.withUnsafeBytes { left in right.bytes.withUnsafeBytes { left.hasSameBytes(as: $0) } }
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(registry)
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}

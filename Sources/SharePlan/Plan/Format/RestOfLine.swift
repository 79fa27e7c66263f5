import AWSValues
import OrderedJSON

/// What follows the repository on the line of a change, and whose it is: equal ones have the same case.
struct RestOfLine: Hashable {
    private let owner: AccountID
    private let partition: Partition
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
        let rest = RestOfLine(
            owner: repository.account, partition: repository.region.partition, bytes: Array(line[(index + 1)...]))
        return (repository, rest)
    }

    static func == (left: RestOfLine, right: RestOfLine) -> Bool {
        left.owner == right.owner && left.partition == right.partition
            && left.bytes.withUnsafeBytes { left in right.bytes.withUnsafeBytes { left.hasSameBytes(as: $0) } }
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(owner)
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}

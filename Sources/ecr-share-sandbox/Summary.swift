import SimulatedAWS

/// One line about the calls that were served.
struct Summary: CustomStringConvertible {
    let description: String

    init(_ cloud: Cloud) {
        let operations = cloud.countsByOperation.sorted { $0.key < $1.key }.map { name, count in
            "\(name.isEmpty ? "(unknown)" : name) \(count.total)"
                + (count.refused > 0 ? " (\(count.refused) refused)" : "")
        }
        let total = cloud.totalCount
        description =
            "ecr-share-sandbox served \(total.total) calls, at most \(total.maximumInFlight) at once"
            + (operations.isEmpty ? "" : ": ") + operations.joined(separator: ", ")
    }
}

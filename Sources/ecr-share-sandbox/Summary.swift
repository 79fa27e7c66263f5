import SimulatedAWS

/// What was served: a line about the calls, and one about the writes, if there were any.
struct Summary: CustomStringConvertible {
    let description: String

    init(_ cloud: Cloud) {
        let operations = cloud.countsByOperation.sorted { $0.key < $1.key }.map { name, count in
            "\(name.isEmpty ? "(unknown)" : name) \(count.total)"
                + (count.refused > 0 ? " (\(count.refused) refused)" : "")
        }
        let total = cloud.totalCount
        description =
            "ecr-share-sandbox served \(total.total) \(total.total == 1 ? "call" : "calls"), at most \(total.maximumInFlight) at once"
            + (operations.isEmpty ? "" : ": ") + operations.joined(separator: ", ") + Summary.windows(of: cloud)
    }

    /// How long a write came after the look before it, as ECR sees it.
    private static func windows(of cloud: Cloud) -> String {
        let times = cloud.writeWindows.map { $0.seconds * 1000 }.sorted()
        guard let longest = times.last else { return "" }
        func text(_ time: Double) -> String {
            let tenths = Int((time * 10).rounded())
            return "\(tenths / 10).\(tenths % 10) ms"
        }
        return
            "\nFrom the read to the write, \(times.count) \(times.count == 1 ? "time" : "times"): median \(text(times[times.count / 2])), "
            + "at most \(text(longest))"
    }
}

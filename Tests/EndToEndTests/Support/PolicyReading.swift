import Foundation

/// A policy as these tests read it, with a parser and rules of their own: who may pull by our statements, and what
/// everybody else's statements are. Nothing of the program's merge is used.
struct PolicyReading: Equatable {
    /// The consumers of each of our statements, by its Sid: accounts by their ids, sorted, each once.
    var managed: [String: [String]] = [:]
    /// Everybody else's statements in their order, in one spelling.
    var foreign: [String] = []

    private static let pull = [
        "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer",
    ]

    struct NotReadable: Error {
        let text: String
    }

    init(_ text: String?) throws {
        guard let text else { return }
        guard let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any],
            let statements = object["Statement"] as? [[String: Any]]
                ?? (object["Statement"] as? [String: Any]).map({ [$0] })
        else { throw NotReadable(text: text) }
        for statement in statements {
            guard let sid = statement["Sid"] as? String, sid.hasPrefix("EcrShare") else {
                foreign.append(try PolicyReading.spelled(statement))
                continue
            }
            guard managed[sid] == nil, statement["Effect"] as? String == "Allow" else { throw NotReadable(text: text) }
            let principal = statement["Principal"] as? [String: Any]
            if sid == "EcrShareAllowPull", PolicyReading.list(statement["Action"]) != PolicyReading.pull {
                throw NotReadable(text: text)
            }
            managed[sid] = PolicyReading.list(principal?["AWS"]).map { arn in
                arn.hasSuffix(":root") ? String(arn.split(separator: ":")[3]) : arn
            }.sorted()
        }
    }

    /// The accounts that may pull by ours.
    var pullers: [String] { managed["EcrShareAllowPull"] ?? [] }

    private static func list(_ value: Any?) -> [String] {
        ((value as? [String]) ?? [value as? String].compactMap { $0 }).sorted()
    }

    /// One spelling of a statement: members and lists sorted, one string as a list of one.
    private static func spelled(_ statement: [String: Any]) throws -> String {
        func sorted(_ value: Any) -> Any {
            switch value {
            case let list as [String]: list.count == 1 ? list[0] : list.sorted()
            case let object as [String: Any]: object.mapValues(sorted)
            default: value
            }
        }
        let data = try JSONSerialization.data(withJSONObject: sorted(statement), options: [.sortedKeys])
        return String(decoding: data, as: UTF8.self)
    }
}

extension Workplace {
    /// Every repository's policy as these tests read it.
    func readings() throws -> [String: PolicyReading] {
        try server.policies.mapValues { try PolicyReading($0) }
    }
}

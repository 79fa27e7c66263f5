import AWSValues
import OrderedCollections
import OrderedJSON

/// The answer of `ecr-share access` in its forms: a repository at a time, in sorted order.
package enum AccessReport: Sendable {
    /// For people: one block per repository, in lines of at most so many columns; nil for a file or a program.
    case text(width: Int?)
    /// JSON Lines: an object for each entry, for each grant of the matrix that nothing gives, and for what was not
    /// read.
    case json
    /// A matrix of what the managed statements grant, which `plan` accepts and finds nothing to change in. What is
    /// foreign is in comments.
    case csv

    /// What comes before the first repository.
    package var head: String {
        switch self {
        case .text, .json: ""
        case .csv: "owner_account,region,repository,consumer,access,consumer_region\n"
        }
    }

    /// What is reported about one repository: complete lines.
    package func lines(for access: RepositoryAccess) -> String {
        switch self {
        case .text(let width): AccessReport.text(access, width)
        case .json: AccessReport.json(access)
        case .csv: AccessReport.csv(access)
        }
    }

    /// What is reported about a repository, or all of a registry, that could not be read: complete lines. Nothing in
    /// text, where messages say it.
    package func lines(unread problem: Problem) -> String {
        switch self {
        case .text: return ""
        case .json: return PlanLine.entry(.problem(problem)).text
        case .csv:
            let registry = problem.subject.registry
            let name = problem.subject.repository.map { ",\($0.name)" } ?? ""
            let place = "\(registry.account),\(registry.region)\(name)"
            return "# not read: \(place): \("\(problem.code): \(problem.message)".visible())\n"
        }
    }

    private static func text(_ access: RepositoryAccess, _ width: Int?) -> String {
        let missing = access.missing.map { ["\($0.consumer)", "not \($0.inWords)", "", "in the matrix, not granted"] }
        let rows =
            access.entries.map { entry in
                [
                    entry.who, entry.what, entry.whence,
                    access.isInMatrix(entry).map { $0 ? "" : "not in the matrix" } ?? "",
                ]
            } + missing
        if rows.isEmpty { return "\(access.repository): nobody\n" }
        // A long list of actions does not push the others' statements out of sight.
        let widths = (0..<3).map { column in rows.map { $0[column].count }.filter { $0 <= 72 }.max() ?? 0 }
        var layout = TextLayout(options: TextOptions(width: width ?? .max))
        layout.line("\(access.repository)")
        for row in rows {
            let line = zip(row, widths + [0]).map { $0.padded(to: $1) }.joined(separator: "  ")
            if let width, 2 + line.count > width {
                // As in the table, two spaces are between the columns.
                let rest = row.dropFirst().filter { !$0.isEmpty }.joined(separator: "  ")
                layout.paragraph(TextLayout.words(of: rest), indent: 6, mark: TextLayout.Word("  \(row[0]) "))
            } else {
                layout.line(line, indent: 2)
            }
        }
        return layout.text
    }

    private static func json(_ access: RepositoryAccess) -> String {
        let repository = access.repository.json
        var lines = access.entries.map { json($0, repository, isInMatrix: access.isInMatrix($0)) }
        lines += access.missing.map { grant in
            let kind: AccessEntry.Kind = grant.access == .lambdaOnly ? .lambda : AccessEntry.Kind(of: grant.consumer)
            return [
                "kind": "missing", "repository": repository, "principal": .string(grant.consumer.description),
                "principalKind": .string(kind.rawValue), "consumerRegion": JSONValue(grant.consumerRegion?.name),
                "access": .string(grant.access.rawValue),
            ]
        }
        if lines.isEmpty { lines = [["kind": "nobody", "repository": repository]] }
        return lines.map { $0.minified + "\n" }.joined()
    }

    private static func json(_ entry: AccessEntry, _ repository: JSONValue, isInMatrix: Bool?) -> JSONValue {
        var object: JSONObject = [
            "kind": "access", "repository": repository,
            "principal": .string(entry.principal), "principalKind": .string(entry.kind.rawValue),
            "consumerRegion": JSONValue(entry.region), "function": JSONValue(entry.function),
        ]
        switch entry.extent {
        case .access(let word):
            object["access"] = .string(word.rawValue)
            object["actions"] = .null
        case .other(let actions):
            object["access"] = .null
            object["actions"] = .array(actions.map(JSONValue.string))
        }
        object["decision"] = .string(entry.decision.word)
        object["doubts"] = .array(entry.decision.doubts.map { .string($0.description) })
        object["statements"] = .array(
            entry.statements.map { statement in
                var object: JSONObject = [
                    "index": JSONValue(statement.registryIndex ?? statement.index), "sid": JSONValue(statement.sid),
                ]
                if statement.registryIndex != nil { object["policy"] = "registry" }
                return .object(object)
            })
        object["inMatrix"] = isInMatrix.map(JSONValue.bool) ?? .null
        return .object(object)
    }

    private static func csv(_ access: RepositoryAccess) -> String {
        let repository = access.repository
        let place = "\(repository.account),\(repository.region),\(repository.name)"
        var text = ""
        for grant in access.managed {
            text += "\(place),\(grant.consumer),\(grant.access.rawValue),\(grant.consumerRegion?.name ?? "")\n"
        }
        for entry in access.foreign {
            text += "# foreign: \(place): \("\(entry.who): \(entry.what), \(entry.whence)".visible())\n"
        }
        for entry in access.possible {
            text +=
                "# in the matrix, perhaps granted: \(place): \("\(entry.who): \(entry.what), \(entry.whence)".visible())\n"
        }
        for grant in access.missing {
            text += "# in the matrix, not granted: \(place): \(grant.consumer): \(grant.inWords)\n"
        }
        if text.isEmpty { text = "# nobody: \(place)\n" }
        return text
    }
}

extension Grant {
    /// The access, and the region of Lambda functions.
    var inWords: String { access.rawValue + (consumerRegion.map { " in \($0)" } ?? "") }
}

extension AccessEntry {
    /// Who: the principal, and what is special about it.
    var who: String {
        let mark =
            switch kind {
            case .public where decision.isDenial: " (everybody else)"
            case .public: " PUBLIC"
            case .anyOrganization where decision.isDenial: " (members of any other organization)"
            case .anyOrganization where decision.isOfOwnersOrganization: " (members of the owner's organization)"
            case .anyOrganization: " PUBLIC (members of any organization)"
            case .service where principal == "*": " (any AWS service)"
            case .deleted: " (deleted)"
            case .unknown: " (unknown)"
            case .lambda: " Lambda" + (region.map { " \($0)" } ?? "") + (function.map { " \($0)" } ?? "")
            case .organization, .path, .account, .role, .user, .session, .service: ""
            }
        return principal.visible() + mark
    }

    /// What they may do, or may not.
    var what: String {
        let actions =
            switch extent {
            case .access(let access): access.rawValue
            case .other(let actions): actions.map { $0.visible() }.joined(separator: " ")
            }
        return switch decision {
        case .allowed: actions
        case .denied: extent == .access(.push) ? "DENIED pull and push" : "DENIED \(actions)"
        case .depends:
            "perhaps \(actions) (depends on "
                + decision.doubts.map { $0.description.visible() }.joined(separator: ", ") + ")"
        case .notAllowed where kind == .deleted || kind == .unknown: "nothing"
        case .notAllowed: extent == .access(.push) ? "neither pull nor push" : "not \(actions)"
        }
    }

    /// The statements that it comes from.
    fileprivate var whence: String {
        statements.map { $0.description.visible() }.joined(separator: " ")
    }
}

extension Decision {
    fileprivate var word: String {
        switch self {
        case .allowed: "allowed"
        case .denied: "denied"
        case .depends: "depends"
        case .notAllowed: "not-allowed"
        }
    }
}

package import AWSValues
import OrderedCollections
package import OrderedJSON

extension PlanLine {
    /// The line's UTF-8 bytes, without a newline.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    /// The line with its newline.
    package var text: String { String(decoding: bytes, as: UTF8.self) + "\n" }

    /// How the line of a change of `repository` begins; everything behind it is of the change itself.
    package static func startOfChange(of repository: RepositoryID) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        bytes.append(kind: "change", of: repository)
        return bytes
    }

    /// What a digest covers of a header: what decides how the changes are read, not when or from what they were made.
    static func digestedBytes(of header: PlanHeader) -> [UInt8] {
        let line: JSONValue = [
            "operation": .string(header.operation.rawValue), "mode": .string(header.mode.rawValue),
            "sidPrefix": .string(header.sidPrefix),
        ]
        return Array(line.minified.utf8)
    }

    /// What a digest covers of a problem: its line without the message, which differs from call to call.
    static func digestedBytes(of problem: Problem) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(startOf: problem)
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// Appends ``bytes``. A plan may hold ten million grants, so nothing is built on the way.
    package func append(to bytes: inout [UInt8]) {
        switch self {
        case .header(let header): bytes.append(header: header)
        case .entry(.change(let change)): bytes.append(change: change)
        case .entry(.unchanged(let unchanged)): bytes.append(unchanged: unchanged)
        case .entry(.problem(let problem)): bytes.append(problem: problem)
        case .entry(.orphan(let orphan)): bytes.append(orphan: orphan)
        case .summary(let totals): bytes.append(totals: totals)
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(header: PlanHeader) {
        append(#"{"kind":"plan","version":"#, number: PlanLine.version)
        append(#","id":"#, quoting: header.id)
        append(#","createdAt":"#, quoting: header.createdAt)
        append(#","operation":"#, quoting: header.operation.rawValue)
        append(#","mode":"#, quoting: header.mode.rawValue)
        append(#","sidPrefix":"#, quoting: header.sidPrefix)
        append(verbatim: #","matrix":"#)
        if let matrix = header.matrix {
            append(#"{"path":"#, quoting: matrix.path)
            append(#","sha256":"#, quoting: matrix.sha256)
            append(#","rows":"#, number: matrix.rows)
            append(verbatim: "}")
        } else {
            append(verbatim: "null")
        }
        if !header.notes.isEmpty { append(#","notes":"#, array: header.notes) { $0.append(note: $1) } }
        if let undoes = header.undoes {
            append(#","undoes":"#, quoting: undoes)
            if let size = header.journalSize { append(verbatim: ",\"journalSize\":\(size)") }
            if let run = header.newestRun { append(#","newestRun":"#, quoting: run) }
        }
        append(verbatim: "}")
    }

    private mutating func append(note: PlanHeader.Note) {
        append(verbatim: "{")
        append(registry: note.registry)
        append(#","message":"#, quoting: note.message)
        append(verbatim: "}")
    }

    private mutating func append(registry: Registry) {
        append(verbatim: #""registry":{"account":"\#(registry.account)","region":"\#(registry.region)"}"#)
    }

    fileprivate mutating func append(change: Change) {
        append(kind: "change", of: change.repository)
        append(#","action":"#, quoting: change.action.rawValue)
        append(#","before":"#, quoting: change.before?.text)
        append(#","after":"#, quoting: change.after?.text)
        append(#","size":"#, number: change.size)
        append(#","grants":{"added":"#, array: change.grants.added) { $0.append(grant: $1) }
        append(#","removed":"#, array: change.grants.removed) { $0.append(grant: $1) }
        append(#"},"access":{"gained":"#, array: change.access.gained) { $0.append(access: $1) }
        append(#","lost":"#, array: change.access.lost) { $0.append(access: $1) }
        append(#","kept":"#, array: change.access.kept) { $0.append(access: $1) }
        append(#"},"warnings":"#, array: change.warnings) { $0.append(quoting: $1) }
        if !change.replaced.isEmpty {
            append(#","replaced":"#, array: change.replaced) { $0.append(replaced: $1) }
        }
        if let policy = change.registryPolicy { append(#","registry":"#, quoting: policy.text) }
        append(verbatim: "}")
    }

    private mutating func append(replaced statement: ReplacedStatement) {
        append(#"{"statement":"#, quoting: statement.sid)
        append(verbatim: statement.denies ? #","denies":true}"# : #","denies":false}"#)
    }

    fileprivate mutating func append(unchanged: Unchanged) {
        append(kind: "unchanged", of: unchanged.repository)
        if !unchanged.warnings.isEmpty {
            append(#","warnings":"#, array: unchanged.warnings) { $0.append(quoting: $1) }
        }
        append(verbatim: "}")
    }

    fileprivate mutating func append(problem: Problem) {
        append(startOf: problem)
        append(#","message":"#, quoting: problem.message)
        append(verbatim: "}")
    }

    fileprivate mutating func append(orphan: Orphan) {
        append(kind: "orphan", of: orphan.repository)
        append(#","grants":"#, array: orphan.grants) { $0.append(grant: WantedGrant($1)) }
        if !orphan.handEdited.isEmpty {
            append(#","handEdited":"#, array: orphan.handEdited) { $0.append(quoting: $1) }
        }
        append(verbatim: "}")
    }

    fileprivate mutating func append(startOf problem: Problem) {
        switch problem.subject {
        case .repository(let repository): append(kind: "problem", of: repository)
        case .registry(let registry):
            append(verbatim: #"{"kind":"problem","#)
            append(registry: registry)
        }
        append(#","code":"#, quoting: problem.code)
    }

    fileprivate mutating func append(totals: PlanLine.Totals) {
        append(verbatim: #"{"kind":"summary""#)
        for (name, count) in totals.counts {
            append(",\"\(name)\":", number: count)
        }
        append(#","digest":"#, quoting: totals.digest)
        append(verbatim: "}")
    }

    fileprivate mutating func append(kind: String, of repository: RepositoryID) {
        append(verbatim: #"{"kind":""#)
        append(verbatim: kind)
        append(verbatim: #"","repository":"#)
        append(repository: repository)
    }

    private mutating func append(grant wanted: WantedGrant) {
        // Neither consumers nor regions nor access words hold a character that JSON would escape.
        append(verbatim: #"{"consumer":""#)
        append(verbatim: wanted.grant.consumer.description)
        append(verbatim: #"","access":""#)
        append(verbatim: wanted.grant.access.rawValue)
        if let region = wanted.grant.consumerRegion {
            append(verbatim: #"","consumerRegion":""#)
            append(verbatim: region.name)
            append(verbatim: #"","reason":"#)
        } else {
            append(verbatim: #"","consumerRegion":null,"reason":"#)
        }
        append(quoting: wanted.reason.isEmpty ? nil : wanted.reason)
        if let expires = wanted.expires {
            append(verbatim: #","expires":""#)
            append(verbatim: expires.description)
            append(verbatim: "\"")
        } else {
            append(verbatim: #","expires":null"#)
        }
        if let row = wanted.row { append(verbatim: ",\"row\":\(row)") }
        append(verbatim: "}")
    }

    private mutating func append(access entry: AccessChange.Entry) {
        append(#"{"consumer":"#, quoting: entry.principal)
        if entry.kind != AccessChange.Entry.impliedKind(of: entry.principal, entry.extent) {
            append(verbatim: #","principalKind":""#)
            append(verbatim: entry.kind.rawValue)
            append(verbatim: #"""#)
        }
        switch entry.extent {
        case .access(let access):
            append(verbatim: #","access":""#)
            append(verbatim: access.rawValue)
            append(verbatim: #"","consumerRegion":"#)
        case .other(let actions):
            append(#","access":null,"actions":"#, array: actions) { $0.append(quoting: $1) }
            append(verbatim: #","consumerRegion":"#)
        }
        append(quoting: entry.region)
        if let function = entry.function { append(#","function":"#, quoting: function) }
        append(#","through":"#, array: entry.through) { $0.append(quoting: $1) }
        append(#","doubts":"#, array: entry.doubts) { $0.append(quoting: $1) }
        if !entry.doubts.isEmpty {
            append(verbatim: #","afterwards":""#)
            append(verbatim: entry.afterwards.rawValue)
            append(verbatim: #"""#)
        }
        append(verbatim: "}")
    }

    private mutating func append<Item>(
        _ start: String, array: [Item], _ element: (inout [UInt8], Item) -> Void
    ) {
        append(verbatim: start)
        append(verbatim: "[")
        for index in array.indices {
            if index > 0 { append(verbatim: ",") }
            element(&self, array[index])
        }
        append(verbatim: "]")
    }

    private mutating func append(verbatim text: String) {
        append(contentsOf: text.utf8)
    }

    private mutating func append(_ start: String, number: Int) {
        append(verbatim: start)
        append(contentsOf: String(number).utf8)
    }

    private mutating func append(_ start: String = "", quoting text: String?) {
        append(verbatim: start)
        JSONValue(text).append(to: &self)
    }
}

extension RepositoryID {
    /// The repository as plans and reports name it.
    package var json: JSONValue {
        ["account": .string(account.description), "region": .string(region.name), "name": .string(name.text)]
    }
}

extension [UInt8] {
    /// Appends `{"account":…,"region":…,"name":…}`, as plans and journals name a repository.
    package mutating func append(repository: RepositoryID) {
        append(contentsOf: #"{"account":""#.utf8)
        append(contentsOf: repository.account.description.utf8)
        append(contentsOf: #"","region":""#.utf8)
        append(contentsOf: repository.region.name.utf8)
        append(contentsOf: #"","name":""#.utf8)
        append(contentsOf: repository.name.text.utf8)
        append(contentsOf: #""}"#.utf8)
    }
}

package import AWSValues
import OrderedJSON

extension PlanLine {
    /// The line's UTF-8 bytes, without a newline.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

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
        append(verbatim: #"{"kind":"plan","version":"#)
        append(number: PlanLine.version)
        append(verbatim: #","id":"#)
        append(quoting: header.id)
        append(verbatim: #","createdAt":"#)
        append(quoting: header.createdAt)
        append(verbatim: #","operation":"#)
        append(quoting: header.operation.rawValue)
        append(verbatim: #","mode":"#)
        append(quoting: header.mode.rawValue)
        append(verbatim: #","sidPrefix":"#)
        append(quoting: header.sidPrefix)
        append(verbatim: #","matrix":"#)
        if let matrix = header.matrix {
            append(verbatim: #"{"path":"#)
            append(quoting: matrix.path)
            append(verbatim: #","sha256":"#)
            append(quoting: matrix.sha256)
            append(verbatim: #","rows":"#)
            append(number: matrix.rows)
            append(verbatim: "}")
        } else {
            append(verbatim: "null")
        }
        if !header.notes.isEmpty {
            append(verbatim: #","notes":"#)
            append(array: header.notes) { $0.append(note: $1) }
        }
        if let undoes = header.undoes {
            append(verbatim: #","undoes":"#)
            append(quoting: undoes)
            if let size = header.journalSize { append(verbatim: ",\"journalSize\":\(size)") }
            if let run = header.newestRun {
                append(verbatim: #","newestRun":"#)
                append(quoting: run)
            }
        }
        append(verbatim: "}")
    }

    private mutating func append(note: PlanHeader.Note) {
        append(verbatim: #"{"registry":{"account":""#)
        append(verbatim: note.registry.account.description)
        append(verbatim: #"","region":""#)
        append(verbatim: note.registry.region.name)
        append(verbatim: #""},"message":"#)
        append(quoting: note.message)
        append(verbatim: "}")
    }

    fileprivate mutating func append(change: Change) {
        append(kind: "change", of: change.repository)
        append(verbatim: #","action":"#)
        append(quoting: change.action.rawValue)
        append(verbatim: #","before":"#)
        append(quoting: change.before?.text)
        append(verbatim: #","after":"#)
        append(quoting: change.after?.text)
        append(verbatim: #","size":"#)
        append(number: change.size)
        append(verbatim: #","grants":{"added":"#)
        append(array: change.grants.added) { $0.append(grant: $1) }
        append(verbatim: #","removed":"#)
        append(array: change.grants.removed) { $0.append(grant: $1) }
        append(verbatim: #"},"access":{"gained":"#)
        append(array: change.access.gained) { $0.append(access: $1) }
        append(verbatim: #","lost":"#)
        append(array: change.access.lost) { $0.append(access: $1) }
        append(verbatim: #","kept":"#)
        append(array: change.access.kept) { $0.append(access: $1) }
        append(verbatim: #"},"warnings":"#)
        append(array: change.warnings) { $0.append(quoting: $1) }
        if !change.replaced.isEmpty {
            append(verbatim: #","replaced":"#)
            append(array: change.replaced) { $0.append(replaced: $1) }
        }
        if let registry = change.registry {
            append(verbatim: #","registry":"#)
            append(quoting: registry.text)
        }
        append(verbatim: "}")
    }

    private mutating func append(replaced statement: ReplacedStatement) {
        append(verbatim: #"{"statement":"#)
        append(quoting: statement.sid)
        append(verbatim: statement.denies ? #","denies":true}"# : #","denies":false}"#)
    }

    fileprivate mutating func append(unchanged: Unchanged) {
        append(kind: "unchanged", of: unchanged.repository)
        if !unchanged.warnings.isEmpty {
            append(verbatim: #","warnings":"#)
            append(array: unchanged.warnings) { $0.append(quoting: $1) }
        }
        append(verbatim: "}")
    }

    fileprivate mutating func append(problem: Problem) {
        append(startOf: problem)
        append(verbatim: #","message":"#)
        append(quoting: problem.message)
        append(verbatim: "}")
    }

    fileprivate mutating func append(orphan: Orphan) {
        append(kind: "orphan", of: orphan.repository)
        append(verbatim: #","grants":"#)
        append(array: orphan.grants) { $0.append(grant: WantedGrant($1)) }
        if !orphan.handEdited.isEmpty {
            append(verbatim: #","handEdited":"#)
            append(array: orphan.handEdited) { $0.append(quoting: $1) }
        }
        append(verbatim: "}")
    }

    fileprivate mutating func append(startOf problem: Problem) {
        switch problem.subject {
        case .repository(let repository): append(kind: "problem", of: repository)
        case .registry(let registry):
            append(verbatim: #"{"kind":"problem","registry":{"account":""#)
            append(verbatim: registry.account.description)
            append(verbatim: #"","region":""#)
            append(verbatim: registry.region.name)
            append(verbatim: #""}"#)
        }
        append(verbatim: #","code":"#)
        append(quoting: problem.code)
    }

    fileprivate mutating func append(totals: PlanLine.Totals) {
        append(verbatim: #"{"kind":"summary""#)
        for count in totals.counts {
            append(verbatim: #",""#)
            append(verbatim: count.name)
            append(verbatim: #"":"#)
            append(number: count.value)
        }
        append(verbatim: #","digest":"#)
        append(quoting: totals.digest)
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
        append(verbatim: #"{"consumer":"#)
        append(quoting: entry.principal)
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
            append(verbatim: #","access":null,"actions":"#)
            append(array: actions) { $0.append(quoting: $1) }
            append(verbatim: #","consumerRegion":"#)
        }
        append(quoting: entry.region)
        if let function = entry.function {
            append(verbatim: #","function":"#)
            append(quoting: function)
        }
        append(verbatim: #","through":"#)
        append(array: entry.through) { $0.append(quoting: $1) }
        append(verbatim: #","doubts":"#)
        append(array: entry.doubts) { $0.append(quoting: $1) }
        if !entry.doubts.isEmpty {
            append(verbatim: #","afterwards":""#)
            append(verbatim: entry.afterwards.rawValue)
            append(verbatim: #"""#)
        }
        append(verbatim: "}")
    }

    private mutating func append<Item>(array: [Item], _ element: (inout [UInt8], Item) -> Void) {
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

    private mutating func append(number: Int) {
        append(contentsOf: String(number).utf8)
    }

    private mutating func append(quoting text: String?) {
        JSONValue(text).append(to: &self)
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

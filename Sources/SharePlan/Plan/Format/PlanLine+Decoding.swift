import AWSValues
import OrderedCollections
import OrderedJSON

extension PlanLine {
    /// Reads one line, without its newline. Members must be exactly those that are written, in their order.
    init(decoding bytes: ArraySlice<UInt8>) throws(JSONMembers.Mismatch) {
        var members = try JSONMembers(parsing: bytes)
        switch try members.string("kind") {
        case "plan":
            let version = try members.integer("version")
            guard version == PlanLine.version else {
                throw JSONMembers.Mismatch(reason: "version \(version) is not known", version: version)
            }
            self = .header(try PlanHeader(from: &members))
        case "change": self = .entry(.change(try Change(from: &members)))
        case "unchanged": self = .entry(.unchanged(try Unchanged(from: &members)))
        case "problem": self = .entry(.problem(try Problem(from: &members)))
        case "orphan": self = .entry(.orphan(try Orphan(from: &members)))
        case "summary": self = .summary(try Totals(from: &members))
        case let kind: throw JSONMembers.Mismatch(reason: "unknown kind \(JSONValue.string(kind).minified)")
        }
        try members.end()
    }
}

extension PlanEntry {
    /// Reads one entry's line, without its newline.
    package init(decoding bytes: ArraySlice<UInt8>) throws(JSONMembers.Mismatch) {
        guard case .entry(let entry) = try PlanLine(decoding: bytes) else {
            throw JSONMembers.Mismatch(reason: "expected the line of a repository")
        }
        self = entry
    }
}

extension PlanHeader {
    fileprivate init(from members: inout JSONMembers) throws(JSONMembers.Mismatch) {
        let id = try members.string("id")
        let createdAt = try members.string("createdAt")
        let operation = try members.parsed("operation") { Operation(rawValue: $0) }
        let mode = try members.parsed("mode") { MergeMode(rawValue: $0) }
        let sidPrefix = try members.string("sidPrefix")
        let matrix = try members.value("matrix")
        let notes = members.has("notes") ? try members.array("notes", Note.init) : []
        self.init(
            id: id, createdAt: createdAt, operation: operation, mode: mode, sidPrefix: sidPrefix,
            matrix: matrix == .null ? nil : try JSONMembers.whole(matrix, Source.init), notes: notes,
            undoes: members.has("undoes") ? try members.string("undoes") : nil,
            journalSize: members.has("journalSize") ? try members.integer("journalSize") : nil,
            newestRun: members.has("newestRun") ? try members.string("newestRun") : nil
        )
    }
}

extension PlanHeader.Note {
    fileprivate init(from members: inout JSONMembers) throws(JSONMembers.Mismatch) {
        self.init(try members.registry("registry"), try members.string("message"))
    }
}

extension PlanHeader.Source {
    fileprivate init(from members: inout JSONMembers) throws(JSONMembers.Mismatch) {
        self.init(
            path: try members.string("path"), sha256: try members.string("sha256"), rows: try members.integer("rows"))
    }
}

extension Change {
    fileprivate init(from members: inout JSONMembers) throws(JSONMembers.Mismatch) {
        let repository = try members.repository("repository")
        let action = try members.parsed("action") { Action(rawValue: $0) }
        let before = try members.optionalString("before").map { Policy($0) }
        let after = try members.optionalString("after").map { Policy($0) }
        let size = try members.integer("size")
        let grants = try members.object("grants", GrantDifference.init)
        let access = try members.object("access", AccessChange.init)
        let warnings = try members.strings("warnings")
        self.init(
            repository: repository, before: before, after: after, grants: grants, access: access, warnings: warnings,
            replaced: members.has("replaced") ? try members.array("replaced", ReplacedStatement.init) : [],
            registryPolicy: members.has("registry") ? Policy(try members.string("registry")) : nil)
        guard before != nil || after != nil else {
            throw JSONMembers.Mismatch(reason: "\"before\" and \"after\" are both null")
        }
        guard action == self.action else {
            throw JSONMembers.Mismatch(
                reason: "\"action\" is \(action.rawValue), and the policies say \(self.action.rawValue)")
        }
        guard size == self.size else {
            throw JSONMembers.Mismatch(reason: "\"size\" is \(size), and \"after\" has \(self.size) characters")
        }
    }
}

extension GrantDifference {
    fileprivate init(from members: inout JSONMembers) throws(JSONMembers.Mismatch) {
        self.init(
            added: try members.array("added", WantedGrant.init),
            removed: try members.array("removed", WantedGrant.init))
    }
}

extension AccessChange {
    fileprivate init(from members: inout JSONMembers) throws(JSONMembers.Mismatch) {
        func entries(_ name: String, _ certain: Afterwards) throws(JSONMembers.Mismatch) -> [Entry] {
            try members.array(name) { entry throws(JSONMembers.Mismatch) in try Entry(from: &entry, certain) }
        }
        self.init(
            gained: try entries("gained", .allowed), lost: try entries("lost", .notAllowed),
            kept: try entries("kept", .allowed))
    }
}

extension AccessChange.Entry {
    /// `certain` is what the new policy gives where there are no doubts.
    fileprivate init(
        from members: inout JSONMembers, _ certain: AccessChange.Afterwards
    ) throws(JSONMembers.Mismatch) {
        let principal = try members.string("consumer")
        let told =
            members.has("principalKind") ? try members.parsed("principalKind") { AccessEntry.Kind(rawValue: $0) } : nil
        let word = try members.optionalString("access")
        let extent: AccessEntry.Extent
        if let word {
            guard let access = Access(rawValue: word) else {
                throw JSONMembers.Mismatch(reason: "\"access\" cannot be \(JSONValue.string(word).minified)")
            }
            extent = .access(access)
        } else {
            extent = .other(try members.strings("actions"))
        }
        let region = try members.optionalString("consumerRegion")
        let function = members.has("function") ? try members.string("function") : nil
        let through = try members.strings("through")
        let doubts = try members.strings("doubts")
        let afterwards =
            doubts.isEmpty ? certain : try members.parsed("afterwards") { AccessChange.Afterwards(rawValue: $0) }
        let implied = AccessChange.Entry.impliedKind(of: principal, extent)
        guard let kind = told ?? implied, told != implied else {
            throw JSONMembers.Mismatch(
                reason: "\"principalKind\" should say what \(JSONValue.string(principal).minified) is")
        }
        self.init(
            kind: kind, principal: principal, region: region, function: function, extent: extent, through: through,
            doubts: doubts, afterwards: afterwards)
    }
}

extension WantedGrant {
    fileprivate init(from members: inout JSONMembers) throws(JSONMembers.Mismatch) {
        let consumer = try members.parsed("consumer") { Consumer($0) }
        let access = try members.parsed("access") { Access(rawValue: $0) }
        var region: Region?
        if let name = try members.optionalString("consumerRegion") {
            region = Region(name)
            guard region != nil else { throw JSONMembers.Mismatch(reason: "\"consumerRegion\" is not valid: \(name)") }
        }
        let reason = try members.optionalString("reason") ?? ""
        var expires: CalendarDate?
        if let date = try members.optionalString("expires") {
            expires = CalendarDate(date)
            guard expires != nil else { throw JSONMembers.Mismatch(reason: "\"expires\" is not a date: \(date)") }
        }
        let row = members.has("row") ? try members.integer("row") : nil
        self.init(
            Grant(consumer: consumer, access: access, consumerRegion: region), reason: reason, expires: expires,
            row: row)
    }
}

extension ReplacedStatement {
    fileprivate init(from members: inout JSONMembers) throws(JSONMembers.Mismatch) {
        let sid = try members.string("statement")
        let denies = try members.value("denies")
        guard denies == .bool(true) || denies == .bool(false) else {
            throw JSONMembers.Mismatch(reason: "\"denies\" must be true or false")
        }
        self.init(sid: sid, denies: denies == .bool(true))
    }
}

extension Unchanged {
    fileprivate init(from members: inout JSONMembers) throws(JSONMembers.Mismatch) {
        let repository = try members.repository("repository")
        self.init(repository: repository, warnings: members.has("warnings") ? try members.strings("warnings") : [])
    }
}

extension Orphan {
    fileprivate init(from members: inout JSONMembers) throws(JSONMembers.Mismatch) {
        let repository = try members.repository("repository")
        let grants = try members.array("grants", WantedGrant.init).map(\.grant)
        let edited = members.has("handEdited") ? try members.strings("handEdited") : []
        self.init(repository: repository, grants: grants, handEdited: edited)
    }
}

extension Problem {
    fileprivate init(from members: inout JSONMembers) throws(JSONMembers.Mismatch) {
        let subject: PlanSubject =
            members.has("registry")
            ? .registry(try members.registry("registry")) : .repository(try members.repository("repository"))
        let code = try members.string("code")
        self.init(subject, code: code, message: try members.string("message"))
    }
}

extension PlanLine.Totals {
    fileprivate init(from members: inout JSONMembers) throws(JSONMembers.Mismatch) {
        var counts = PlanSummary().counts
        for name in counts.keys { counts[name] = try members.integer(name) }
        self.init(counts: counts, digest: try members.string("digest"))
    }
}

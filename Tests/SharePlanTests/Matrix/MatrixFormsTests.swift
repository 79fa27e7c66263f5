import AWSValues
import SharePlan
import TestSupport
import Testing

/// The wide form against the long one: the same random grants, written in both.
@Suite struct MatrixFormsTests {
    @Test(arguments: 0..<300)
    func `A wide matrix says what the long one of the same grants says`(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let sheet = TwoForms(&random)
        let long = parse(sheet.long, groups: TwoForms.groups)
        let wide = parse(sheet.wide, groups: TwoForms.groups)
        #expect(sheet.findings(wide) == sheet.findingsOfLong(long), "\(sheet.wide)")
        #expect((wide.matrix == nil) == (long.matrix == nil))
        try expectEqualGrants(wide.matrix, long.matrix, sheet)

        let bytes = Array(sheet.wide.utf8)
        try bytes.withUnsafeBytes { bytes in
            let groups = Groups.parse(Array(TwoForms.groups.utf8), path: "g.csv").groups
            let reader = try MatrixReader(bytes, path: "m.csv", groups: groups, today: sampleDay)
            let chunks = reader.stretches(of: bytes, count: Int.random(in: 2...9, using: &random)).map {
                reader.chunk(of: bytes, in: $0)
            }
            let joined = reader.join(chunks, of: bytes)
            #expect(joined.diagnostics.map(\.description) == wide.diagnostics.map(\.description))
            try expectEqualGrants(joined.matrix, long.matrix, sheet)
        }
    }

    private func expectEqualGrants(_ wide: Matrix?, _ long: Matrix?, _ sheet: TwoForms) throws {
        guard let wide, let long else { return }
        let live = ["a/b", "a/c", "dd"]
        let names = live.compactMap { RepositoryName($0) }
        #expect(grants(of: wide, live: live) == grants(of: long, live: live), "\(sheet.wide)")
        #expect(wide.summary.grants == long.summary.grants)
        // A glob's grants count once, so only without one are those of the targets all there are.
        if !long.registries.contains(where: long.needsListing) {
            let targets = long.registries.flatMap { long.targets(in: $0, live: names).targets }
            #expect(long.summary.grants == targets.reduce(0) { $0 + long.wantedGrants(for: $1).count }, "\(sheet.long)")
        }
        #expect(wide.summary.expiredRows == long.summary.expiredRows)
        #expect(wide.summary.repositories == long.summary.repositories)
        #expect(
            wide.consumerAccounts().map { $0.lines } == long.consumerAccounts().map { sheet.wideLines($0.lines) })
        for matrix in [wide, long] {
            // What is remembered of one target must not change what another one wants.
            let known = Book<RowsQuestion, [WantedGrant]>()
            for registry in matrix.registries {
                for target in matrix.targets(in: registry, live: names).targets {
                    #expect(matrix.wantedGrants(for: target, known: known) == matrix.wantedGrants(for: target))
                }
            }
        }
        for registry in long.registries {
            for (target, other) in zip(
                wide.targets(in: registry, live: names).targets, long.targets(in: registry, live: names).targets)
            {
                #expect(target.repository == other.repository)
                #expect(wide.crowds(on: target) == long.crowds(on: other))
                for consumer in TwoForms.accounts.compactMap({ Consumer($0) }) {
                    #expect(
                        wide.lines(granting: consumer, to: target)
                            == sheet.wideLines(long.lines(granting: consumer, to: other)))
                }
            }
        }
    }
}

/// Random grants as a wide and as a long matrix.
private struct TwoForms {
    static let groups = "group,consumer\nteam,444455556666\nteam,555566667777\nother,666677778888\n"
    static let accounts = ["444455556666", "555566667777", "666677778888", "111122223333"]
    private static let consumers =
        accounts + [
            "444455556666/us-east-1", "555566667777/eu-west-1", "@team", "@other", "o-a1b2c3d4e5",
            "arn:aws:iam::444455556666:role/x",
        ]
    private static let fields = ["owner_account", "region", "repository", "expires", "reason"]

    /// Where something is; for a person, so from 1.
    struct Place: Hashable {
        var line: Int
        var column: Int
    }

    private(set) var wide = ""
    private(set) var long = longHeader
    /// By line of the long matrix: where the cell of the wide one is.
    private var places: [Int: Place] = [:]

    init(_ random: inout SeededGenerator) {
        let lineEnd = Bool.random(using: &random) ? "\n" : "\r\n"
        // Few columns, mostly of different consumers, or all, which overlap.
        let count = Int.random(in: 1...TwoForms.consumers.count, using: &random)
        let consumers =
            Bool.random(using: &random)
            ? Array(TwoForms.accounts.prefix(count)) : Array(TwoForms.consumers.shuffled(using: &random).prefix(count))
        let columns = (TwoForms.fields + consumers).shuffled(using: &random)
        if Int.random(in: 0..<4, using: &random) == 0 { wide = "\u{FEFF}" }
        wide += columns.joined(separator: ",") + lineEnd
        var line = 2
        var longLine = 2
        let isRepeating = Int.random(in: 0..<3, using: &random) == 0
        let isUniform = Bool.random(using: &random)
        for number in 0..<Int.random(in: 1...12, using: &random) {
            if Int.random(in: 0..<6, using: &random) == 0 {
                let nothing = ["# \"note", "", String(repeating: ",", count: columns.count - 1)]
                wide += nothing.randomElement(using: &random) ?? ""
                wide += lineEnd
                line += 1
            }
            var values = TwoForms.values(number, isRepeating, &random)
            if isUniform { values["expires"] = "" }
            if isUniform { values["reason"] = "why" }
            let firstLongLine = longLine
            var column = 1
            for (index, name) in columns.enumerated() {
                if index > 0 {
                    wide += ","
                    column += 1
                }
                guard let value = values[name] else {
                    let known = name.hasPrefix("o") || name.hasPrefix("arn") ? TwoForms.plainWords : TwoForms.words
                    var words = known.randomElement(using: &random) ?? ""
                    if Int.random(in: 0..<40, using: &random) == 0 { words = TwoForms.brokenWord }
                    // A row without any grant mentions its repository; the long form has no such row.
                    if name == columns.last(where: consumers.contains), longLine == firstLongLine { words = "pull" }
                    let padding = Int.random(in: 0..<8, using: &random) == 0 ? "  " : ""
                    if !words.isEmpty {
                        // A fault is after the quotation mark.
                        let offset = padding.count + (words == TwoForms.brokenWord ? 1 : 0)
                        places[longLine] = Place(line: line, column: column + offset)
                        longLine += 1 + words.count { $0 == "\n" }
                        long += TwoForms.row(values, consumer: name, words: words)
                    }
                    let mayBeQuoted = words.count > 4 && !words.hasPrefix("\"")
                    let cell = padding + (mayBeQuoted && Bool.random(using: &random) ? "\"\(words)\"" : words)
                    wide += cell
                    let lines = cell.split(separator: "\n", omittingEmptySubsequences: false)
                    line += lines.count - 1
                    column = (lines.count > 1 ? 1 : column) + (lines.last?.count ?? 0)
                    continue
                }
                wide += value
                column += value.count
            }
            wide += lineEnd
            line += 1
        }
        if Bool.random(using: &random) { wide.removeLast() }
    }

    /// A cell in error, after which the row continues on another line.
    private static let brokenWord = "\"pu\nsh\""
    private static let plainWords = ["", "pull", "push", "push;pull"]
    private static let words = ["", "", "pull", "pull", "push", "pull;push", "Lambda", "lambda-only", "push; lambda"]

    /// The cells of a row that are not those of consumers, by column.
    private static func values(_ number: Int, _ isRepeating: Bool, _ random: inout SeededGenerator) -> [String: String]
    {
        let repository =
            isRepeating
            ? ["a/b", "a/c", "a/*"].randomElement(using: &random) ?? "" : ["a/b", "a/c", "dd", "a/*"][number % 4]
        let account = isRepeating ? "111122223333" : "11112222\(3_333 + number / 4)"
        return [
            "owner_account": account, "repository": repository,
            "region": Int.random(in: 0..<4, using: &random) == 0 ? "us-east-1;eu-west-1" : "us-east-1",
            "expires": ["", "", "2026-01-31", "2027-01-31"].randomElement(using: &random) ?? "",
            "reason": ["", "", "why", "\"first, \"\"é\"\"\"", "ü"].randomElement(using: &random) ?? "",
        ]
    }

    private static func row(_ values: [String: String], consumer column: String, words: String) -> String {
        let parts = column.hasPrefix("arn:") ? [Substring(column)] : column.split(separator: "/")
        let region = parts.count > 1 ? parts[1] : ""
        return [
            values["owner_account"] ?? "", values["region"] ?? "", values["repository"] ?? "", String(parts[0]), words,
            String(region), values["expires"] ?? "",
            values["reason"] ?? "",
        ].joined(separator: ",") + "\n"
    }

    /// Lines of the long matrix as those of the wide one.
    func wideLines(_ lines: [Int]) -> [Int] { Set(lines.compactMap { places[$0]?.line }).sorted() }

    /// What is reported about the wide matrix, in an order that both forms have.
    func findings(_ result: MatrixResult) -> [String] {
        result.diagnostics.map { "\($0.line):\($0.column) \($0.severity) \($0.message)" }.sorted()
    }

    /// What is reported about the long matrix, at the places of the wide one.
    func findingsOfLong(_ result: MatrixResult) -> [String] {
        result.diagnostics.map { finding in
            let place = places[finding.line] ?? Place(line: 0, column: 0)
            let message = finding.message.replacing(/line (\d+)/) { match in
                "line \(Int(match.output.1).flatMap { places[$0]?.line } ?? 0)"
            }
            return "\(place.line):\(place.column) \(finding.severity) \(message)"
        }.sorted()
    }
}

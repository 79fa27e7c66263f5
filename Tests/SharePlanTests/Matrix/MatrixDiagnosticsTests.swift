import AWSValues
import SharePlan
import Testing

@Suite struct MatrixDiagnosticsTests {
    /// Checks that there is exactly one diagnostic, at the mark.
    private func expectOne(
        _ marked: String, _ severity: Diagnostic.Severity, _ kind: Diagnostic.Kind, _ words: String,
        groups: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let csv = MarkedCSV(marked)
        let result = parse(csv.text, groups: groups)
        #expect(result.diagnostics.count == 1, "\(result.diagnostics.lines())", sourceLocation: sourceLocation)
        guard let found = result.diagnostics.first else { return }
        #expect(found.severity == severity, "\(found)", sourceLocation: sourceLocation)
        #expect(found.kind == kind, "\(found)", sourceLocation: sourceLocation)
        #expect([found.line, found.column] == [csv.line, csv.column], "\(found)", sourceLocation: sourceLocation)
        #expect(found.message.contains(words), "\(found)", sourceLocation: sourceLocation)
        #expect((result.matrix == nil) == (severity == .error), sourceLocation: sourceLocation)
    }

    @Test(arguments: [
        ("⟦11122223333⟧,us-east-1,a/b,444455556666,pull,,,", "spreadsheet", "write 011122223333"),
        ("⟦111122223⟧,us-east-1,a/b,444455556666,pull,,,", "spreadsheet", "3 leading zeros"),
        ("⟦1.11122E+11⟧,us-east-1,a/b,444455556666,pull,,,", "spreadsheet", "digits are lost"),
        ("111122223333,us-east-1,a/b,\"⟦4,44E+11⟧\",pull,,,", "spreadsheet", "digits are lost"),
        ("111122223333,us-east-1,a/b,\"⟦444,455,556,666⟧\",pull,,,", "spreadsheet", "444455556666"),
        ("111122223333,us-east-1,a/b,⟦4444-5555-6666⟧,pull,,,", "spreadsheet", "hyphens: 444455556666"),
        ("111122223333,us-east-1,a/b,⟦444455556666.0⟧,pull,,,", "spreadsheet", "decimals"),
        ("111122223333,us-east-1,a/b,⟦'444455556666⟧,pull,,,", "spreadsheet", "apostrophe"),
        ("111122223333,us-east-1,a/b,⟦=A1⟧,pull,,,", "spreadsheet", "formula"),
        ("111122223333,us-east-1,⟦#REF!⟧,444455556666,pull,,,", "spreadsheet", "error value"),
        ("111122223333,us-east-1,⟦1-Feb⟧,444455556666,pull,,,", "spreadsheet", "date"),
        ("111122223333,us-east-1,⟦1E+05⟧,444455556666,pull,,,", "spreadsheet", "number"),
        ("111122223333,us-east-1,a/b,444455556666,⟦“pull”⟧,,,", "spreadsheet", "smart quotes"),
        ("111122223333,us⟦–⟧east–1,a/b,444455556666,pull,,,", "spreadsheet", "long dash"),
        ("111122223333,us-east-1,a/b,444455556666,pull,,⟦31.01.2027⟧,", "spreadsheet", "write 2027-01-31"),
        ("111122223333,us-east-1,a/b,444455556666,pull,,⟦1/31/2027⟧,", "spreadsheet", "write 2027-01-31"),
        ("111122223333,us-east-1,a/b,444455556666,pull,,⟦1/2/2027⟧,", "spreadsheet", "2027-01-02 or 2027-02-01"),
        ("111122223333,us-east-1,a/b,444455556666,pull,,⟦31-Jan-27⟧,", "spreadsheet", "YYYY-MM-DD"),
        ("111122223333,us-east-1,a/b,444455556666,pull,,⟦2027-1-31⟧,", "spreadsheet", "write 2027-01-31"),
        ("111122223333,us-east-1,a/b,444455556666,pull,,⟦46418⟧,", "spreadsheet", "write 2027-01-31"),
        ("111122223333,us-east-1,a/b,444455556666,pull,,⟦2027-01-31T00:00Z⟧,", "spreadsheet", "write 2027-01-31"),
    ])
    func `Spreadsheet damage gets its own words`(row: String, kind: String, words: String) throws {
        expectOne(longHeader + row + "\n", .error, try #require(Diagnostic.Kind(rawValue: kind)), words)
    }

    @Test func `Invisible characters are named at their place`() {
        // Line and column are those of the character, not of the cell.
        for character in ["\u{A0}", "\u{200B}", "\u{FEFF}"] {
            expectOne(
                longHeader + "111122223333,us-east-1,a/b,444455556666⟦\(character)⟧,pull,,,\n", .error, .spreadsheet,
                character == "\u{A0}" ? "non-breaking" : "invisible")
        }
    }

    @Test(arguments: [
        ("⟦⟧,us-east-1,a/b,444455556666,pull,,,", "empty-cell", "owner_account is empty"),
        ("⟦11112222333x⟧,us-east-1,a/b,444455556666,pull,,,", "account", "not a valid account id"),
        ("⟦1111222233334⟧,us-east-1,a/b,444455556666,pull,,,", "account", "13 digits"),
        ("111122223333,⟦⟧,a/b,444455556666,pull,,,", "empty-cell", "region is empty"),
        ("111122223333,⟦us-esat-1x⟧,a/b,444455556666,pull,,,", "region", "us-east-1"),
        ("111122223333,us-east-1;⟦eu_west_1⟧,a/b,444455556666,pull,,,", "region", "eu-west-1"),
        ("111122223333,\" us-east-1 ; ⟦US-EAST-1⟧\",a/b,444455556666,pull,,,", "region", "us-east-1"),
        ("111122223333,\"⟦us-east-1,eu-west-1⟧\",a/b,444455556666,pull,,,", "region", "with \";\""),
        ("111122223333,us-east-1;⟦cn-north-1⟧,a/b,444455556666,pull,,,", "partition", "aws-cn"),
        ("111122223333,us-east-1,⟦⟧,444455556666,pull,,,", "empty-cell", "repository is empty"),
        ("111122223333,us-east-1,⟦Base/Python⟧,444455556666,pull,,,", "repository", "base/python"),
        ("111122223333,us-east-1,⟦/base⟧,444455556666,pull,,,", "repository", "leave it out"),
        ("111122223333,us-east-1,⟦base:1.0⟧,444455556666,pull,,,", "repository", "tag"),
        (
            "111122223333,us-east-1,⟦111122223333.dkr.ecr.us-east-1.amazonaws.com/base:1⟧,444455556666,pull,,,",
            "repository", "name: base"
        ),
        ("111122223333,us-east-1,a/b,⟦⟧,pull,,,", "empty-cell", "consumer is empty"),
        ("111122223333,us-east-1,a/b,⟦*⟧,pull,,,", "consumer", "public"),
        ("111122223333,us-east-1,a/b,⟦arn:aws:iam::444455556666:root⟧,pull,,,", "consumer", "alone: 444455556666"),
        ("111122223333,us-east-1,a/b,⟦arn:aws:sts::444455556666:assumed-role/a/b⟧,pull,,,", "consumer", "session"),
        ("111122223333,us-east-1,a/b,⟦o-a1b2c3d4e5/r-ab12/ou-ab12-11111111⟧,pull,,,", "consumer", "path ends in"),
        ("111122223333,us-east-1,a/b,⟦ou-ab12-11111111⟧,pull,,,", "consumer", "not supported yet"),
        ("111122223333,us-east-1,a/b,⟦@team⟧,pull,,,", "group", "--groups"),
        ("111122223333,us-east-1,a/b,444455556666,⟦⟧,,,", "empty-cell", "access is empty"),
        ("111122223333,us-east-1,a/b,444455556666,pull;⟦lamda⟧,,,", "access", "\"lambda\""),
        ("111122223333,us-east-1,a/b,444455556666,\"⟦pull, push⟧\",,,", "access", "with \";\""),
        ("111122223333,us-east-1,a/b,o-a1b2c3d4e5,⟦lambda⟧,,,", "lambda", "Lambda service; list the accounts"),
        ("111122223333,us-east-1,a/b,o-a1b2c3d4e5/r-ab12/*,⟦lambda-only⟧,,,", "lambda", "organization keys"),
        ("111122223333,us-east-1,a/b,arn:aws:iam::444455556666:role/x,⟦lambda⟧,,,", "lambda", "444455556666"),
        ("111122223333,us-east-1,a/b,⟦arn:aws-cn:iam::444455556666:role/x⟧,pull,,,", "partition", "do not cross"),
        ("111122223333,us-east-1,a/b,⟦444455556666⟧,lambda,cn-north-1,,", "partition", "do not cross"),
        ("111122223333,us-east-1,a/b,444455556666,lambda,⟦useast1⟧,,", "consumer-region", "us-east-1"),
        ("111122223333,us-east-1,a/b,444455556666,pull,,⟦2027-02-29⟧,", "expires", "not a valid date"),
        ("111122223333,us-east-1,a/b,444455556666,pull,,⟦never⟧,", "expires", "YYYY-MM-DD"),
        ("111122223333,us-east-1,a/b,444455556666,pull,,,\"one⟦\ntwo⟧\"", "reason", "one line"),
        ("111122223333,us-east-1,a/b,444455556666,pull,,,\"\"\"one\"\"⟦\ntwo⟧\"", "reason", "one line"),
        ("111122223333,us-east-1,a/b,444455556666,pull,⟦⟧", "cell-count", "6 cells, the header has 8"),
        ("111122223333,us-east-1,a/b,444455556666,pull,,,why,⟦not⟧", "cell-count", "9 cells, the header has 8"),
        ("111122223333,us-east-1,⟦\"a/b,444455556666,pull,,,⟧", "csv", "never closed"),
        ("111122223333,us-east-1,\"a/b\"⟦c⟧,444455556666,pull,,,", "csv", "after the closing quote"),
        ("111122223333,us-east-1,a⟦\"⟧b,444455556666,pull,,,", "csv", "inside a cell"),
        ("111122223333,⟦eu-west-9⟧,a/b,444455556666,pull,,,", "region", "did you mean \"eu-west-1\""),
        ("111122223333,⟦eu-west-9⟧,a/b,444455556666,pull,,,", "region", "add --allow-region eu-west-9"),
        ("111122223333,us-east-1,a/b,444455556666,lambda,⟦eu-west-9⟧,,", "consumer-region", "--allow-region"),
        ("111122223333,us-east-1,a\u{0}/b,444455556666,pull,,,", "encoding", "NUL"),
    ])
    func `A bad cell is an error at its place`(row: String, kind: String, words: String) throws {
        let marked = row.contains("\u{0}") ? row.replacing("\u{0}", with: "⟦\u{0}⟧") : row
        expectOne(longHeader + marked + "\n", .error, try #require(Diagnostic.Kind(rawValue: kind)), words)
    }

    @Test(arguments: [
        ("111122223333,us-east-1;⟦us-east-1⟧,a/b,444455556666,pull,,,", "region", "twice"),
        ("111122223333,us-east-1,a/b,444455556666,⟦lambda⟧,eu-west-1,,", "consumer-region", "own region"),
        ("111122223333,us-east-1;eu-west-1,a/b,444455556666,⟦lambda⟧,eu-west-1,,", "consumer-region", "in us-east-1;"),
        ("111122223333,us-east-1,a/b,444455556666,⟦pull⟧,us-east-1,,", "consumer-region", "no effect"),
        ("111122223333,us-east-1,a/b,⟦111122223333⟧,pull,,,", "own-account", "owner account itself"),
        ("111122223333,us-east-1,a/b,444455556666,pull;⟦pull⟧,,,", "access", "twice"),
    ])
    func `What is only odd is a warning`(row: String, kind: String, words: String) throws {
        expectOne(longHeader + row + "\n", .warning, try #require(Diagnostic.Kind(rawValue: kind)), words)
    }

    @Test func `A new region is accepted when it is named`() {
        let result = parse(
            longHeader + "111122223333,eu-west-9,a/b,444455556666,pull,,,\n",
            options: MatrixOptions(newRegions: ["eu-west-9"]))
        #expect(result.diagnostics.lines().isEmpty)
        #expect(result.matrix?.registries.map(\.region.name) == ["eu-west-9"])
    }

    @Test(arguments: [
        ("⟦owner_account;region;repository;consumer;access⟧\n", "separator", "semicolons"),
        ("⟦owner_account\tregion\trepository⟧\n", "separator", "tabs"),
        ("⟦sep=;⟧\nowner_account;region\n", "separator", "only for Excel"),
        ("⟦⟧", "header", "empty"),
        ("⟦⟧# nothing\n\n", "header", "empty"),
        ("owner_account,region,repository,consumer,access,⟦expiry⟧\n", "header", "\"expires\""),
        ("⟦owner⟧,owner_account,region,repository,consumer,access\n", "header", "\"owner_account\""),
        ("owner_account,region,repository,consumer,access,⟦Access⟧\n", "header", "twice"),
        ("⟦owner_account⟧,region,repository,access\n", "header", "lacks consumer"),
        ("owner_account,region,repository,consumer,access,⟦444455556666⟧\n", "header", "use one form"),
        ("owner_account,region,repository,⟦44445555666⟧\n", "spreadsheet", "leading zero"),
        ("owner_account,region,repository,⟦4.44456E+11⟧\n", "spreadsheet", "digits are lost"),
        ("owner_account,region,repository,444455556666/⟦us-east⟧\n", "consumer-region", "us-east-1"),
        ("owner_account,region,repository,444455556666,⟦444455556666⟧\n", "header", "twice"),
        ("owner_account,region,repository,444455556666,⟦notes⟧\n", "header", "no column"),
        ("⟦PK\u{3}\u{4}⟧\n", "encoding", "workbook"),
    ])
    func `A bad header is an error at its place`(text: String, kind: String, words: String) throws {
        expectOne(text, .error, try #require(Diagnostic.Kind(rawValue: kind)), words)
    }

    @Test func `UTF-16 gets its own words`() {
        for mark: [UInt8] in [[0xFF, 0xFE], [0xFE, 0xFF]] {
            let result = Matrix.parse(mark + [0x6F, 0], path: "m.csv", today: sampleDay)
            #expect(
                result.diagnostics.map(\.description).first?.hasPrefix("m.csv:1:1: error: the file is UTF-16") == true)
        }
    }

    @Test func `Bytes that are not UTF-8 are an error at their place`() {
        let row = Array("111122223333,us-east-1,a/b,444455556666,pull,,,gr".utf8) + [0xFC, 0x6E]
        let result = Matrix.parse(Array(longHeader.utf8) + row, path: "m.csv", today: sampleDay)
        #expect(result.diagnostics.map(\.kind) == [.encoding])
        #expect(result.diagnostics.map { [$0.line, $0.column] } == [[2, 50]])
    }

    @Test func `Old Mac line ends are diagnosed and lose no row`() {
        let result = parse(
            longHeader
                + "111122223333,us-east-1,a/b,444455556666,pull,,,\r# note\rx,us-east-1,a/b,444455556666,pull,,,\n")
        #expect(result.diagnostics.map(\.kind) == [.csv, .csv, .account])
        #expect(result.diagnostics.map { [$0.line, $0.column] } == [[2, 48], [3, 7], [4, 1]])
    }

    @Test func `Columns count characters, not bytes`() {
        expectOne(
            "reason," + longHeader.replacing(",reason", with: "")
                + "für die Präsentation 🎉,111122223333,us-east-1,⟦Ä⟧,444455556666,pull,,\n",
            .error, .repository, "not a name that ECR allows")
    }

    @Test func `Every problem is reported at once`() {
        let result = parse("owner_account,region,repository,consumer,acces\nx,y,Z,w,v\n")
        #expect(result.diagnostics.map(\.kind) == [.header, .header, .account, .region, .repository, .consumer])
        let long = parse(longHeader + "x,y,Z,w,v,u,t,\u{1}\n")
        #expect(
            long.diagnostics.map(\.kind) == [
                .account, .region, .repository, .consumer, .access, .consumerRegion, .expires, .reason,
            ])
        #expect(long.diagnostics.map(\.column) == [1, 3, 5, 7, 9, 11, 13, 15])
    }

    @Test func `A fault that occurs in many rows is reported in each`() {
        let rows = String(repeating: "11122223333,us-east-1,a/b,444455556666,pull,,,\n", count: 5_000)
        let result = parse(longHeader + rows)
        let faults = result.diagnostics.filter { $0.kind == .spreadsheet }
        #expect(faults.map(\.line) == Array(2...5_001))
        let lines = result.diagnostics.lines(maximumOfEachKind: 3)
        #expect(lines.count == 4)
        #expect(
            lines.last
                == "m.csv: error: 4,997 more of this kind, spreadsheet, on lines 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, …")
    }

    @Test func `The same grant twice is a warning that names the first line`() {
        expectOne(
            longHeader + "111122223333,us-east-1,a/b,444455556666,pull,,,x\n\n"
                + "111122223333,us-east-1,a/b,⟦444455556666⟧,pull,,,x\n",
            .warning, .duplicate, "line 2 is the same grant")
        expectOne(
            longHeader + "111122223333,us-east-1;eu-west-1,a/b,444455556666,pull;push,,,x\n"
                + "111122223333,eu-west-1,a/b,⟦444455556666⟧,push,,,y\n",
            .warning, .duplicate, "line 2 gives part")
        expectOne(
            "owner_account,region,repository,444455556666,444455556666/us-east-1\n"
                + "111122223333,us-east-1,a/b,lambda,⟦lambda⟧\n", .warning, .duplicate, "line 2")
    }

    @Test(arguments: [
        (",", "2027-01-31,", "only in expires;"), ("2027-01-31,", "2027-02-01,", "only in expires;"),
        (",one", ",two", "only in reason;"), (",", "2027-01-31,two", "only in expires and reason;"),
    ])
    func `Rows that differ only in expires or reason are an error`(first: String, second: String, words: String) {
        expectOne(
            longHeader + "111122223333,us-east-1;eu-west-1,a/b,444455556666,lambda;pull,,\(first)\n"
                + "111122223333,eu-west-1;us-east-1,a/b,⟦444455556666⟧,pull;lambda,,\(second)\n",
            .error, .conflict, words)
    }

    @Test func `A glob and a name, a group and its member, may overlap`() {
        let result = parse(
            longHeader + """
                111122223333,us-east-1,a/*,444455556666,pull,,,one
                111122223333,us-east-1,a/b,444455556666,pull,,,two
                111122223333,us-east-1,a/b,@team,pull,,,three
                111122223333,us-east-1,a/b,444455556666,lambda,,2027-01-31,four
                """, groups: "group,consumer\nteam,444455556666\n")
        #expect(result.diagnostics.isEmpty, "\(result.diagnostics.lines())")
    }

    @Test func `Lambda access for a group that has no accounts only is an error`() {
        expectOne(
            longHeader + "111122223333,us-east-1,a/b,@team,⟦lambda⟧,,,\n", .error, .lambda,
            "@team, which has o-a1b2c3d4e5",
            groups: "group,consumer\nteam,444455556666\nteam,o-a1b2c3d4e5\n")
    }

    @Test func `An unknown group names near ones`() {
        expectOne(
            longHeader + "111122223333,us-east-1,a/b,⟦@taem⟧,pull,,,\n", .error, .group, "\"@team\"",
            groups: "group,consumer\nteam,444455556666\n")
    }
}

@testable import SharePlan
import AWSValues
import TestSupport
import Testing

@Suite struct MatrixTests {
    @Test func `The contract's long example gives its grants`() throws {
        let result = parse(
            """
            owner_account,region,repository,consumer,access,consumer_region,expires,reason
            111122223333,us-east-1,base/python,444455556666,pull,,,
            111122223333,us-east-1;eu-west-1,base/*,555566667777,pull;lambda,,2027-01-31,TICKET-42
            111122223333,us-east-1,base/java,o-a1b2c3d4e5,pull,,,whole organization
            111122223333,us-east-1,base/go,@data-teams,push,,,
            """, groups: "group,consumer\ndata-teams,666677778888\n@data-teams,777788889999\n")
        #expect(result.diagnostics.isEmpty)
        let matrix = try #require(result.matrix)
        #expect(
            grants(of: matrix, live: ["base/java", "base/c", "other"]) == [
                "111122223333 eu-west-1 base/c 555566667777 pull - TICKET-42",
                "111122223333 eu-west-1 base/c 555566667777 lambda-only eu-west-1 TICKET-42",
                "111122223333 eu-west-1 base/java 555566667777 pull - TICKET-42",
                "111122223333 eu-west-1 base/java 555566667777 lambda-only eu-west-1 TICKET-42",
                "111122223333 us-east-1 base/c 555566667777 pull - TICKET-42",
                "111122223333 us-east-1 base/c 555566667777 lambda-only us-east-1 TICKET-42",
                "111122223333 us-east-1 base/go 555566667777 pull - TICKET-42",
                "111122223333 us-east-1 base/go 555566667777 lambda-only us-east-1 TICKET-42",
                "111122223333 us-east-1 base/go 666677778888 push -",
                "111122223333 us-east-1 base/go 777788889999 push -",
                "111122223333 us-east-1 base/java 555566667777 pull - TICKET-42",
                "111122223333 us-east-1 base/java 555566667777 lambda-only us-east-1 TICKET-42",
                "111122223333 us-east-1 base/java o-a1b2c3d4e5 pull - whole organization",
                "111122223333 us-east-1 base/python 444455556666 pull -",
                "111122223333 us-east-1 base/python 555566667777 pull - TICKET-42",
                "111122223333 us-east-1 base/python 555566667777 lambda-only us-east-1 TICKET-42",
            ])
        #expect(matrix.source.rows == 4)
        #expect(matrix.source.sha256.count == 64)
        #expect(matrix.registries.map(\.description) == ["111122223333 eu-west-1", "111122223333 us-east-1"])
        let registry = try #require(matrix.registries.last)
        #expect(matrix.selectors(in: registry).map(\.text) == ["base/*", "base/go", "base/java", "base/python"])
        #expect(matrix.needsListing(of: registry))
        let summary = matrix.summary
        #expect(summary.rows == 4)
        #expect(summary.registries == 2)
        #expect(summary.repositories == 3)
        #expect(summary.globs == 2)
        #expect(summary.consumers == 5)
        #expect(summary.grants == 8)
        #expect(summary.expiredRows == 0)
    }

    @Test func `The contract's wide example gives its grants`() throws {
        let result = parse(
            """
            owner_account,region,repository,444455556666,555566667777/eu-west-1,o-a1b2c3d4e5
            111122223333,us-east-1,base/python,pull,pull;lambda,
            111122223333,us-east-1,base/java,,lambda,pull
            """)
        #expect(result.diagnostics.map(\.kind) == [.consumerRegion, .consumerRegion])
        #expect(
            grants(of: try #require(result.matrix)) == [
                "111122223333 us-east-1 base/java 555566667777 pull -",
                "111122223333 us-east-1 base/java 555566667777 lambda-only eu-west-1",
                "111122223333 us-east-1 base/java o-a1b2c3d4e5 pull -",
                "111122223333 us-east-1 base/python 444455556666 pull -",
                "111122223333 us-east-1 base/python 555566667777 pull -",
                "111122223333 us-east-1 base/python 555566667777 lambda-only eu-west-1",
            ])
    }

    @Test func `Both forms of one matrix give equal grants`() throws {
        let long = parse(
            longHeader + """
                111122223333,us-east-1,a/b,444455556666,pull,,2027-01-31,x
                111122223333,us-east-1,a/b,arn:aws:iam::444455556666:role/ci/builder,push,,2027-01-31,x
                111122223333,us-east-1,a/b,o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*,pull,,2027-01-31,x
                111122223333,us-east-1,a/b,@team,lambda,us-east-1,2027-01-31,x
                111122223333,eu-west-1,a/*,444455556666,push;lambda,,,
                """, groups: "group,consumer\nteam,555566667777\n")
        let wide = parse(
            """
            Repository,REASON,expires,444455556666,arn:aws:iam::444455556666:role/ci/builder,o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*,@team/us-east-1,region,owner_account
            a/b,x,2027-01-31,pull,push,pull,lambda,us-east-1,111122223333
            a/*,,,push;lambda,,,,eu-west-1,111122223333
            """, groups: "group,consumer\nteam,555566667777\n")
        #expect(long.diagnostics.isEmpty && wide.diagnostics.isEmpty)
        let expected = grants(of: try #require(long.matrix), live: ["a/b", "a/c"])
        #expect(expected.count == 9)
        #expect(grants(of: try #require(wide.matrix), live: ["a/b", "a/c"]) == expected)
    }

    @Test func `The order of rows and columns does not matter`() throws {
        var random = SeededGenerator(seed: 7)
        let columns = longHeader.dropLast().split(separator: ",").map(String.init)
        let rows = (0..<60).map { number in
            [
                "11112222333\(number % 3)", number % 2 == 0 ? "us-east-1" : "eu-west-1;us-east-1", "a/\(number % 7)x",
                "44445555666\(number % 8)", number % 4 == 0 ? "push" : "lambda;pull", "", "", "r",
            ]
        }
        func text(_ columnOrder: [Int], _ rows: [[String]]) -> String {
            ([columns] + rows).map { row in columnOrder.map { row[$0] }.joined(separator: ",") }.joined(separator: "\n")
        }
        let expected = grants(of: try #require(parse(text(Array(0..<8), rows)).matrix))
        for _ in 0..<20 {
            let order = Array(0..<8).shuffled(using: &random)
            let matrix = try #require(parse(text(order, rows.shuffled(using: &random))).matrix)
            #expect(grants(of: matrix) == expected)
        }
    }

    @Test func `Comments, blank lines, empty spreadsheet rows and a BOM are skipped`() throws {
        let result = parse(
            "\u{FEFF}# a comment, with \"an odd quote\r\n\r\nowner_account,region,repository,consumer,access\r\n"
                + " \t\r\n,,,,\r\n\"# exported comment\",,,,\r\n"
                + " 111122223333 ,\"us-east-1\" , \" a/b \",444455556666,Pull")
        #expect(result.diagnostics.isEmpty, "\(result.diagnostics.lines())")
        let matrix = try #require(result.matrix)
        #expect(matrix.source.rows == 1)
        #expect(grants(of: matrix) == ["111122223333 us-east-1 a/b 444455556666 pull -"])
    }

    @Test func `A grant expires with the last of the rows that give it, and never when one of them does not`() throws {
        let text =
            longHeader + """
                111122223333,us-east-1,a/b,444455556666,pull,,2027-01-31,
                111122223333,us-east-1;eu-west-1,a/b,444455556666,pull,,2027-03-31,T
                111122223333,us-east-1,a/b,555566667777,push,,2027-01-31,
                111122223333,us-east-1,a/b,555566667777,pull,,,
                111122223333,us-east-1,a/b,666677778888,lambda,,2027-01-31,
                111122223333,us-east-1,a/b,666677778888,pull,,,
                """
        let today = try #require(CalendarDate("2026-11-27"))
        let matrix = try #require(parse(text, today: today).matrix)
        let target = try #require(matrix.targets(in: matrix.registries[1], live: nil).targets.first)
        let wanted = matrix.wantedGrants(for: target).map {
            "\($0.grant.consumer) \($0.grant.access) \(AccessRemark($0, isRemoved: false).words)"
        }
        #expect(
            wanted == [
                "444455556666 pull T; expires 2027-03-31", "555566667777 push expires 2027-01-31", "666677778888 pull ",
                "666677778888 lambdaOnly expires 2027-01-31",
            ])
    }

    @Test func `A row grants until its last day and still names its repository afterwards`() throws {
        let text = longHeader + "111122223333,us-east-1,a/b,444455556666,pull,,2027-01-31,\n"
        let day = try #require(CalendarDate("2027-01-30"))
        let last = try #require(parse(text, today: day).matrix)
        #expect(grants(of: last).count == 1)
        #expect(last.summary.expiredRows == 0)
        let dayAfter = try #require(CalendarDate("2027-01-31"))
        let first = try #require(parse(text, today: dayAfter).matrix)
        #expect(grants(of: first).isEmpty)
        #expect(first.summary.expiredRows == 1)
        #expect(first.summary.grants == 0)
        #expect(first.targets(in: first.registries[0], live: nil).targets.map(\.repository.name.text) == ["a/b"])
    }

    @Test func `A grant is wanted while any row gives it, with the first reason`() throws {
        let result = parse(
            longHeader + """
                111122223333,us-east-1,a/b,444455556666,pull,,2026-01-01,gone
                111122223333,us-east-1,a/*,444455556666,pull,,,
                111122223333,us-east-1,*/b,444455556666,pull;lambda-only,,,first
                111122223333,us-east-1,?/b,444455556666,pull,,,second
                """)
        let matrix = try #require(result.matrix)
        #expect(
            grants(of: matrix, live: ["a/b"]) == [
                "111122223333 us-east-1 a/b 444455556666 pull - first",
                "111122223333 us-east-1 a/b 444455556666 lambda-only us-east-1 first",
            ])
        let name = try #require(RepositoryName("a/b"))
        let target = matrix.targets(in: matrix.registries[0], live: [name]).targets[0]
        let consumer = try #require(Consumer("444455556666"))
        #expect(matrix.lines(granting: consumer, to: target) == [3, 4, 5])
        #expect(matrix.lines(granting: try #require(Consumer("555566667777")), to: target) == [])
    }

    @Test func `An account with push is not repeated under pull`() throws {
        let matrix = try #require(
            parse(
                longHeader + """
                    111122223333,us-east-1,a/b,@team,pull,,,
                    111122223333,us-east-1,a/b,444455556666,lambda;push,,,x
                    """, groups: "group,consumer\nteam,444455556666\nteam,555566667777\n"
            ).matrix)
        #expect(
            grants(of: matrix) == [
                "111122223333 us-east-1 a/b 444455556666 push - x",
                "111122223333 us-east-1 a/b 444455556666 lambda-only us-east-1 x",
                "111122223333 us-east-1 a/b 555566667777 pull -",
            ])
        #expect(matrix.summary.grants == 3)
        let target = matrix.targets(in: matrix.registries[0], live: nil).targets[0]
        #expect(matrix.lines(granting: try #require(Consumer("444455556666")), to: target) == [2, 3])
    }

    @Test func `A glob that covers nothing is a warning at its place`() throws {
        let matrix = try #require(
            parse(longHeader + "111122223333,us-east-1,base/*,444455556666,pull,,,\n").matrix)
        let found = matrix.targets(in: matrix.registries[0], live: [])
        #expect(found.targets.isEmpty)
        #expect(found.warnings.map { [$0.line, $0.column] } == [[2, 24]])
        #expect(found.warnings.map(\.kind) == [.unmatchedGlob])
        #expect(matrix.targets(in: matrix.registries[0], live: nil).warnings.isEmpty)
    }

    @Test func `A wide row without access still names its repository`() throws {
        let result = parse("owner_account,region,repository,444455556666\n111122223333,us-east-1,a/b,\n")
        let matrix = try #require(result.matrix)
        let targets = matrix.targets(in: matrix.registries[0], live: nil).targets
        #expect(targets.map(\.repository.description) == ["111122223333 us-east-1 a/b"])
        #expect(matrix.wantedGrants(for: targets[0]).isEmpty)
    }

    @Test func `Deferred units mean the accounts that the caller finds`() throws {
        let unit = try #require(OrganizationalUnitID("ou-ab12-11111111"))
        let result = parse(
            longHeader + "111122223333,us-east-1,a/b,ou-ab12-11111111,lambda,,,x\n",
            options: MatrixOptions(organizationalUnits: .deferred))
        let open = try #require(result.matrix)
        #expect(open.openUnits == [unit])
        let account = try #require(AccountID("444455556666"))
        let matrix = open.resolving([unit: [account]])
        #expect(matrix.openUnits.isEmpty)
        #expect(grants(of: matrix).count == 2)
    }

    @Test(arguments: [1, 2, 3, 7, 40, 1_000])
    func `A matrix read in stretches equals one read in one go`(count: Int) throws {
        var text = "# start\r\n" + longHeader
        var random = SeededGenerator(seed: 11)
        for number in 0..<120 {
            switch Int.random(in: 0..<8, using: &random) {
            case 0: text += "# comment \(number)\n"
            case 1: text += "\r\n"
            case 2: text += "11112222333,us-east-1,bad,444455556666,pull,,,\r\n"
            case 3: text += "111122223333,us-east-1,q/\(number),444455556666,pull,,,\"two\nlines, ü\n111122223333,x\"\n"
            default:
                text +=
                    "111122223333,us-east-1,a/x\(number % 9),44445555\(1_000 + number % 13),lambda,,2027-01-0\(1 + number % 9),r\(number % 5)\n"
            }
        }
        let bytes = Array(text.utf8)
        try bytes.withUnsafeBytes { bytes in
            let reader = try MatrixReader(bytes, path: "m.csv", groups: nil, today: sampleDay)
            let whole = Matrix.parse(bytes, path: "m.csv", today: sampleDay).diagnostics.map(\.description)
            #expect(whole.count > 20)
            let chunks = reader.stretches(of: bytes, count: count).map { reader.chunk(of: bytes, in: $0) }
            #expect(reader.join(chunks, of: bytes).diagnostics.map(\.description) == whole)
        }
    }

    @Test func `A cut at any byte gives the same matrix`() throws {
        let text =
            longHeader + "111122223333,us-east-1,a/b,444455556666,lambda,,,\"one \"\"x\"\",\"\r\n# \"note\r\n\r\n"
            + "111122223333,eu-west-1,a/*,555566667777,push,,2027-01-31,\n"
            + "111122223333,us-east-1,a/c,444455556666,pull,,,r"
        let bytes = Array(text.utf8)
        try bytes.withUnsafeBytes { bytes in
            let reader = try MatrixReader(bytes, path: "m.csv", groups: nil, today: sampleDay)
            let expected = grants(
                of: try #require(Matrix.parse(bytes, path: "m.csv", today: sampleDay).matrix), live: ["a/b"])
            for cut in longHeader.utf8.count...bytes.count {
                // Any bound will do, even inside a cell: what was guessed wrong is read again.
                let first = reader.chunk(of: bytes, in: longHeader.utf8.count..<cut)
                let second = reader.chunk(of: bytes, in: cut..<bytes.count)
                let result = reader.join([first, second], of: bytes)
                #expect(result.diagnostics.isEmpty, "cut at \(cut): \(result.diagnostics.lines())")
                #expect(grants(of: try #require(result.matrix), live: ["a/b"]) == expected)
                #expect(result.matrix?.source.rows == 3)
            }
        }
    }

    @Test func `Random bytes never crash`() {
        var random = SeededGenerator(seed: 3)
        let pieces = [
            longHeader, "\"", "\"\"", ",", "\n", "\r\n", "\r", "#", ";", "@", "111122223333", "us-east-1", "a/b",
            "pull",
            "lambda", "\u{FEFF}", " ", "\t", "2027-01-31", "o-a1b2c3d4e5", "arn:aws:iam::444455556666:role/x", "é", "*",
            "owner_account,region,repository,444455556666,@g/us-east-1\n",
        ].map { Array($0.utf8) }
        for round in 0..<20_000 {
            var bytes: [UInt8] = round % 2 == 0 ? Array(longHeader.utf8) : []
            for _ in 0..<Int.random(in: 0..<24, using: &random) {
                if Int.random(in: 0..<6, using: &random) == 0 {
                    bytes.append(UInt8.random(in: 0...255, using: &random))
                } else if let piece = pieces.randomElement(using: &random) {
                    bytes += piece
                }
            }
            let result = Matrix.parse(bytes, path: "m.csv", today: sampleDay)
            if result.matrix == nil, !result.diagnostics.hasErrors {
                Issue.record("no matrix and no error for \(bytes)")
            }
            for diagnostic in result.diagnostics where diagnostic.line < 1 || diagnostic.column < 1 {
                Issue.record("no such place: \(diagnostic)")
            }
        }
    }
}

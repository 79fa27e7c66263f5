import AWSValues
import SharePlan
import TestSupport
import Testing

/// What is known must never differ from what would be worked out now.
@Suite struct CaseBookTests {
    @Test func `Rules decide the same with and without the cases that they know`() {
        for number in 0..<max(1, PropertySettings.cases / 500) {
            var generator = PolicyGenerator(seed: PropertySettings.seed &+ UInt64(number))
            let rules = SharingRules(mode: generator.random.pick(MergeMode.allCases))
            let book = CaseBook()
            // Few policies and sets of grants, so that many questions are asked again.
            let live = (0..<3).map { _ in generator.livePolicy() }
            let wanted = (0..<3).map { _ in generator.wanted() }
            let names = ["base/go", "base/java", "tools/scan"]
            for _ in 0..<40 {
                let repository = PlanSamples.repository(
                    generator.random.pick(names), account: generator.random.pick(["111122223333", "444455556666"]),
                    region: generator.random.pick(["us-east-1", "eu-west-1", "cn-north-1"]))
                let rules = generator.random.chance(3) ? rules.ofPruning : rules
                let (live, wanted) = (generator.random.pick(live), generator.random.pick(wanted))
                #expect(
                    rules.entry(for: repository, live: live, wanted: wanted, in: book)
                        == rules.entry(for: repository, live: live.map { Policy($0.text) }, wanted: wanted))
            }
        }
    }

    @Test func `A full table drops about half, never more than it must, and never answers for another key`() {
        var random = SeededGenerator(seed: PropertySettings.seed)
        var table = BoundedTable<Int, Int>(limit: 1_000)
        var asked = 0
        var known = 0
        // 120 values of 10 bytes, in turn: a fifth more than fit.
        for round in 0..<50 {
            for key in 0..<120 {
                if round > 0 { asked += 1 }
                if let value = table[key] {
                    #expect(value == key * 7)
                    if round > 0 { known += 1 }
                } else {
                    table.insert(key * 7, for: key, size: 10)
                }
            }
            #expect((0..<120).count { table[$0] != nil } * 10 <= 1_000)
        }
        #expect(known * 5 > asked)
        // What is inserted again does not count twice.
        var other = BoundedTable<Int, Int>(limit: 1_000)
        for number in 0..<99 { other.insert(number, for: number, size: 10) }
        for _ in 0..<500 { other.insert(0, for: Int.random(in: 0..<99, using: &random), size: 10) }
        #expect((0..<99).allSatisfy { other[$0] != nil })
    }

    @Test func `Policies are compared as if each pair were the first`() {
        for number in 0..<max(1, PropertySettings.cases / 500) {
            var generator = PolicyGenerator(seed: PropertySettings.seed &+ UInt64(number))
            let policies: [Policy?] =
                [nil, "", "{}", "[\u{E9}]", "[e\u{301}]"] + (0..<4).map { _ in generator.livePolicy() }
            for _ in 0..<200 {
                let (left, right) = (generator.random.pick(policies), generator.random.pick(policies))
                let partition = generator.random.pick([Partition.aws, .china])
                func fresh(_ policy: Policy?) -> Policy? { policy.map { Policy($0.text) } }
                #expect(
                    Policy.haveSameMeaning(left, right, in: partition)
                        == Policy.haveSameMeaning(fresh(left), fresh(right), in: partition))
            }
        }
    }

    @Test func `Policies are equal to the byte, and a text that is none equals only itself`() {
        let (short, long): (Policy, Policy) = ("{\"\u{E9}\":1}", "{\"e\u{301}\":1}")
        #expect(short == Policy(short.text) && short.hashValue == Policy(short.text).hashValue)
        // Swift treats both spellings of the letter as the same string.
        #expect(short.text == long.text && short != long)
        #expect(!Policy.haveSameMeaning(short, long, in: .aws))
        #expect(Policy.haveSameMeaning(short, Policy(short.text), in: .aws))
        #expect(!Policy.haveSameMeaning(nil, "", in: .aws))
        #expect(throws: PolicyError.self) { try Policy("{").document }
        for length in 0..<20 {
            let text = String(repeating: "x", count: length)
            #expect(Policy(text + "a") != Policy(text + "b") && Policy(text) != Policy(text + "x"))
        }
    }

    @Test func `Equal questions have one case, and other accounts and other bytes have another`() throws {
        let book = CaseBook()
        func ask(
            _ account: String, _ live: Policy?, _ wanted: [WantedGrant], _ rules: SharingRules = SharingRules(),
            region: String = "us-east-1"
        ) throws -> Case {
            let name = "base/x\(Int.random(in: 0..<1000))"
            let repository = PlanSamples.repository(name, account: account, region: region)
            guard case .change(let change) = rules.entry(for: repository, live: live, wanted: wanted, in: book) else {
                throw Broken("nothing is to be changed")
            }
            #expect(change.before == live && change.repository == repository)
            return change.case
        }
        func live(_ letter: String) -> Policy {
            let deny = #"{"Sid":"\#(letter)","Effect":"Deny","Principal":"*","Action":"ecr:DeleteRepository"}"#
            return #"{"Version":"2008-10-17","Statement":[\#(deny)]}"#
        }
        let wanted = [PlanSamples.wanted("444455556666", reason: "caf\u{E9}")]
        let first = try ask("111122223333", live("\u{E9}"), wanted)
        #expect(try ask("111122223333", live("\u{E9}"), wanted) === first)
        #expect(try ask("111122224444", live("\u{E9}"), wanted) !== first)
        #expect(try ask("111122223333", live("\u{E9}"), wanted, region: "us-west-2") !== first)
        #expect(try ask("111122223333", live("e\u{301}"), wanted) !== first)
        let other = [PlanSamples.wanted("444455556666", reason: "cafe\u{301}")]
        #expect(try ask("111122223333", live("\u{E9}"), other) !== first)
        #expect(try ask("111122223333", nil, wanted) !== first)
        #expect(try ask("111122223333", live("\u{E9}"), wanted, SharingRules(mode: .add)) !== first)
    }

    @Test func `A book keeps no error, and no more than it may hold`() throws {
        struct Failure: Error {}
        let book = Book<Int, Int>()
        #expect(throws: Failure.self) { try book.value(for: 1, size: 1) { () throws(Failure) in throw Failure() } }
        #expect(book.value(for: 1, size: 1) { 10 } == 10)
        #expect(book.value(for: 1, size: 1) { 11 } == 10)
        var table = BoundedTable<Int, Int>(limit: 100)
        for number in 0..<50 { table.insert(number, for: number, size: 30) }
        #expect(table[49] == 49 && (0..<50).count { table[$0] != nil } <= 3)
    }

    /// Lines of other repositories with the same rest, with a byte of the rest changed, with an invalid start, and
    /// with white space.
    @Test func `A plan's lines are read as if each were the first`() throws {
        let header = PlanLine.header(PlanSamples.header).bytes
        for case .change(let change) in PlanSamples.entries {
            let (account, place) = (change.repository.account.description, change.repository.region.name)
            let other = PlanSamples.repository("zz/other", account: account, region: place)
            let line = PlanLine.entry(.change(change)).bytes
            func read(_ second: some Sequence<UInt8>) -> PlanEntry? {
                var reader = PlanReader()
                _ = try? reader.read(header[...])
                #expect((try? reader.read(line[...])) == .change(change))
                return try? reader.read(Array(second)[...])
            }
            func expectAsNew(_ line: some Sequence<UInt8>) {
                #expect(read(line) == (try? PlanEntry(decoding: Array(line)[...])))
            }
            let start = PlanLine.startOfChange(of: other)
            let rest = line.dropFirst(PlanLine.startOfChange(of: change.repository).count)
            guard case .change(let moved)? = read(start + rest) else { throw Broken("not read") }
            #expect(moved == Change(other, change.case))
            expectAsNew(start + rest)
            let elsewhere = PlanSamples.repository("zz/other", account: account, region: "us-west-2")
            expectAsNew(PlanLine.startOfChange(of: elsewhere) + rest)
            expectAsNew(rest)
            expectAsNew([0x20] + start + rest)
            expectAsNew(start + [0x20] + rest)
            expectAsNew(start.dropLast() + rest)
            for offset in 0..<rest.count where offset % 7 == 0 {
                var edited = Array(rest)
                edited[offset] ^= 1
                expectAsNew(start + edited)
            }
        }
    }
}

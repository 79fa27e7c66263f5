import AWSValues
import SharePlan
import Testing

/// What happens to files, and how the reader must answer.
@Suite struct PlanReaderTests {
    private let lines = PlanSamples.lines()

    private func error(_ lines: [String], lastIsTerminated: Bool = true) -> PlanError? {
        do {
            _ = try PlanSamples.read(lines, lastIsTerminated: lastIsTerminated)
            return nil
        } catch {
            return error as? PlanError
        }
    }

    @Test func `A plan without its final newline is whole`() {
        #expect(error(lines, lastIsTerminated: false) == nil)
    }

    @Test func `An empty file is no plan`() {
        #expect(error([]) == .empty)
    }

    @Test(arguments: 1...8) func `A plan that ends early was cut`(count: Int) {
        #expect(error(Array(lines.prefix(count))) == .cut(afterLine: count))
    }

    @Test(arguments: 1...8) func `A plan that ends inside a line was cut`(count: Int) {
        let torn = Array(lines.prefix(count)) + [String(lines[count].dropLast(5))]
        #expect(error(torn, lastIsTerminated: false) == .cut(afterLine: count))
    }

    @Test(arguments: 1...7) func `A plan that lost a line was edited`(index: Int) {
        var edited = lines
        edited.remove(at: index)
        guard case .edited? = error(edited) else { return #expect(Bool(false), "\(String(describing: error(edited)))") }
    }

    @Test func `Lines in another order are refused where the order breaks`() {
        var reordered = lines
        reordered.swapAt(2, 3)
        #expect(error(reordered) == .unordered(line: 4, subject: .repository(PlanSamples.repository("base/java"))))
        #expect(
            error(Array(lines[..<2] + lines[1...]))
                == .unordered(line: 3, subject: .repository(PlanSamples.repository("base/go"))))
    }

    @Test(arguments: [
        (0, #""mode":"match""#, #""mode":"add""#), (0, #""operation":"share""#, #""operation":"rollback""#),
        (0, #""sidPrefix":"EcrShare""#, #""sidPrefix":"Other""#),
        (1, #""expires":"2027-01-31""#, #""expires":"2028-01-31""#),
        (3, "look", "do not look"), (4, "AccessDeniedException", "conflict"), (4, "base/php", "base/pip"),
        (6, "listing", "AccessDenied"), (6, "us-west-2", "us-west-1"),
    ])
    func `A line that was edited is noticed at the end`(index: Int, part: String, other: String) {
        var edited = lines
        edited[index].replace(part, with: other)
        guard case .edited? = error(edited) else { return #expect(Bool(false), "\(String(describing: error(edited)))") }
    }

    @Test func `A registry behind its repositories is out of order`() {
        var reordered = lines
        reordered.swapAt(6, 7)
        let registry = PlanSamples.repository("a0", region: "us-west-2").registry
        #expect(error(reordered) == .unordered(line: 8, subject: .registry(registry)))
    }

    @Test func `Another policy with the same length is noticed`() {
        var edited = lines
        edited[1].replace("é", with: "è")
        guard case .edited? = error(edited) else { return #expect(Bool(false), "\(String(describing: error(edited)))") }
    }

    @Test func `A count that was edited is named`() {
        var edited = lines
        edited[8].replace(#""grantsRemoved":1"#, with: #""grantsRemoved":0"#)
        #expect(error(edited) == .miscounted(member: "grantsRemoved", recorded: 0, actual: 1))
    }

    @Test func `Two plans in one file are refused`() {
        #expect(error(lines + lines) == .textAfterSummary(line: 10))
    }

    @Test func `A later version is refused by its number, whatever else it has`() {
        var later = lines
        later[0].replace(#""version":1,"#, with: #""version":2,"new":true,"#)
        #expect(error(later) == .unsupportedVersion(2))
    }

    @Test(arguments: [
        ("{\"a\":1}", "expected \"kind\", found \"a\""), ("[]", "expected an object"),
        ("owner_account,region", "not valid JSON at byte 0: expected a value"),
    ])
    func `Another file is called no plan`(first: String, reason: String) {
        #expect(error([first]) == .notAPlan(reason: reason))
    }

    @Test(arguments: [
        (#""account":"111122223333""#, #""account":"11112222333""#, #""account" cannot be "11112222333""#),
        (#""size":10"#, #""size":12"#, #""size" is 12, and "after" has 10 characters"#),
        (#""action":"create""#, #""action":"update""#, #""action" is update, and the policies say create"#),
        (#","warnings":["first","second"]"#, "", #""warnings" is missing"#),
        (#""warnings":["first","second"]"#, #""warnings":["first",2]"#, #""warnings" must contain only strings"#),
        (#""expires":"2027-01-31""#, #""expires":"2027-02-31""#, #""expires" is not a date: 2027-02-31"#),
        (#","expires":null"#, "", #""expires" is missing"#),
        (#"]}"#, #"],"more":1}"#, #"unexpected "more""#),
        (#""before":null,"#, "", #"expected "before", found "after""#),
        (#""before":null,"#, #""before":3,"#, #""before" must be a string or null"#),
        (#""access":"pull""#, #""access":"all""#, #""access" cannot be "all""#),
        (#""kind":"change""#, #""kind":"chance""#, #"unknown kind "chance""#),
        (#"{"kind""#, #"{"kind"#, "not valid JSON at byte 8: expected ':'"),
    ])
    func `A line that is not ours is refused with its number`(part: String, edited: String, reason: String) throws {
        var changed = lines
        let range = try #require(changed[1].ranges(of: part).last)
        changed[1].replaceSubrange(range, with: edited)
        #expect(error(changed) == .malformed(line: 2, reason: reason))
    }
}

import OrderedCollections
import Testing

@testable import SimulatedAWS

@Suite struct SimulatedJSONTests {
    @Test(arguments: [
        #"{"b":1.0,"a":[true,false,null,-0.5e+3],"c":{}}"#, #"["\" \\ \n \u0001 é 😀","",[]]"#, "0", #""text""#,
    ])
    func `A value comes back as it was`(text: String) throws {
        #expect(try JSON(parsing: text).compact == text)
    }

    @Test(arguments: [
        "", "{", "[1,]", #"{"a":1,"a":2}"#, #""\ud800""#, "01", "1 2", "\"\n\"", "nul", "+1", "1.", "-", "[1 2]",
        #"{"a" 1}"#, #"{a:1}"#, #""\x""#, String(repeating: "[", count: 200),
    ])
    func `What is not JSON is refused`(text: String) {
        #expect(throws: MalformedJSON.self) { try JSON(parsing: text) }
    }

    @Test func `Escapes are decoded`() throws {
        #expect(try JSON(parsing: #""\u00e9\ud83d\ude00\/\t""#) == "é😀/\t")
    }
}

@Suite struct PolicyPrintTests {
    @Test func `A policy is printed as ECR prints it`() throws {
        let policy =
            #"{"Version":"2008-10-17","Statement":[{"Sid":"a: [b], {c}","Effect":"Allow","Principal":{"AWS":["#
            + #""x","y"]},"Action":"ecr:*","Condition":{}},{"Sid":"\"quoted\\","Empty":[]}]}"#
        #expect(
            PolicyPrint.pretty(policy) == #"""
                {
                  "Version" : "2008-10-17",
                  "Statement" : [ {
                    "Sid" : "a: [b], {c}",
                    "Effect" : "Allow",
                    "Principal" : {
                      "AWS" : [ "x", "y" ]
                    },
                    "Action" : "ecr:*",
                    "Condition" : { }
                  }, {
                    "Sid" : "\"quoted\\",
                    "Empty" : [ ]
                  } ]
                }
                """#
        )
    }

    @Test(arguments: ["", "no policy", "}", "[]"])
    func `What is no policy comes back as it was put there`(text: String) {
        let cloud = Cloud(smallWorld())
        let repository = RepositoryAddress(account: "111122223333", region: "us-east-1", name: "base/java")
        cloud.editPolicy(of: repository, to: text)
        #expect(cloud.policyText(of: repository) == (text.isEmpty ? nil : text))
    }

    @Test(arguments: ["{]}}", "{:,", "{\"a"])
    func `Broken text breaks nothing`(text: String) {
        #expect(PolicyPrint.pretty(text).hasPrefix("{"))
    }

    @Test(arguments: 1...200 as ClosedRange<UInt64>)
    func `Printing changes white space only`(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let value = JSON.random(depth: 4, using: &generator)
        #expect(try JSON(parsing: PolicyPrint.pretty(value.compact)) == value)
    }
}

extension JSON {
    /// Any value, nested no deeper than this.
    static func random(depth: Int, using generator: inout SplitMix64) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &generator) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &generator))
        case 2:
            return .number(["0", "-1", "1.50", "12345678901234567890", "1e9"].randomElement(using: &generator) ?? "0")
        case 3, 4: return .string(randomText(using: &generator))
        case 5:
            return .array(
                (0..<Int.random(in: 0...3, using: &generator)).map { _ in random(depth: depth - 1, using: &generator) }
            )
        default:
            var members: OrderedDictionary<String, JSON> = [:]
            for _ in 0..<Int.random(in: 0...3, using: &generator) {
                members[randomText(using: &generator)] = random(depth: depth - 1, using: &generator)
            }
            return .object(members)
        }
    }

    private static func randomText(using generator: inout SplitMix64) -> String {
        let parts = ["a", "Sid", " : ", "[", "]", "{", "}", ",", "\"", "\\", "\n", "é", "😀", "\u{1}", "ecr:*"]
        return (0..<Int.random(in: 0...4, using: &generator))
            .map { _ in parts.randomElement(using: &generator) ?? "" }.joined()
    }
}

import Foundation
import TestSupport
import Testing

@testable import AWSClient

@Suite struct JSONNodeTests {
    private func parse(_ text: String) throws -> JSONNode { try JSONNode(parsing: Array(text.utf8)) }

    @Test func `Every kind of value is read`() throws {
        let node = try parse(#" {"a":[1,-2.5e+3,true,false,null,"x"],"b":{"c":""},"a2":null} "#)
        #expect(node["a"]?.array?.count == 6)
        #expect(node["a"]?.array?[1].number == -2_500)
        #expect(node["b"]?["c"]?.string == "")
        #expect(node["a2"] == nil)
        #expect(node["missing"] == nil)
    }

    @Test func `Escapes are decoded`() throws {
        #expect(try parse(#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00 ü""#).string == "\"\\/\u{8}\u{C}\n\r\té\u{1F600} ü")
    }

    @Test(arguments: [
        "", " ", "{", "[", "\"", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1,]", "[1 2]", "tru", "nul", "01", "1.", "1e",
        "-", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\u{1}\"", "1 2", "{}x",
        "'a'",
    ]) func `What is not JSON is refused`(text: String) {
        #expect(throws: JSONSyntaxError.self) { try parse(text) }
    }

    @Test func `Invalid UTF-8 and deep nesting are refused`() {
        #expect(throws: JSONSyntaxError.self) { try JSONNode(parsing: [0x22, 0xC3, 0x28, 0x22]) }
        #expect(throws: JSONSyntaxError.self) { try JSONNode(parsing: [0x22, 0x5C, 0x6E, 0xFF, 0x22]) }
        #expect(throws: JSONSyntaxError.self) { try parse(String(repeating: "[", count: 100_000)) }
    }

    @Test func `Texts of all sorts survive writing and reading, here and in Foundation`() throws {
        var random = SeededGenerator(seed: 3)
        let scalars = Array("ab\"\\/\n\r\t\u{0}\u{1F}\u{7F}ü€\u{1F600}{}[]:, ")
        for _ in 0..<500 {
            let text = String(
                (0..<Int(random.fraction() * 40)).map { _ in scalars[Int(random.fraction() * Double(scalars.count))] })
            let bytes = JSONNode.compactObject([("t", .string(text)), ("n", .number("1000")), ("l", .array([.null]))])
            #expect(try JSONNode(parsing: bytes)["t"]?.string == text)
            let object = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
            #expect(object?["t"] as? String == text)
        }
    }

    @Test func `Every truncation of a text is refused`() throws {
        let text = #"{"policyText":"{\n  \"Version\" : \"2008-10-17\"}","a":[1,{"b":true}]}"#
        _ = try parse(text)
        for length in 0..<text.utf8.count {
            #expect(throws: JSONSyntaxError.self) { try parse(String(text.prefix(length))) }
        }
    }
}

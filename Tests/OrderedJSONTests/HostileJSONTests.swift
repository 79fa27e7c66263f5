import Foundation
import OrderedJSON
import Testing

@Suite struct HostileJSONTests {
    private func parse(_ text: String) throws -> JSONValue { try JSONValue(lenient: Array(text.utf8)) }

    @Test func `Every kind of value is read`() throws {
        let value = try parse(#" {"a":[1,-2.5e+3,true,false,null,"x"],"b":{"c":""},"a2":null} "#)
        #expect(value["a"]?.array?.count == 6)
        #expect(value["a"]?.array?[1].number == -2_500)
        #expect(value["b"]?["c"]?.string == "")
        #expect(value["a2"] == nil)
        #expect(value["missing"] == nil)
    }

    @Test func `Escapes are decoded`() throws {
        #expect(try parse(#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00 ü""#).string == "\"\\/\u{8}\u{C}\n\r\té\u{1F600} ü")
    }

    @Test(arguments: [
        "", " ", "{", "[", "\"", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1,]", "[1 2]", "tru", "nul", "01", "1.", "1e",
        "-", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\u{1}\"", "1 2", "{}x",
        "'a'",
    ]) func `What is not JSON is refused`(text: String) {
        #expect(throws: JSONError.self) { try parse(text) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test func `Invalid UTF-8 and deep nesting are refused`() {
        #expect(throws: JSONError.self) { try JSONValue(lenient: [0x22, 0xC3, 0x28, 0x22]) }
        #expect(throws: JSONError.self) { try JSONValue(lenient: [0x22, 0x5C, 0x6E, 0xFF, 0x22]) }
        for depth in [33, 100_000] {
            #expect(throws: JSONError.self) { try parse(String(repeating: "[", count: depth)) }
            let closed = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            #expect(throws: JSONError.self) { try parse(closed) }
        }
        #expect((try? parse(String(repeating: "[", count: 32) + String(repeating: "]", count: 32))) != nil)
    }

    @Test func `A lenient reading keeps the last of two members`() throws {
        #expect(try parse(#"{"a":1,"b":2,"a":3}"#).minified == #"{"a":3,"b":2}"#)
    }

    @Test func `Texts of all sorts survive writing and reading, here and in Foundation`() throws {
        var state: UInt64 = 3
        func random(below bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let scalars = Array("ab\"\\/\n\r\t\u{0}\u{1F}\u{7F}ü€\u{1F600}{}[]:, ")
        for _ in 0..<500 {
            let text = String((0..<random(below: 40)).map { _ in scalars[random(below: scalars.count)] })
            let bytes = JSONValue(members: [("t", .string(text)), ("n", JSONValue(1_000)), ("l", [.null])]).utf8
            #expect(try JSONValue(lenient: bytes)["t"]?.string == text)
            let object = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
            #expect(object?["t"] as? String == text)
        }
    }

    @Test func `Every truncation of a text is refused`() throws {
        let text = #"{"policyText":"{\n  \"Version\" : \"2008-10-17\"}","a":[1,{"b":true}]}"#
        _ = try parse(text)
        for length in 0..<text.utf8.count {
            #expect(throws: JSONError.self) { try parse(String(text.prefix(length))) }
        }
    }
}

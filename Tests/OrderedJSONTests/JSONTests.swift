import OrderedJSON
import Testing

@Suite struct JSONTests {
    @Test(arguments: [
        #"{"b":1.0,"a":[true,false,null,-0.5e+3],"c":{}}"#,
        #"["\" \\ \n \u0001 é 😀",""]"#,
        #""text""#,
    ])
    func `A value comes back as it was`(text: String) throws {
        #expect(try JSONValue(parsing: text).minified == text)
    }

    @Test(arguments: [
        ("", 0), ("{", 1), ("[1,]", 3), (#"{"a":1,"a":2}"#, 7), (#""\ud800""#, 7), ("01", 1), ("1 2", 2),
        ("\"\n\"", 1), ("nul", 0), (String(repeating: "[", count: 70), 65),
    ])
    func `What is not JSON is refused where it goes wrong`(text: String, offset: Int) {
        #expect { try JSONValue(parsing: text) } throws: { ($0 as? JSONError)?.offset == offset }
    }

    @Test func `Escapes are decoded`() throws {
        #expect(try JSONValue(parsing: #""\u00e9\ud83d\ude00\/\t""#) == "é😀/\t")
    }
}

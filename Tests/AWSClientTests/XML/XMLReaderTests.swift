import Testing

@testable import AWSClient

@Suite struct XMLReaderTests {
    private func read(_ text: String) throws(XMLReadingError) -> XMLElement {
        try XMLReader.read(Array(text.utf8))
    }

    @Test func `Elements, texts, namespaces, comments and CDATA are read`() throws {
        let root = try read(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- a comment -->
            <a:Answer xmlns:a="https://example.com/" xmlns="https://example.com/2">
              <One kind="x">1 &amp; <![CDATA[<2>]]>&#x20AC;</One><a:Two/><Three><Four>ü</Four></Three>
            </a:Answer>
            """
        )
        #expect(root.name == "Answer")
        #expect(root.children.map(\.name) == ["One", "Two", "Three"])
        #expect(root.text(of: "One") == "1 & <2>€")
        #expect(root.text(of: "Two") == nil)
        #expect(root.first("Four")?.text == "ü")
        #expect(root.first("Five") == nil)
    }

    @Test(arguments: [
        // Entities that double themselves.
        """
        <!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;"><!ENTITY z "&y;&y;&y;&y;">]><a>&z;</a>
        """,
        #"<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>"#,
        #"<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1:1/">]><a>&x;</a>"#,
        #"<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd"><a/>"#,
        #"<!DOCTYPE a PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://127.0.0.1:1/"><a/>"#,
        #"<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:1/">%p;]><a/>"#,
        "<!DOCTYPE a><a/>",
    ]) func `A document that declares a type is refused`(text: String) {
        let error = #expect(throws: XMLReadingError.self) { try read(text) }
        #expect(error?.description.contains("document type") == true)
    }

    @Test(arguments: [
        "", " ", "<", "<a>", "<a></b>", "<a/><b/>", "<a", "text", "<a>&nbsp;</a>", "<a>\u{0}</a>", "<a b='1' b='2'/>",
        "<a>", "<a><b></a></b>", "{}", "<a>&#0;</a>", "<p:a/>junk",
    ]) func `What is not well-formed is refused`(text: String) {
        #expect(throws: XMLReadingError.self) { try read(text) }
    }

    @Test func `Every truncation of an answer is refused`() throws {
        let text = "<R xmlns='u'><A><B>1</B><C/></A><M><I>id</I></M></R>"
        _ = try read(text)
        for length in 0..<text.utf8.count {
            #expect(throws: XMLReadingError.self) { try read(String(text.prefix(length))) }
        }
    }

    @Test func `Depth and size are bounded`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        }
        _ = try read(nested(XMLReader.maximumDepth))
        #expect(throws: XMLReadingError.self) { try read(nested(XMLReader.maximumDepth + 1)) }
        #expect(throws: XMLReadingError.self) { try read(nested(100_000)) }
        let padding = String(repeating: "x", count: XMLReader.maximumSize - 7)
        #expect(try read("<a>\(padding)</a>").text.utf8.count == XMLReader.maximumSize - 7)
        #expect(throws: XMLReadingError.self) { try read("<a>x\(padding)</a>") }
    }

    @Test func `UTF-16 in disguise is refused`() {
        var bytes: [UInt8] = [0xFF, 0xFE]
        for unit in #"<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>"#.utf16 {
            bytes += [UInt8(unit & 255), UInt8(unit >> 8)]
        }
        #expect(throws: XMLReadingError.self) { try XMLReader.read(bytes) }
    }
}

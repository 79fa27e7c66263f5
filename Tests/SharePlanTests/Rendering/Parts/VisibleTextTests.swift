import OrderedJSON
import SharePlan
import Testing

@Suite struct VisibleTextTests {
    @Test(arguments: [
        ("plain", "plain"), ("a\nb\tc\rd", #"a\nb\tc\rd"#), ("\u{1B}[31m", #"\u{1b}[31m"#), ("\0", #"\u{0}"#),
        ("\u{7F}\u{9B}", #"\u{7f}\u{9b}"#), ("a\u{202E}b", #"a\u{202e}b"#), ("a\u{200B}b", #"a\u{200b}b"#),
        ("\u{FEFF}", #"\u{feff}"#), ("\u{2028}\u{2029}", #"\u{2028}\u{2029}"#), ("a\u{A0}b", #"a\u{a0}b"#),
        ("\u{3164}\u{115F}", #"\u{3164}\u{115f}"#), ("\u{E000}", #"\u{e000}"#), ("\u{E0041}", #"\u{e0041}"#),
        ("\r\n", #"\r\n"#), ("Grüße 東京 😀 …", "Grüße 東京 😀 …"),
        ("::error::forged", #"\u{3a}:error::forged"#), ("  ::add-mask::x", #"  \u{3a}:add-mask::x"#),
        ("arn::x", "arn::x"), (": :", ": :"), ("x\n::error::y", #"x\n::error::y"#),
        ("##[error]x", ##"#\u{23}[error]x"##), ("a ##vso[task.x]", ##"a #\u{23}vso[task.x]"##), ("#1 # 2", "#1 # 2"),
    ])
    func `What cannot be seen is spelled out`(text: String, visible: String) {
        #expect(text.visible() == visible)
        #expect(text.visible().visible() == visible)
    }

    @Test func `JSON means the same with what cannot be seen as escapes`() throws {
        let value: JSONValue = ["a\u{202E}": "b\u{9B}31m\u{E0041}é\u{2028}\n\u{1B}", "c": "plain"]
        let text = value.minified.visibleJSON()
        #expect(try JSONValue(parsing: text) == value)
        #expect(text == ##"{"a\u202e":"b\u009b31m\udb40\udc41é\u2028\n\u001b","c":"plain"}"##)
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1_000, "1,000"), (10_240, "10,240"), (1_234_567, "1,234,567"), (-1_000, "-1,000"),
    ])
    func `Large numbers have commas`(number: Int, text: String) {
        #expect(number.grouped == text)
    }
}

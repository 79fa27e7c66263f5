import SharePlan
import Testing

@Suite struct VisibleTextTests {
    @Test(arguments: [
        ("plain", "plain"), ("a\nb\tc\rd", #"a\nb\tc\rd"#), ("\u{1B}[31m", #"\u{1b}[31m"#), ("\0", #"\u{0}"#),
        ("\u{7F}\u{9B}", #"\u{7f}\u{9b}"#), ("a\u{202E}b", #"a\u{202e}b"#), ("a\u{200B}b", #"a\u{200b}b"#),
        ("\u{FEFF}", #"\u{feff}"#), ("\u{2028}\u{2029}", #"\u{2028}\u{2029}"#), ("a\u{A0}b", #"a\u{a0}b"#),
        ("\u{3164}\u{115F}", #"\u{3164}\u{115f}"#), ("\u{E000}", #"\u{e000}"#), ("\u{E0041}", #"\u{e0041}"#),
        ("\r\n", #"\r\n"#), ("Grüße 東京 😀", "Grüße 東京 😀"),
    ])
    func `What cannot be seen is spelled out`(text: String, visible: String) {
        #expect(text.visible() == visible)
        #expect(text.visible().visible() == visible)
    }

    @Test func `Beyond ASCII everything can be spelled out`() {
        #expect("é 😀".visible(ascii: true) == #"\u{e9} \u{1f600}"#)
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1_000, "1,000"), (10_240, "10,240"), (1_234_567, "1,234,567"), (-1_000, "-1,000"),
    ])
    func `Large numbers have commas`(number: Int, text: String) {
        #expect(number.grouped == text)
    }
}

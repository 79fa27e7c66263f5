import SharePlan
import Testing

@Suite struct GroupsTests {
    @Test func `Members are sorted and each once`() throws {
        let text = "Consumer,Group\r\n555566667777,@b\n# none\n444455556666,b\n444455556666,b\no-a1b2c3d4e5,a.x\n"
        let (groups, diagnostics) = Groups.parse(Array(text.utf8), path: "g.csv")
        #expect(
            diagnostics.map(\.description) == [
                "g.csv:5:1: warning: 444455556666 is in @b already, by line 4; delete one"
            ])
        #expect(try #require(groups).names == ["a.x", "b"])
        #expect(groups?.members(of: "b")?.map(\.description) == ["444455556666", "555566667777"])
        #expect(groups?.members(of: "c") == nil)
    }

    @Test(arguments: [
        ("group,consumer\na,⟦@b⟧\n", "do not contain groups"), ("group,consumer\na,⟦⟧\n", "consumer is empty"),
        ("group,consumer\n⟦⟧,444455556666\n", "group is empty"),
        ("group,consumer\n⟦a b⟧,444455556666\n", "not a valid group name"),
        ("group,consumer\na,⟦44445555666⟧\n", "leading zero"), ("⟦group⟧\na\n", "consumer is missing"),
        ("group,consumer,⟦note⟧\n", "no column"), ("group,consumer\na⟦⟧\n", "1 cell,"),
        ("group,consumer\na,⟦ou-ab12-11111111⟧\n", "not supported"), ("⟦group;consumer⟧\n", "semicolons"),
    ])
    func `A bad groups file is an error at its place`(marked: String, words: String) {
        let csv = MarkedCSV(marked)
        let (groups, diagnostics) = Groups.parse(csv.bytes, path: "g.csv")
        #expect(groups == nil)
        #expect(diagnostics.map { [$0.line, $0.column] } == [[csv.line, csv.column]], "\(diagnostics.lines())")
        #expect(diagnostics.first?.message.contains(words) == true, "\(diagnostics.lines())")
    }
}

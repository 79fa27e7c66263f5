import SharePlan
import TestSupport
import Testing

@Suite struct ConsumerListTests {
    private func parse(_ text: String) -> (list: ConsumerList?, diagnostics: Diagnostics) {
        ConsumerList.parse(Array(text.utf8), path: "allowed.csv")
    }

    @Test(arguments: [
        "consumer\n444455556666\no-a1b2c3d4e5\n",
        "\u{FEFF}Name,Consumer\r\n\"a, b\",444455556666\r\n\r\n,o-a1b2c3d4e5\r\n",
        "# who may\nconsumer\n444455556666\n# more\no-a1b2c3d4e5\n444455556666\n",
    ]) func `The column consumer is read, whatever else is there`(text: String) {
        let (list, diagnostics) = parse(text)
        #expect(list?.consumers == [.fixture("444455556666"), .fixture("o-a1b2c3d4e5")])
        #expect(diagnostics.isEmpty)
    }

    @Test(arguments: [
        ("account\n444455556666\n", 1, 1), ("consumer\n44445555666\n", 2, 1), ("name,consumer\na,*\n", 2, 3),
        ("name,consumer\na\n", 2, 2), ("", 1, 1), ("consumer\n@team\n", 2, 1),
    ]) func `What is wrong has its place`(text: String, line: Int, column: Int) {
        let (list, diagnostics) = parse(text)
        #expect(list == nil)
        #expect(diagnostics.first.map { [$0.line, $0.column] } == [line, column], "\(diagnostics.lines())")
    }
}

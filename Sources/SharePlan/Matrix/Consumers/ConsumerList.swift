/// A list of consumers from a CSV file with a column `consumer`; other columns are for people and are not looked at.
package struct ConsumerList: Hashable, Sendable {
    package private(set) var consumers: Set<Consumer> = []

    /// Reads the file. The list is nil when there is an error among the diagnostics.
    package static func parse(_ bytes: [UInt8], path: String) -> (list: ConsumerList?, diagnostics: Diagnostics) {
        RowReporter.parse(bytes, path: path) { ConsumerList(reporter: &$0) }
    }

    private init?(reporter: inout RowReporter) {
        guard let sheet = Sheet(reporter.bytes, example: "consumer", reporter: &reporter) else { return nil }
        guard let column = sheet.names.firstIndex(where: { $0.text.lowercased() == "consumer" }) else {
            reporter.report(
                CellFault(.header, "the column consumer is missing; it lists who may be granted access"),
                at: sheet.names.first?.offset ?? 0)
            return nil
        }
        reporter.forEachRow(of: sheet) { reporter, cells, _ in
            if let consumer = reporter.read(cells[column], { Reading(plainConsumer: $0) }) {
                consumers.insert(consumer)
            }
        }
    }
}

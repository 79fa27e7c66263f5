/// A list of consumers from a CSV file with a column `consumer`; other columns are for people and are not looked at.
package struct ConsumerList: Hashable, Sendable {
    package private(set) var consumers: Set<Consumer> = []

    /// Reads the file. The list is nil when there is an error among the diagnostics.
    package static func parse(_ bytes: [UInt8], path: String) -> (list: ConsumerList?, diagnostics: Diagnostics) {
        bytes.withUnsafeBytes { bytes in
            var reporter = RowReporter(bytes, file: path)
            let list = ConsumerList(bytes, reporter: &reporter)
            var diagnostics = reporter.diagnostics
            diagnostics.sort()
            return (diagnostics.hasErrors ? nil : list, diagnostics)
        }
    }

    private init?(_ bytes: UnsafeRawBufferPointer, reporter: inout RowReporter) {
        guard let sheet = Sheet(bytes, example: "consumer", reporter: &reporter) else { return nil }
        guard let column = sheet.names.firstIndex(where: { $0.text.lowercased() == "consumer" }) else {
            reporter.report(
                CellFault(.header, "the column consumer is missing; it lists who may be granted access"),
                at: sheet.names.first?.offset ?? 0)
            return nil
        }
        var scanner = RowScanner(bytes, from: sheet.bodyStart, upTo: bytes.count)
        while scanner.readRow() {
            reporter.report(scanner.faults, linesBefore: sheet.bodyLine - 1)
            reporter.begin(rowStart: scanner.rowStart, line: scanner.rowLine + sheet.bodyLine - 1)
            if scanner.cells.allSatisfy({ bytes.isBlank(from: $0.start, to: $0.end) }) { continue }
            guard scanner.cells.count == sheet.names.count else {
                reporter.report(cellCount: scanner.cells, expected: sheet.names.count)
                continue
            }
            if let consumer = reporter.read(scanner.cells[column], { Reading(plainConsumer: $0) }) {
                consumers.insert(consumer)
            }
        }
        reporter.report(scanner.faults, linesBefore: sheet.bodyLine - 1)
    }
}

import AWSValues

/// Named groups of consumers, from a CSV file with the columns `group` and `consumer`, one row per member.
///
/// A group's name is made of letters, digits, `.`, `_` and `-`, and is written with or without the `@` that it has in
/// a matrix. Groups do not contain groups.
package struct Groups: Sendable {
    /// As the user named the file.
    package let path: String
    private var membersOfGroup: [String: [Consumer]] = [:]
    /// Whether the file has errors, so that which groups there are is not known.
    private var isUnreadable = false

    /// The groups of a file with errors: every name counts as one, so that a matrix can be checked for what is wrong
    /// with the matrix itself.
    package static func unreadable(path: String) -> Groups {
        var groups = Groups(path: path)
        groups.isUnreadable = true
        return groups
    }

    private init(path: String) { self.path = path }

    /// The names without `@`, sorted.
    package var names: [String] { membersOfGroup.keys.sorted() }

    /// The consumers of a group, sorted, each once; nil when there is no such group. `name` is without `@`.
    package func members(of name: String) -> [Consumer]? {
        membersOfGroup[name] ?? (isUnreadable ? [] : nil)
    }

    /// Reads a groups file. The groups are nil when there is an error among the diagnostics.
    package static func parse(_ bytes: [UInt8], path: String) -> (groups: Groups?, diagnostics: Diagnostics) {
        RowReporter.parse(bytes, path: path) { Groups(path: path, reporter: &$0) }
    }

    private init?(path: String, reporter: inout RowReporter) {
        self.path = path
        guard let sheet = Sheet(reporter.bytes, example: "group,consumer", reporter: &reporter),
            let columns = Groups.columns(of: sheet, reporter: &reporter)
        else { return nil }
        var seen: [String: [Consumer: Int]] = [:]
        reporter.forEachRow(of: sheet) { reporter, cells, line in
            let group = reporter.read(cells[columns.group]) { Groups.name($0) }
            let consumer = reporter.read(cells[columns.consumer]) { Groups.consumer($0) }
            guard let group, let consumer else { return }
            if let first = seen[group]?[consumer] {
                reporter.report(
                    .warning(.duplicate, "\(consumer) is in @\(group) already, by line \(first); delete one"),
                    at: cells[columns.consumer].start)
            } else {
                seen[group, default: [:]][consumer] = line
            }
        }
        membersOfGroup = seen.mapValues { $0.keys.sorted() }
    }

    private static func columns(of sheet: Sheet, reporter: inout RowReporter) -> (group: Int, consumer: Int)? {
        let names = sheet.names.map { $0.text.lowercased() }
        var columns: [String: Int] = [:]
        for (index, name) in names.enumerated() where !name.isEmpty {
            if !["group", "consumer"].contains(name) {
                reporter.report(
                    CellFault(
                        .header,
                        "a groups file has no column \(shown(sheet.names[index].text)), only group and consumer"
                            + suggestion(for: name, among: ["group", "consumer"])),
                    at: sheet.names[index].offset)
            } else if columns[name] != nil {
                reporter.report(
                    CellFault(.header, "the column \(name) appears twice; delete one"), at: sheet.names[index].offset)
            } else {
                columns[name] = index
            }
        }
        for name in ["group", "consumer"] where columns[name] == nil {
            reporter.report(
                CellFault(.header, "the column \(name) is missing; a groups file has the columns group,consumer"),
                at: sheet.names.first?.offset ?? 0)
        }
        guard let group = columns["group"], let consumer = columns["consumer"] else { return nil }
        return (group, consumer)
    }

    private static func name(_ text: String) -> Reading<String> {
        let name = text.hasPrefix("@") ? String(text.dropFirst()) : text
        if name.isEmpty { return Reading(CellFault(.emptyCell, "group is empty; write the group's name")) }
        if let damage = SpreadsheetDamage.ofAnyCell(text) { return Reading(damage) }
        let isName = name.utf8.allSatisfy { $0.isLetterOrDigit || "._-".utf8.contains($0) }
        guard isName, name.utf8.count <= 128 else {
            return Reading(
                CellFault(
                    .group, "\(shown(text)) is not a valid group name; use at most 128 letters, digits and \"._-\""))
        }
        return Reading(name)
    }

    private static func consumer(_ text: String) -> Reading<Consumer> {
        if text.hasPrefix("@") {
            return Reading(
                CellFault(
                    .group, "\(shown(text)) is a group, and groups do not contain groups; list its consumers here"))
        }
        if text.hasPrefix("ou-") {
            return Reading(
                CellFault(
                    .consumer,
                    "the accounts of the unit \(shown(text)) would have to be looked up, which is not supported in "
                        + "groups; write its organization path (o-…/r-…/\(text)/*), or list the accounts"))
        }
        return Reading(plainConsumer: text)
    }
}

extension RowReporter {
    /// What `read` makes of a file, and what is wrong with it: nothing is made of one with errors.
    static func parse<Value>(
        _ bytes: [UInt8], path: String, _ read: (inout RowReporter) -> Value?
    ) -> (Value?, Diagnostics) {
        bytes.withUnsafeBytes { bytes in
            var reporter = RowReporter(bytes, file: path)
            let value = read(&reporter)
            var diagnostics = reporter.diagnostics
            diagnostics.sort()
            return (diagnostics.hasErrors ? nil : value, diagnostics)
        }
    }

    /// Calls `body` with the cells of each row, as many as the header has, and with the row's line.
    mutating func forEachRow(of sheet: Sheet, _ body: (inout RowReporter, [RawCell], Int) -> Void) {
        var scanner = RowScanner(bytes, from: sheet.bodyStart, upTo: bytes.count)
        while scanner.readRow() {
            let line = scanner.rowLine + sheet.bodyLine - 1
            report(scanner.faults, linesBefore: sheet.bodyLine - 1)
            begin(rowStart: scanner.rowStart, line: line)
            if scanner.cells.allSatisfy({ bytes.isBlank(from: $0.start, to: $0.end) }) { continue }
            guard scanner.cells.count == sheet.names.count else {
                report(cellCount: scanner.cells, expected: sheet.names.count)
                continue
            }
            body(&self, scanner.cells, line)
        }
        report(scanner.faults, linesBefore: sheet.bodyLine - 1)
    }

    /// Reads one cell, reports what is wrong with it, and returns its value if it has one.
    mutating func read<Value>(_ cell: RawCell, _ read: (String) -> Reading<Value>) -> Value? {
        guard !cell.isBroken else { return nil }
        do throws(CellText.Fault) {
            let text = try CellText(cell, in: bytes)
            let reading = read(text.text)
            for fault in reading.faults { report(fault, at: cell.start + text.rawOffset(of: fault.offset)) }
            return reading.value
        } catch {
            report(CellFault(error), at: cell.start + error.offset)
            return nil
        }
    }

    /// Reports a row with more or fewer cells than the header.
    mutating func report(cellCount cells: [RawCell], expected: Int) {
        guard let last = cells.last else { return }
        let cause =
            cells.count < expected
            ? "; add the missing ones, as empty cells if need be"
            : "; delete what is too much, or put a cell that has commas between quotes"
        report(
            CellFault(
                .cellCount, "the row has \(cells.count.counting("cell", "cells")), the header has \(expected)" + cause),
            at: cells.count < expected ? last.end : cells[expected].start)
    }
}

/// The start of a CSV file: where its text starts, and its header.
struct Sheet {
    /// The cells of the header, with white space and quotes removed, and where each starts.
    let names: [(text: String, offset: Int)]
    /// Where the row after the header starts, and on which line.
    let bodyStart: Int
    let bodyLine: Int

    /// Reads the header; nil when the file is no CSV at all, which the reporter then has an error for.
    init?(_ bytes: UnsafeRawBufferPointer, example: String, reporter: inout RowReporter) {
        let start = Sheet.textStart(bytes)
        reporter.begin(rowStart: start, line: 1)
        if let fault = Sheet.unreadable(bytes) {
            reporter.report(fault, at: start)
            return nil
        }
        var scanner = RowScanner(bytes, from: start, upTo: bytes.count)
        let found = scanner.readRow()
        reporter.report(scanner.faults)
        guard found else {
            if !reporter.diagnostics.hasErrors {
                reporter.begin(rowStart: start, line: 1)
                reporter.report(
                    CellFault(.header, "the file is empty; its first line must be a header: \(example)"), at: start)
            }
            return nil
        }
        reporter.begin(rowStart: scanner.rowStart, line: scanner.rowLine)
        var names: [(text: String, offset: Int)] = []
        for cell in scanner.cells {
            do throws(CellText.Fault) {
                let text = cell.isBroken ? nil : try CellText(cell, in: bytes)
                names.append((text?.text ?? "", cell.start + (text?.rawOffset(of: 0) ?? 0)))
            } catch {
                reporter.report(CellFault(error), at: cell.start + error.offset)
                names.append(("", cell.start))
            }
        }
        if let fault = Sheet.separatorFault(names.map(\.text)) {
            reporter.report(fault, at: scanner.rowStart)
            return nil
        }
        self.names = names
        bodyStart = scanner.position
        bodyLine = scanner.line
    }

    /// Where the text starts: behind a UTF-8 byte order mark, if there is one.
    private static func textStart(_ bytes: UnsafeRawBufferPointer) -> Int {
        bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    private static func unreadable(_ bytes: UnsafeRawBufferPointer) -> CellFault? {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return CellFault(
                .encoding, "the file is UTF-16 (\"Unicode text\" in Excel); save it as \"CSV UTF-8 (comma delimited)\"")
        }
        if bytes.starts(with: Array("PK\u{3}\u{4}".utf8)) {
            return CellFault(
                .encoding, "the file is a workbook, not CSV; save the sheet as \"CSV UTF-8 (comma delimited)\"")
        }
        if bytes.count >= 1 << 32 {
            return CellFault(.csv, "the file has 4 GiB or more; split it by owner account")
        }
        return nil
    }

    private static func separatorFault(_ names: [String]) -> CellFault? {
        guard let first = names.first else { return nil }
        if first.lowercased().hasPrefix("sep=") {
            return CellFault(
                .separator, "the line \(shown(first)) is only for Excel; delete it and separate cells with commas")
        }
        guard names.count == 1 else { return nil }
        for (separator, name) in [(";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")]
        where first.contains(separator) {
            return CellFault(
                .separator,
                "the cells are separated by \(name), as some locales export them; export with commas, as "
                    + "\"CSV UTF-8 (comma delimited)\"")
        }
        return nil
    }
}

extension CellFault {
    /// The fault of a cell whose bytes are not text.
    init(_ fault: CellText.Fault) {
        switch fault {
        case .invalidUTF8:
            self.init(
                .encoding,
                "the cell is not UTF-8: the file was saved in another encoding; save it as \"CSV UTF-8 (comma delimited)\""
            )
        case .nul:
            self.init(
                .encoding,
                "the cell has a NUL character: the file is damaged or UTF-16; save it as \"CSV UTF-8 (comma delimited)\""
            )
        }
    }
}

extension CellText.Fault {
    /// Where in the raw cell, in bytes.
    var offset: Int {
        switch self {
        case .invalidUTF8(let offset), .nul(let offset): offset
        }
    }
}

import AWSValues

/// Reads the rows of a stretch of a matrix: cells to numbers of values, with every fault in its place.
struct MatrixChunkReader {
    typealias Field = MatrixHeader.Field

    private let bytes: UnsafeRawBufferPointer
    private let header: MatrixHeader
    private let groups: Groups?
    private let options: MatrixOptions
    private let start: Int

    private var scanner: RowScanner
    private var reporter: RowReporter
    private var vocabulary = Vocabulary()
    private var checks = RowChecks()
    private var rows: MatrixRows
    private var rowCount = 0
    /// By ``Field``; all consumer columns of a wide matrix share that of ``Field/access``.
    private var tables = [CellTable](repeating: CellTable(), count: Field.allCases.count)
    /// What ``columnsToCheck(_:)`` found for the account and the regions that it was asked about last.
    private var checkedColumns: (account: UInt32, regions: UInt32, numbers: [Int])?
    /// The findings of cells that were read before, by the numbers in the tables.
    private var findings: [[(wording: UInt32, offset: Int)]] = []

    init(
        _ bytes: UnsafeRawBufferPointer, from start: Int, upTo limit: Int, file: String, header: MatrixHeader,
        groups: Groups?, options: MatrixOptions
    ) {
        self.bytes = bytes
        self.header = header
        self.groups = groups
        self.options = options
        self.start = start
        scanner = RowScanner(bytes, from: start, upTo: limit)
        reporter = RowReporter(bytes, file: file)
        rows = MatrixRows(header.form, columns: [])
        // Before any row is read, so that they have the same numbers in every chunk.
        let columns = header.consumers.map { column in
            let consumer = column.consumer.map { number(of: $0) } ?? CellTable.invalid
            return WideRows.Column(index: column.index, consumer: consumer, regions: number(of: column.regions))
        }
        rows = MatrixRows(header.form, columns: columns)
    }

    /// Reads all rows that start before the limit; `passing` receives the progress about every megabyte.
    consuming func read(passing: (Int) -> Void) -> MatrixChunk {
        var nextPass = start + MatrixReader.piece
        while scanner.readRow() {
            if !scanner.faults.isEmpty { reporter.report(scanner.faults) }
            readRow()
            if rowCount == 4_096 { reserveRows() }
            if scanner.position >= nextPass {
                passing(scanner.rowStart)
                nextPass = scanner.position + MatrixReader.piece
            }
        }
        reporter.report(scanner.faults)
        return MatrixChunk(
            start: start, end: scanner.position, lineCount: scanner.line - 1, rowCount: rowCount, rows: rows,
            vocabulary: vocabulary, diagnostics: reporter.diagnostics)
    }

    /// Makes room for as many rows as the whole stretch will have if it continues like its first rows: growing a
    /// large array step by step would need twice the memory.
    private mutating func reserveRows() {
        let share = Double(scanner.limit - start) / Double(max(1, scanner.position - start))
        rows.reserveCapacity(records: Int(Double(rows.recordCount) * share * 1.02))
    }

    private mutating func readRow() {
        reporter.begin(rowStart: scanner.rowStart, line: scanner.rowLine)
        guard scanner.cells.count == header.columnCount else {
            if !isBlankRow() {
                rowCount += 1
                // After a broken quote the number of cells means nothing.
                if scanner.cells.contains(where: \.isBroken) { return }
                reporter.report(cellCount: scanner.cells, expected: header.columnCount)
            }
            return
        }
        if scanner.firstByte(of: 0) <= UInt8(ascii: "\""), isBlankRow() { return }
        rowCount += 1
        for index in header.unnamed where !isBlank(scanner.cells[index]) {
            reporter.report(
                CellFault(.header, "the cell is in a column without a name; name the column, or delete the cell"),
                at: scanner.cells[index].start)
        }
        let account = value(of: .ownerAccount)
        let regions = value(of: .region)
        let pattern = value(of: .repository)
        let expiry = value(of: .expires)
        let reason = value(of: .reason)
        let place =
            account == CellTable.invalid || regions == CellTable.invalid
            ? CellTable.invalid : vocabulary.places.number(of: account, regions)
        let entry =
            place == CellTable.invalid || pattern == CellTable.invalid ? CellTable.invalid : entry(place, pattern)
        let row = RowValues(account: account, regions: regions, entry: entry, expiry: expiry, reason: reason)
        switch header.form {
        case .long: readGrant(of: row)
        case .wide: readGrants(of: row)
        }
    }

    /// What the cells of a row say that belong to all its grants.
    private struct RowValues {
        let account: UInt32
        let regions: UInt32
        let entry: UInt32
        let expiry: UInt32
        let reason: UInt32

        /// Whether what the row grants can be kept. If not, there is an error already.
        var isComplete: Bool {
            entry != CellTable.invalid && expiry != CellTable.invalid && reason != CellTable.invalid
        }
    }

    private mutating func readGrant(of row: RowValues) {
        let consumer = value(of: .consumer)
        let words = value(of: .access)
        let consumerRegions = value(of: .consumerRegion)
        guard consumer != CellTable.invalid, words != CellTable.invalid, consumerRegions != CellTable.invalid else {
            return
        }
        let cell = scanner.cells[header.fields[Field.consumer.rawValue]]
        check(
            row, consumer: consumer, words: words, consumerRegions: consumerRegions, cell: cell,
            accessCell: scanner.cells[header.fields[Field.access.rawValue]])
        guard row.isComplete else { return }
        let start = bytes.firstNonspace(of: cell)
        var place = (line: scanner.rowLine, column: start - scanner.rowStart + 1)
        if hasSeveralLines || !bytes.isASCII(from: scanner.rowStart, to: start) { place = reporter.place(of: start) }
        rows.long.append(
            LongRow(
                entry: row.entry, consumer: consumer,
                remark: vocabulary.remark(
                    words: words, consumerRegions: consumerRegions, expiry: row.expiry, reason: row.reason,
                    column: UInt32(place.column)),
                line: UInt32(place.line)))
    }

    private mutating func readGrants(of row: RowValues) {
        let columns = rows.wide.columns
        let words = [UInt8](unsafeUninitializedCapacity: columns.count) { words, count in
            for (number, column) in columns.enumerated() {
                words.initializeElement(at: number, to: readWords(in: column))
            }
            count = columns.count
        }
        for number in columnsToCheck(row) where words[number] != 0 {
            let cell = scanner.cells[columns[number].index]
            check(
                row, consumer: columns[number].consumer, words: UInt32(words[number]),
                consumerRegions: columns[number].regions, cell: cell, accessCell: cell)
        }
        guard row.isComplete else { return }
        rows.wide.append(
            WideRows.Row(
                entry: row.entry, expiry: row.expiry, reason: row.reason, start: UInt32(scanner.rowStart),
                line: UInt32(scanner.rowLine)), words)
        if hasSeveralLines {
            let starts = columns.map { bytes.firstNonspace(of: scanner.cells[$0.index]) }
            rows.wide.setLines(starts.map { UInt32(reporter.place(of: $0).line) })
        }
    }

    /// The access words of a wide row's cell; 0 when it is empty or wrong.
    @inline(__always)
    private mutating func readWords(in column: WideRows.Column) -> UInt8 {
        let cell = scanner.cells[column.index]
        if cell.length == 0 { return 0 }
        let words = value(of: cell, in: .access)
        return words == CellTable.invalid || column.consumer == CellTable.invalid
            ? 0 : UInt8(truncatingIfNeeded: words)
    }

    /// The columns of a wide matrix in which there may be something to say of a row, depending on its access words.
    private mutating func columnsToCheck(_ row: RowValues) -> [Int] {
        if let last = checkedColumns, last.account == row.account, last.regions == row.regions { return last.numbers }
        let columns = rows.wide.columns
        let numbers = columns.indices.filter { number in
            let column = columns[number]
            return column.consumer != CellTable.invalid
                && !checks.isUnremarkable(account: row.account, regions: row.regions, column)
        }
        checkedColumns = (row.account, row.regions, numbers)
        return numbers
    }

    /// Whether the current row may take more than one line, as it does with a line break between quotes. The last row
    /// of a file need not end its line, so it may always.
    private var hasSeveralLines: Bool {
        scanner.line - scanner.rowLine > 1 || scanner.position == bytes.count
    }

    /// Reports what the cells of one grant must not be to each other.
    @inline(__always)
    private mutating func check(
        _ row: RowValues, consumer: UInt32, words: UInt32, consumerRegions: UInt32, cell: RawCell, accessCell: RawCell
    ) {
        let values = RowChecks.Values(
            account: row.account, regions: row.regions, consumer: consumer, words: AccessWords(rawValue: UInt8(words)),
            consumerRegions: consumerRegions)
        guard !checks.isUnremarkable(values) else { return }
        let faults = checks.faults(values, vocabulary)
        if faults.isEmpty { checks.learnSound(values) }
        for fault in faults {
            let isOfConsumer = fault.kind == .ownAccount || fault.kind == .partition
            reporter.report(fault, at: bytes.firstNonspace(of: isOfConsumer ? cell : accessCell))
        }
    }

    @inline(__always)
    private mutating func entry(_ place: UInt32, _ pattern: UInt32) -> UInt32 {
        let entry = vocabulary.entries.number(of: place, pattern)
        if Int(entry) == vocabulary.origins.count {
            let cell = scanner.cells[header.fields[Field.repository.rawValue]]
            let place = reporter.place(of: bytes.firstNonspace(of: cell))
            vocabulary.origins.append((UInt32(place.line), UInt32(place.column)))
        }
        return entry
    }

    private func isBlank(_ cell: RawCell) -> Bool {
        !cell.isBroken && bytes.isBlank(from: cell.start, to: cell.end)
    }

    /// Whether the row has nothing but commas, as spreadsheets export empty rows, or is a quoted comment, as they
    /// export comment lines.
    private func isBlankRow() -> Bool {
        guard let first = scanner.cells.first, scanner.cells.dropFirst().allSatisfy(isBlank) else { return false }
        let start = bytes.firstNonspace(of: first)
        return isBlank(first)
            || (!first.isBroken && bytes.has(UInt8(ascii: "\""), at: start)
                && bytes.has(UInt8(ascii: "#"), at: start + 1))
    }
}

// Cells
extension MatrixChunkReader {
    /// The number of a field's value in the current row; that of the empty value when there is no such column.
    @inline(__always)
    private mutating func value(of field: Field) -> UInt32 {
        let index = header.fields[field.rawValue]
        if index < 0 { return field.isRequired ? CellTable.invalid : 0 }
        return value(of: scanner.cells[index], in: field)
    }

    @inline(__always)
    private mutating func value(of cell: RawCell, in field: Field) -> UInt32 {
        if let entry = tables[field.rawValue].findAgain(cell, in: bytes), entry.findings == 0 { return entry.value }
        return lookUp(cell, field)
    }

    private mutating func lookUp(_ cell: RawCell, _ field: Field) -> UInt32 {
        guard let entry = tables[field.rawValue].find(cell, in: bytes) else { return readNew(cell, field) }
        if entry.findings != 0 { repeatFindings(entry.findings, cell) }
        return entry.value
    }

    private mutating func repeatFindings(_ number: UInt32, _ cell: RawCell) {
        for finding in findings[Int(number) - 1] { reporter.report(finding.wording, at: cell.start + finding.offset) }
    }

    private mutating func readNew(_ cell: RawCell, _ field: Field) -> UInt32 {
        if cell.isBroken { return CellTable.invalid }
        var value = CellTable.invalid
        var faults: [(wording: UInt32, offset: Int)] = []
        do throws(CellText.Fault) {
            let text = try CellText(cell, in: bytes)
            let (number, found) = read(text.text, field)
            value = number ?? CellTable.invalid
            faults = found.map { (reporter.number(of: $0), text.rawOffset(of: $0.offset)) }
        } catch {
            faults = [(reporter.number(of: CellFault(error)), error.offset)]
        }
        if !faults.isEmpty { findings.append(faults) }
        let number = faults.isEmpty ? 0 : UInt32(findings.count)
        tables[field.rawValue].add(cell, in: bytes, value: value, findings: number)
        if number != 0 { repeatFindings(number, cell) }
        return value
    }

    private mutating func read(_ text: String, _ field: Field) -> (number: UInt32?, faults: [CellFault]) {
        switch field {
        case .ownerAccount:
            let reading = Reading<AccountID>(account: text, column: field.name)
            return (reading.value.map { vocabulary.accounts.number(of: $0) }, reading.faults)
        case .region:
            let reading = Reading<[Region]>(regions: text, column: field.name, isRequired: true, options: options)
            return (reading.value.map { number(of: $0) }, reading.faults)
        case .repository:
            let reading = Reading<RepositoryPattern>(repository: text)
            return (reading.value.map { vocabulary.patterns.number(of: $0) }, reading.faults)
        case .consumer:
            let reading = Reading<MatrixConsumer>(consumer: text, groups: groups, units: options.organizationalUnits)
            return (reading.value.map { number(of: $0) }, reading.faults)
        case .access:
            let reading = Reading<AccessWords>(access: text, isRequired: header.form == .long)
            return (reading.value.map { UInt32($0.rawValue) }, reading.faults)
        case .consumerRegion:
            let reading = Reading<[Region]>(
                regions: text, column: field.name, kind: .consumerRegion, isRequired: false, options: options)
            return (reading.value.map { number(of: $0) }, reading.faults)
        case .expires:
            let reading = Reading<CalendarDate?>(expires: text)
            return (reading.value.map { vocabulary.expiries.number(of: $0) }, reading.faults)
        case .reason:
            let reading = Reading<String>(reason: text)
            return (reading.value.map { $0.isEmpty ? 0 : vocabulary.reasons.add($0) }, reading.faults)
        }
    }

    private mutating func number(of regions: [Region]) -> UInt32 {
        let number = vocabulary.regionSets.number(of: regions)
        checks.learn(regions: regions, number: number)
        return number
    }

    private mutating func number(of consumer: MatrixConsumer) -> UInt32 {
        let number = vocabulary.consumers.number(of: consumer)
        checks.learn(consumer: consumer, number: number, accounts: &vocabulary.accounts)
        return number
    }
}

extension UnsafeRawBufferPointer {
    @inline(__always)
    fileprivate func isASCII(from start: Int, to end: Int) -> Bool {
        var offset = start
        var all: UInt64 = 0
        while offset < end {
            all |= word(from: offset, length: end - offset)
            offset += 8
        }
        return all & 0x8080_8080_8080_8080 == 0
    }
}

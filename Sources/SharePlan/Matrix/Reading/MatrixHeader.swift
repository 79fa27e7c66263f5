import AWSValues

/// The header of a matrix: its form, and what each column is.
struct MatrixHeader: Sendable {
    enum Form: Sendable {
        /// A row a grant.
        case long
        /// A row a repository, a column a consumer.
        case wide
    }

    /// The columns that have a name of their own. The raw value is the place of the column's cells in a row's reading.
    enum Field: Int, CaseIterable, Sendable {
        case ownerAccount, region, repository, consumer, access, consumerRegion, expires, reason

        var name: String {
            switch self {
            case .ownerAccount: "owner_account"
            case .region: "region"
            case .repository: "repository"
            case .consumer: "consumer"
            case .access: "access"
            case .consumerRegion: "consumer_region"
            case .expires: "expires"
            case .reason: "reason"
            }
        }

        var isRequired: Bool {
            switch self {
            case .ownerAccount, .region, .repository, .consumer, .access: true
            case .consumerRegion, .expires, .reason: false
            }
        }
    }

    /// A column of a wide matrix whose cells hold access words.
    struct ConsumerColumn: Sendable {
        let index: Int
        /// nil when the column's name is wrong; its cells are checked all the same.
        let consumer: MatrixConsumer?
        /// The region of the Lambda functions: none or one.
        let regions: [Region]
    }

    private(set) var form = Form.long
    private(set) var columnCount = 0
    /// By ``Field``: the column's index, or -1 for a column that is not there.
    private(set) var fields = [Int](repeating: -1, count: Field.allCases.count)
    private(set) var consumers: [ConsumerColumn] = []
    /// Columns without a name, which must be empty.
    private(set) var unnamed: [Int] = []

    init(_ sheet: Sheet, groups: Groups?, options: MatrixOptions, reporter: inout RowReporter) {
        let names = sheet.names
        columnCount = names.count
        let fieldOfName = Dictionary(uniqueKeysWithValues: Field.allCases.map { ($0.name, $0) })
        form = MatrixHeader.form(of: names.map { $0.text.lowercased() })
        var firstOfName: [String: Int] = [:]
        for (index, name) in names.enumerated() {
            let key = name.text.hasPrefix("arn:") ? name.text : name.text.lowercased()
            guard !key.isEmpty else {
                unnamed.append(index)
                continue
            }
            if let first = firstOfName[key] {
                reporter.report(
                    CellFault(
                        .header,
                        "the column \(shown(name.text)) appears twice, first as column \(first + 1); join the two"),
                    at: name.offset)
                continue
            }
            firstOfName[key] = index
            if let field = fieldOfName[key], isAllowed(field) {
                fields[field.rawValue] = index
            } else if form == .wide {
                addConsumer(name, index: index, groups: groups, options: options, reporter: &reporter)
            } else {
                reporter.report(unknownColumn(name.text), at: name.offset)
            }
        }
        reportMissing(at: names.first?.offset ?? 0, reporter: &reporter)
    }

    private func isAllowed(_ field: Field) -> Bool {
        form == .long || ![.consumer, .access, .consumerRegion].contains(field)
    }

    private static func form(of names: [String]) -> Form {
        if names.contains(where: { ["consumer", "access", "consumer_region"].contains($0) }) { return .long }
        return names.contains(where: looksLikeConsumer) ? .wide : .long
    }

    /// Whether a column's name can only be a consumer, even a damaged one.
    private static func looksLikeConsumer(_ name: String) -> Bool {
        name.utf8.count { (0x30...0x39).contains($0) } >= 5 || name.contains("e+")
            || ["arn:", "o-", "ou-", "@"].contains(where: name.hasPrefix)
    }

    private mutating func addConsumer(
        _ name: (text: String, offset: Int), index: Int, groups: Groups?, options: MatrixOptions,
        reporter: inout RowReporter
    ) {
        var text = name.text
        var regions: [Region] = []
        if !MatrixHeader.looksLikeConsumer(text.lowercased()) {
            reporter.report(unknownColumn(text), at: name.offset)
            consumers.append(ConsumerColumn(index: index, consumer: nil, regions: []))
            return
        }
        // Role ARNs and organization paths have slashes of their own.
        if !text.hasPrefix("arn:"), !text.hasPrefix("o-"), let slash = text.lastIndex(of: "/") {
            let region = String(text[text.index(after: slash)...])
            let reading = Reading<[Region]>(
                regions: region, column: "the region of the column", kind: .consumerRegion, isRequired: true,
                options: options)
            let offset = text.utf8.distance(from: text.startIndex, to: slash) + 1
            for fault in reading.faults { reporter.report(fault, at: name.offset + offset + fault.offset) }
            regions = reading.value ?? []
            text = String(text[..<slash])
        }
        let reading = Reading<MatrixConsumer>(consumer: text, groups: groups, units: options.organizationalUnits)
        for fault in reading.faults { reporter.report(fault, at: name.offset + fault.offset) }
        consumers.append(ConsumerColumn(index: index, consumer: reading.value, regions: regions))
    }

    private func unknownColumn(_ name: String) -> CellFault {
        let known = Field.allCases.filter(isAllowed).map(\.name)
        if let damage = SpreadsheetDamage.ofAnyCell(name) { return damage }
        if form == .long, MatrixHeader.looksLikeConsumer(name.lowercased()) {
            return CellFault(
                .header,
                "the column \(shown(name)) is a consumer, as in the wide form, but the header also has columns of the "
                    + "long form (consumer, access, consumer_region); use one form")
        }
        let near = suggestion(for: name.replacing(" ", with: "_"), among: known)
        return CellFault(
            .header,
            "there is no column \(shown(name))"
                + (near.isEmpty
                    ? "; the columns are \(known.joined(separator: ", "))"
                        + (form == .wide
                            ? ", and one for each consumer (account, ACCOUNT/REGION, ARN, o-…, @group)" : "")
                    : near))
    }

    private func reportMissing(at offset: Int, reporter: inout RowReporter) {
        let missing = Field.allCases.filter { $0.isRequired && isAllowed($0) && fields[$0.rawValue] < 0 }.map(\.name)
        guard !missing.isEmpty else { return }
        reporter.report(
            CellFault(
                .header,
                "the header lacks \(missing.joined(separator: ", ")); a matrix has the columns "
                    + (form == .long
                        ? "owner_account,region,repository,consumer,access and perhaps consumer_region,expires,reason"
                        : "owner_account,region,repository and one for each consumer")),
            at: offset)
    }
}

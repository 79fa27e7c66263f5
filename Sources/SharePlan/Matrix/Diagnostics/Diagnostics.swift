/// The problems of one file, in the order of their places.
///
/// A finding costs 16 bytes, and its wording is shared with all equal ones: ten million bad rows must not cost more
/// memory than ten million good ones. The sentences are put together when they are asked for.
package struct Diagnostics: RandomAccessCollection, Sendable {
    /// What may be reported at several places: everything of a diagnostic but its place.
    struct Wording: Hashable, Sendable {
        let severity: Diagnostic.Severity
        let kind: Diagnostic.Kind
        /// ``Diagnostics/otherLine`` in it is replaced by the number of another line.
        let message: String
    }

    struct Finding: Sendable {
        var line: UInt32
        var column: UInt32
        var wording: UInt32
        /// The line that the message names; 0 for none.
        var other: UInt32
    }

    /// What a message has where another line's number belongs.
    static let otherLine = "{line}"

    /// As the user named the file.
    package let file: String
    private(set) var wordings = NumberTable<Wording>()
    private(set) var findings: [Finding] = []
    private(set) package var errorCount = 0

    init(file: String) {
        self.file = file
    }

    package var startIndex: Int { 0 }
    package var endIndex: Int { findings.count }

    package subscript(position: Int) -> Diagnostic {
        let finding = findings[position]
        let wording = wordings[finding.wording]
        return Diagnostic(
            file: file, line: Int(finding.line), column: Int(finding.column), severity: wording.severity,
            kind: wording.kind,
            message: finding.other == 0
                ? wording.message
                : wording.message.replacing(Diagnostics.otherLine, with: String(finding.other)))
    }

    package var hasErrors: Bool { errorCount > 0 }
    package var warningCount: Int { count - errorCount }

    /// Keeps a wording for later findings and returns its number.
    mutating func keep(_ wording: Wording) -> UInt32 {
        wordings.number(of: wording)
    }

    mutating func add(_ wording: UInt32, line: Int, column: Int, other: UInt32 = 0) {
        findings.append(Finding(line: UInt32(line), column: UInt32(column), wording: wording, other: other))
        if wordings[wording].severity == .error { errorCount += 1 }
    }

    /// Takes over the findings of a later part of the file, whose lines were counted from 1.
    mutating func append(_ later: Diagnostics, linesBefore: Int) {
        let numbers = later.wordings.values.map { keep($0) }
        findings.reserveCapacity(findings.count + later.findings.count)
        for var finding in later.findings {
            finding.line += UInt32(linesBefore)
            finding.wording = numbers[Int(finding.wording)]
            findings.append(finding)
        }
        errorCount += later.errorCount
    }

    /// Puts the findings in the order of their places; what was found first at one place stays first.
    mutating func sort() {
        func place(_ finding: Finding) -> UInt64 { UInt64(finding.line) << 32 | UInt64(finding.column) }
        guard !zip(findings, findings.dropFirst()).allSatisfy({ place($0) <= place($1) }) else { return }
        // The standard library's sort is stable, although its documentation does not promise it; places are made
        // distinct by the position for that reason.
        let order = findings.indices.sorted { (place(findings[$0]), $0) < (place(findings[$1]), $1) }
        findings = order.map { findings[$0] }
    }
}

extension Diagnostics {
    /// The diagnostics as lines for a person, each kind capped: where one kind and severity has more, the last lines
    /// say how many more and where the first of them are.
    package func lines(maximumOfEachKind maximum: Int = 20) -> [String] {
        var total: [Group: Int] = [:]
        var shown: [String] = []
        var hidden: [(group: Group, lines: [String])] = []
        for index in indices {
            let finding = findings[index]
            let group = group(of: finding)
            total[group, default: 0] += 1
            if total[group, default: 0] <= maximum {
                shown.append(self[index].description)
            } else if let place = hidden.firstIndex(where: { $0.group == group }) {
                if hidden[place].lines.count < 10 { hidden[place].lines.append("\(finding.line)") }
            } else {
                hidden.append((group, ["\(finding.line)"]))
            }
        }
        return shown
            + hidden.map { group, lines in
                let count = total[group, default: 0] - maximum
                let places = count == 1 ? "line \(lines[0])" : "lines \(lines.joined(separator: ", "))"
                return "\(file): \(group.severity.rawValue): \(count.grouped) more of this kind, "
                    + "\(group.kind.rawValue), on \(places)" + (count > lines.count ? ", …" : "")
            }
    }

    private struct Group: Hashable {
        let kind: Diagnostic.Kind
        let severity: Diagnostic.Severity
    }

    private func group(of finding: Finding) -> Group {
        let wording = wordings[finding.wording]
        return Group(kind: wording.kind, severity: wording.severity)
    }
}

/// What one cell says: its value, and what is wrong with it.
struct Reading<Value> {
    /// nil when the cell has no usable value; then there is an error among the faults.
    var value: Value?
    var faults: [CellFault] = []

    init(_ value: Value) {
        self.value = value
    }

    init(_ fault: CellFault) {
        faults = [fault]
    }

    /// A reading that found `value`, if no fault is an error.
    init(_ value: Value, _ faults: [CellFault]) {
        self.faults = faults
        self.value = faults.contains { $0.severity == .error } ? nil : value
    }
}

/// Something that is wrong with a cell.
struct CellFault {
    var severity = Diagnostic.Severity.error
    let kind: Diagnostic.Kind
    /// What is wrong, and how to fix it.
    let message: String
    /// Where in the cell's text, in UTF-8 bytes.
    var offset = 0

    init(_ kind: Diagnostic.Kind, _ message: String, offset: Int = 0) {
        self.kind = kind
        self.message = message
        self.offset = offset
    }

    static func warning(_ kind: Diagnostic.Kind, _ message: String, offset: Int = 0) -> CellFault {
        var fault = CellFault(kind, message, offset: offset)
        fault.severity = .warning
        return fault
    }
}

/// The values of a cell that takes several, separated by `;`, each with its offset in the text, without empty ones.
func separateValues(of text: String) -> [(text: String, offset: Int)] {
    var values: [(text: String, offset: Int)] = []
    for part in text.utf8.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: true) {
        let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        let trimmed = part.drop(while: isBlank)
        guard let last = trimmed.lastIndex(where: { !isBlank($0) }) else { continue }
        values.append(
            (
                String(trimmed[trimmed.startIndex...last]) ?? "",
                text.utf8.distance(from: text.startIndex, to: trimmed.startIndex)
            ))
    }
    return values
}

/// What a person wrote between several values, if it was not `;`: a hint for the message, or nothing.
func separatorHint(in text: String) -> String {
    text.contains { ",|&+".contains($0) || $0.isWhitespace } ? "; separate several values with \";\"" : ""
}

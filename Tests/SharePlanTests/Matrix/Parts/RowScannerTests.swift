import TestSupport
import Testing

@testable import SharePlan

@Suite struct RowScannerTests {
    /// The cells of every row, as the reader sees them.
    private func cells(of text: String) throws -> [[String]] {
        try Array(text.utf8).withUnsafeBytes { bytes in
            var scanner = RowScanner(bytes, from: 0, upTo: bytes.count)
            var rows: [[String]] = []
            while scanner.readRow() {
                rows.append(try scanner.cells.map { try CellText($0, in: bytes).text })
                #expect(scanner.faults.isEmpty)
            }
            return rows
        }
    }

    @Test func `Any table that is written as CSV is read back`() throws {
        var random = SeededGenerator(seed: 1)
        let letters = ["a", "\"", ",", "\n", "\r\n", "\r", "é", "🎉", ";", "#", " ", "base/python", "x"]
        for _ in 0..<500 {
            let width = Int.random(in: 2...6, using: &random)
            let table = (0..<Int.random(in: 1...8, using: &random)).map { _ in
                (0..<width).map { _ in
                    (0..<Int.random(in: 0...6, using: &random)).map { _ in letters.randomElement(using: &random) ?? "" }
                        .joined()
                }
            }
            let end = Bool.random(using: &random) ? "\r\n" : "\n"
            let text = table.map { row in
                row.enumerated().map { index, cell in
                    let mustQuote =
                        cell.contains { "\",\n\r\r\n".contains($0) } || cell.hasPrefix("#") || cell.hasPrefix(" ")
                    return mustQuote || Bool.random(using: &random)
                        ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
                }.joined(separator: ",")
            }.joined(separator: end)
            // White space around a cell's text does not count.
            let expected = table.map { row in row.map { $0.trimmingBlanks } }
            #expect(try cells(of: text) == expected, "\(text)")
            #expect(try cells(of: text + end) == expected)
        }
    }

    @Test func `The scanner finds what a plain loop finds`() {
        var random = SeededGenerator(seed: 2)
        for length in 0..<200 {
            let bytes = (0..<length).map { _ in
                Bool.random(using: &random)
                    ? UInt8.random(in: 0...255, using: &random)
                    : Array(",\"\r\n\u{2D}\u{23}\u{0B}\u{2}".utf8)[Int.random(in: 0..<8, using: &random)]
            }
            for start in [0, length / 3, length] {
                bytes.withUnsafeBytes { buffer in
                    var scanner = SpecialByteScanner(buffer, from: start)
                    let expected = (start..<length).filter { [0x2C, 0x22, 0x0D, 0x0A].contains(bytes[$0]) }
                    #expect(expected.map { _ in scanner.next() } == expected)
                    #expect(scanner.next() == length)
                    #expect(scanner.next() == length)
                }
            }
        }
    }

    @Test func `A table of cells finds each by its bytes`() {
        // Long cells differ in the middle only.
        let words = (0..<2_000).map { number in
            let digits = "cell-\(number % 700)"
            return number % 3 == 0 ? "a long start-\(digits)-and a long end" : digits
        }
        Array(words.joined(separator: ",").utf8).withUnsafeBytes { bytes in
            var table = CellTable()
            var position = 0
            for word in words {
                let cell = RawCell(start: position, end: position + word.utf8.count)
                let number = UInt32(
                    clamping: word.filter(\.isNumber).count * 1_000 + (Int(word.filter(\.isNumber)) ?? 0))
                if let entry = table.find(cell, in: bytes) {
                    #expect(entry.value == number)
                } else {
                    table.add(cell, in: bytes, value: number, findings: 0)
                }
                position = cell.end + 1
            }
        }
    }
}

extension String {
    fileprivate var trimmingBlanks: String {
        let blank: (Unicode.Scalar) -> Bool = { $0 == " " || $0 == "\t" }
        var view = unicodeScalars.drop(while: blank)
        while let last = view.last, blank(last) { view.removeLast() }
        return String(view)
    }
}

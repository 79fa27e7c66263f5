/// A CSV text in which `⟦` and `⟧` mark the cell, or the part of one, that a diagnostic must point to.
struct MarkedCSV {
    let text: String
    /// The marked place; line and column from 1, in characters.
    let line: Int
    let column: Int

    var bytes: [UInt8] { Array(text.utf8) }

    init(_ marked: String) {
        let before = marked.prefix { $0 != "⟦" }
        let lastLine = before.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
        line = before.count { $0 == "\n" } + 1
        column = lastLine.count + 1
        text = marked.filter { $0 != "⟦" && $0 != "⟧" }
    }
}

package import AWSValues

/// Repository names in few characters: `base/{go,java}`, `base/app-0001 ... base/app-0500 (500)`.
///
/// Names that differ only in a number are folded to the first and last of each unbroken run of three or more; the
/// others by their folder. Sorted by the first name of each fold; nothing is left out.
package struct FoldedNames: Hashable, Sendable {
    /// A part of the text between two places where a line may be broken.
    package struct Piece: Hashable, Sendable {
        package let text: String
        /// How many repositories the piece names.
        package let count: Int
        /// Whether the piece continues the one before, without a space: it is inside the same braces.
        package let isGlued: Bool
        /// Whether braces are open behind the piece.
        package let isOpen: Bool
    }

    package private(set) var pieces: [Piece] = []

    /// The names, which must be sorted and unique. `ellipsis` is put between the first and last of a run.
    package init(_ names: [RepositoryName], ellipsis: String = "...") {
        var runs: [NumberedName.Key: [NumberedName]] = [:]
        for name in names {
            guard let numbered = NumberedName(name.text) else { continue }
            runs[numbered.key, default: []].append(numbered)
        }
        // The text that replaces a run, at the run's first name; and the names that it swallows.
        var starts: [String: (text: String, count: Int)] = [:]
        var swallowed: Set<String> = []
        for numbered in runs.values where numbered.count >= 3 {
            for run in NumberedName.runs(of: numbered) {
                starts[run[0].text] = (
                    "\(run[0].text) \(ellipsis) \(run[run.count - 1].text) (\(run.count.grouped))", run.count
                )
                for name in run.dropFirst() { swallowed.insert(name.text) }
            }
        }
        var folder: (path: Substring, leaves: [Substring]) = ("", [])
        for name in names where !swallowed.contains(name.text) {
            if let run = starts[name.text] {
                close(&folder)
                pieces.append(Piece(text: run.text, count: run.count, isGlued: false, isOpen: false))
                continue
            }
            let path = name.text.lastIndex(of: "/").map { name.text[...$0] } ?? ""
            if path != folder.path { close(&folder) }
            folder.path = path
            folder.leaves.append(name.text[path.endIndex...])
        }
        close(&folder)
    }

    private mutating func close(_ folder: inout (path: Substring, leaves: [Substring])) {
        defer { folder = ("", []) }
        guard folder.leaves.count > 1, !folder.path.isEmpty else {
            for leaf in folder.leaves {
                pieces.append(Piece(text: String(folder.path + leaf), count: 1, isGlued: false, isOpen: false))
            }
            return
        }
        for (index, leaf) in folder.leaves.enumerated() {
            let isFirst = index == 0
            let isLast = index == folder.leaves.count - 1
            let text = (isFirst ? folder.path + "{" : "") + leaf + (isLast ? "}" : ",")
            pieces.append(Piece(text: String(text), count: 1, isGlued: !isFirst, isOpen: !isLast))
        }
    }

    /// The pieces that fit about `characters`, at least one, and how many repositories the others name.
    ///
    /// Braces that the cut leaves open are closed with `ellipsis`.
    package func prefix(characters: Int, ellipsis: String = "...") -> (pieces: [Piece], hidden: Int) {
        var shown: [Piece] = []
        var length = 0
        for piece in pieces {
            length += piece.text.utf8.count + (piece.isGlued ? 0 : 1)
            if length > characters, !shown.isEmpty { break }
            shown.append(piece)
        }
        let hidden = pieces[shown.count...].reduce(0) { $0 + $1.count }
        if let last = shown.last, last.isOpen {
            shown.append(Piece(text: ellipsis + "}", count: 0, isGlued: true, isOpen: false))
        }
        return (shown, hidden)
    }

    /// All pieces on one line.
    package var text: String { FoldedNames.text(of: pieces) }

    /// `pieces` on one line.
    package static func text(of pieces: [Piece]) -> String {
        var text = ""
        for piece in pieces {
            if !text.isEmpty, !piece.isGlued { text += " " }
            text += piece.text
        }
        return text
    }
}

/// A name cut at its last number.
private struct NumberedName {
    struct Key: Hashable {
        let before: Substring
        let behind: Substring
    }

    let text: String
    let key: Key
    let number: UInt64
    let digits: Int

    /// nil for a name without a number, or with one too large to count with.
    init?(_ text: String) {
        func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }
        guard let last = text.lastIndex(where: isDigit) else { return nil }
        let end = text.index(after: last)
        let start = text[..<last].lastIndex { !isDigit($0) }.map(text.index(after:)) ?? text.startIndex
        guard let number = UInt64(text[start..<end]) else { return nil }
        self.text = text
        self.key = Key(before: text[..<start], behind: text[end...])
        self.number = number
        self.digits = text[start..<end].utf8.count
    }

    private var isPadded: Bool { String(number).utf8.count < digits }

    /// Whether `self` is the next after `other` when people count: `9`, `10` or `09`, `10`, but not `09`, `010`.
    private func follows(_ other: NumberedName) -> Bool {
        number == other.number &+ 1 && number > 0
            && (digits == other.digits || (digits == other.digits + 1 && !isPadded && !other.isPadded))
    }

    /// The runs of three or more among names that differ only in their number.
    static func runs(of names: [NumberedName]) -> [[NumberedName]] {
        let sorted = names.sorted { ($0.number, $0.digits) < ($1.number, $1.digits) }
        var runs: [[NumberedName]] = []
        for name in sorted {
            if let last = runs.last?.last, name.follows(last) {
                runs[runs.count - 1].append(name)
            } else {
                runs.append([name])
            }
        }
        return runs.filter { $0.count >= 3 }
    }
}

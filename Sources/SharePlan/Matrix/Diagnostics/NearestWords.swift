/// The words among `candidates` that a person may have meant by `text`, the nearest first, at most `limit`.
///
/// Letter case does not count. A word is near when a third of its letters at most must change, or when one contains
/// the other.
package func nearestWords(to text: String, among candidates: some Sequence<String>, limit: Int = 3) -> [String] {
    let wanted = Array(text.lowercased().utf8.prefix(64))
    guard !wanted.isEmpty else { return [] }
    var near: [(distance: Int, word: String)] = []
    for word in candidates {
        let letters = Array(word.lowercased().utf8)
        let farthest = max(1, max(wanted.count, letters.count) / 3)
        // As many letters must at least be inserted or deleted as the lengths differ by.
        let canBeNear = abs(wanted.count - letters.count) <= farthest
        if canBeNear, case let distance = editDistance(wanted, letters), distance <= farthest {
            near.append((distance, word))
        } else if min(wanted.count, letters.count) >= 4, wanted.contains(letters) || letters.contains(wanted) {
            near.append((100 + abs(wanted.count - letters.count), word))
        }
    }
    near.sort { ($0.distance, $0.word) < ($1.distance, $1.word) }
    guard let best = near.first?.distance else { return [] }
    // A word that is one step away makes those three steps away noise.
    return near.filter { $0.distance <= best + 1 }.prefix(limit).map(\.word)
}

/// ` Did you mean "a" or "b"?`, or nothing when no word is near.
func suggestion(for text: String, among candidates: some Sequence<String>) -> String {
    let words = nearestWords(to: text, among: candidates).map { "\"\($0)\"" }
    guard let last = words.last else { return "" }
    return ": did you mean " + (words.count == 1 ? last : words.dropLast().joined(separator: ", ") + " or " + last)
        + "?"
}

/// The fewest insertions, deletions, replacements and swaps of neighbours that turn `left` into `right`.
func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for row in 0..<left.count {
        var current = [row + 1]
        current.reserveCapacity(right.count + 1)
        for column in 0..<right.count {
            var cost = min(
                last[column + 1] + 1, current[column] + 1, last[column] + (left[row] == right[column] ? 0 : 1))
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                cost = min(cost, beforeLast[column - 1] + 1)
            }
            current.append(cost)
        }
        beforeLast = last
        last = current
    }
    return last[right.count]
}

/// `text` between quotes, for a message: control and other invisible characters escaped, cut when long.
func shown(_ text: some StringProtocol) -> String {
    var result = "\""
    for (index, scalar) in text.unicodeScalars.enumerated() {
        if index == 64 {
            result += "…"
            break
        }
        if scalar.isPrintable {
            result.unicodeScalars.append(scalar)
        } else {
            result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
        }
    }
    return result + "\""
}

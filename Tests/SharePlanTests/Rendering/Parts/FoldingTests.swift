import AWSValues
import SharePlan
import TestSupport
import Testing

@Suite struct FoldingTests {
    @Test(arguments: [
        (["base/go"], "base/go"),
        (["base/go", "base/java", "base/python"], "base/{go,java,python}"),
        (["base/go", "base/java", "tools/go"], "base/{go,java} tools/go"),
        (["app-1", "app-10", "app-2", "app-3", "app-4"], "app-1 ... app-4 (4) app-10"),
        (["app-08", "app-09", "app-10", "app-11"], "app-08 ... app-11 (4)"),
        (["app-8", "app-9", "app-10", "app-11"], "app-8 ... app-11 (4)"),
        (["app-01", "app-02"], "app-01 app-02"),
        (["v1/app", "v2/app", "v3/app"], "v1/app ... v3/app (3)"),
        (["a/x-1", "a/x-2", "a/x-3", "a/y"], "a/x-1 ... a/x-3 (3) a/y"),
        (
            ["n-99999999999999999999", "n-99999999999999999998", "n-99999999999999999997"],
            "n-99999999999999999997 n-99999999999999999998 n-99999999999999999999"
        ),
    ])
    func `Names are folded by number and folder`(names: [String], folded: String) throws {
        let names = try names.map { try #require(RepositoryName($0)) }.sorted()
        #expect(FoldedNames(names).text == folded)
    }

    @Test(arguments: 0..<40)
    func `No name is lost or invented, however they are folded`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var texts: Set<String> = []
        for _ in 0..<Int.random(in: 1...120, using: &random) {
            let folder = ["", "base/", "base/x/", "v1/", "team-07/"].randomElement(using: &random) ?? ""
            let stem = ["app", "app-", "a-0", "x1y"].randomElement(using: &random) ?? ""
            let number = Int.random(in: 0...130, using: &random)
            let tail = ["", "", "-end", "/z"].randomElement(using: &random) ?? ""
            texts.insert(folder + stem + "\(number)" + tail)
        }
        let names = texts.compactMap { RepositoryName($0) }.sorted()
        let folded = FoldedNames(names)
        #expect(folded.pieces.reduce(0) { $0 + $1.count } == names.count)
        #expect(unfolded(folded.text).sorted() == names.map(\.text))
        for characters in [1, 20, 100, 1_000_000] {
            let (pieces, hidden) = folded.prefix(characters: characters)
            #expect(pieces.reduce(hidden) { $0 + $1.count } == names.count)
            let text = FoldedNames.text(of: pieces)
            #expect(
                text.split(separator: "{").count == text.split(separator: "}", omittingEmptySubsequences: false).count)
        }
    }

    /// The names that a folded text represents.
    private func unfolded(_ text: String) -> [String] {
        var words = text.split(separator: " ").map(String.init)[...]
        var names: [String] = []
        while let word = words.popFirst() {
            if words.first == "...", let last = words.dropFirst().first {
                words = words.dropFirst(3)
                names += run(from: word, to: last)
            } else if let brace = word.firstIndex(of: "{") {
                let leaves = word[word.index(after: brace)...].dropLast().split(separator: ",")
                names += leaves.map { String(word[..<brace]) + $0 }
            } else {
                names.append(word)
            }
        }
        return names
    }

    private func run(from first: String, to last: String) -> [String] {
        // The number that counts is the last one of the name.
        guard let end = first.lastIndex(where: \.isNumber) else { return [] }
        var start = end
        while start > first.startIndex, first[first.index(before: start)].isNumber {
            start = first.index(before: start)
        }
        let digits = first[start...end]
        guard var number = Int(digits) else { return [] }
        let isPadded = String(number).count < digits.count
        var names = [first]
        while names.last != last, names.count < 10_000 {
            number += 1
            let plain = String(number)
            let text = isPadded ? String(repeating: "0", count: max(0, digits.count - plain.count)) + plain : plain
            names.append(String(first[..<start]) + text + first[first.index(after: end)...])
        }
        return names
    }

    @Test func `Registries with the same names are one place`() throws {
        var set = RepositorySet()
        for text in [
            "111122223333 eu-west-1 base/a", "111122223333 us-east-1 base/a", "222233334444 eu-west-1 base/a",
            "222233334444 us-east-1 base/a", "333344445555 us-east-1 base/a", "444455556666 us-east-1 base/b",
        ] { set.append(RepositoryID.fixture(text)) }
        #expect(
            set.folds.map(\.place) == [
                "{111122223333,222233334444} {eu-west-1,us-east-1}, 333344445555 us-east-1", "444455556666 us-east-1",
            ])
        #expect(set.folds.map(\.count) == [5, 1])
    }
}

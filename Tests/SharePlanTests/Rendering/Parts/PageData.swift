import OrderedCollections
import OrderedJSON
import SharePlan
import Testing

/// The page's data as its script reads them.
struct PageData {
    private var tables: [String: [JSONValue]] = [:]

    /// Of the contents of the page's data elements.
    init(_ parts: [String]) throws {
        for part in parts.dropLast() {
            for (name, values) in try #require(try JSONValue(parsing: part).object) {
                tables[name, default: []] += values.array ?? []
            }
        }
    }

    /// Of a whole page.
    init(page: String) throws {
        try self.init(PageData.elements(of: page))
    }

    static let dataStart = "<script type=\"application/json\""

    /// The contents of the data elements, each a line of its own.
    static func elements(of page: String) -> [String] {
        lines(page).filter { $0.hasPrefix(dataStart) }.map { line in
            let start = line.utf8.firstIndex(of: UInt8(ascii: ">")).map { line.utf8.index(after: $0) }
            return String(line[(start ?? line.startIndex)...].utf8.dropLast("</script>".utf8.count)) ?? ""
        }
    }

    /// Split by bytes: by characters it takes seconds.
    static func lines(_ page: String) -> [Substring] {
        page.utf8.split(separator: UInt8(ascii: "\n")).map { Substring($0) }
    }

    var rows: [[JSONValue]] { (tables["rows"] ?? []).compactMap(\.array) }
    var registries: [JSONValue] { tables["registries"] ?? [] }
    var texts: [String] { (tables["texts"] ?? []).compactMap(\.string) }

    func document(_ number: JSONValue) -> String? {
        guard let number = number.integer, number >= 0, let runs = tables["documents"]?[number].string else {
            return nil
        }
        return PageData.numbers(runs).compactMap { tables["pieces"]?[$0].string }.joined()
    }

    /// The cells of the row with a name, in words.
    func cells(_ name: String) throws -> [String: String] {
        let row = try #require(rows.first { $0[1].string == name })
        guard let number = row[6].integer, number >= 0, let text = tables["cells"]?[number].string else { return [:] }
        let words = ["added", "removed", "kept", "foreign", "denied", "pull", "push", "lambda", "perhaps"]
        var cells: [String: String] = [:]
        for part in text.split(separator: ";") {
            let sides = part.split(separator: ":").map(String.init)
            let bits = try #require(Int(sides[0]))
            for consumer in PageData.numbers(sides[1]) {
                let name = try #require(tables["consumers"]?[consumer].string)
                cells[name] = words.enumerated().filter { bits & (1 << $0.offset) != 0 }.map(\.element)
                    .joined(separator: " ")
            }
        }
        return cells
    }

    private static func numbers(_ runs: String) -> [Int] {
        runs.split(separator: ",").flatMap { run -> [Int] in
            let ends = run.split(separator: "-").compactMap { Int($0) }
            return ends.count == 2 ? Array(ends[0]...ends[1]) : ends
        }
    }
}

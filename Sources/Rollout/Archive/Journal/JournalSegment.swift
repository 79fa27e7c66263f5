import OrderedJSON
import SharePlan

/// The name of a segment, `EEEE-SSSSSS.jsonl`: its epoch, and its number there, from 0 without gaps.
///
/// Whoever goes on with a journal seals the epoch before and begins a new one.
struct SegmentName: Hashable, Comparable, Sendable {
    let epoch: Int
    let number: Int

    init(epoch: Int, number: Int) {
        self.epoch = epoch
        self.number = number
    }

    /// nil for anything else.
    init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].elementsEqual("jsonl".utf8) else { return nil }
        let digits = String(parts[0])?.split(separator: "-", omittingEmptySubsequences: false) ?? []
        guard digits.count == 2, let epoch = Int(digits[0]), let number = Int(digits[1]) else { return nil }
        self.init(epoch: epoch, number: number)
        guard self.text == text else { return nil }
    }

    var text: String { "\(SegmentName.padded(epoch, 4))-\(SegmentName.padded(number, 6)).jsonl" }

    var next: SegmentName { SegmentName(epoch: epoch, number: number + 1) }

    static func < (a: SegmentName, b: SegmentName) -> Bool { (a.epoch, a.number) < (b.epoch, b.number) }

    private static func padded(_ number: Int, _ count: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, count - digits.utf8.count)) + digits
    }
}

/// The first line of a segment: who wrote it, so that nobody else's has the same content.
///
/// A segment without further lines that says `sealed` ends its epoch: nothing can follow it there.
struct SegmentHead: Hashable, Sendable {
    let name: SegmentName
    let writer: String
    let isSeal: Bool

    var bytes: [UInt8] {
        let value = JSONValue(members: [
            ("segment", .string(isSeal ? "sealed" : "lines")), ("epoch", JSONValue(name.epoch)),
            ("number", JSONValue(name.number)), ("writer", .string(writer)),
        ])
        return Array((value.minified + "\n").utf8)
    }

    init(_ name: SegmentName, writer: String, isSeal: Bool) {
        self.name = name
        self.writer = writer
        self.isSeal = isSeal
    }

    init(decoding line: ArraySlice<UInt8>) throws(JSONMembers.Mismatch) {
        let value: JSONValue
        do { value = try JSONValue(parsing: line) } catch { throw JSONMembers.Mismatch(reason: error.description) }
        var members = try JSONMembers(value)
        let kind = try members.parsed("segment") { ["sealed", "lines"].contains($0) ? String($0) : nil }
        let epoch = try members.integer("epoch")
        let number = try members.integer("number")
        self.init(
            SegmentName(epoch: epoch, number: number), writer: try members.string("writer"), isSeal: kind == "sealed")
        try members.end()
    }
}

/// A segment as it was read.
struct JournalSegment: Sendable {
    let head: SegmentHead
    /// The lines behind the head, without their newlines.
    let lines: [ArraySlice<UInt8>]

    /// - Throws: when it is not whole, or another segment's content.
    init(_ bytes: [UInt8], named name: SegmentName) throws(JSONMembers.Mismatch) {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.popLast()?.isEmpty ?? false, let first = lines.first else {
            throw JSONMembers.Mismatch(reason: "segment \(name.text) is not whole")
        }
        head = try SegmentHead(decoding: first)
        guard head.name == name else {
            throw JSONMembers.Mismatch(reason: "segment \(name.text) has the content of \(head.name.text)")
        }
        self.lines = Array(lines.dropFirst())
    }
}

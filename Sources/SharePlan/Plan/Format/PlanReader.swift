/// Reads a plan line by line and believes none of it until the end: order, counts and digest must all be right.
///
/// The lines come from outside, one call a line; the reader keeps some cases and no more, so a plan of any size can be
/// read.
package struct PlanReader {
    /// A plan that was read to its end.
    package struct Whole: Hashable, Sendable {
        package let header: PlanHeader
        package let summary: PlanSummary
        package let digest: String
    }

    private enum Position {
        case start
        case entries(PlanHeader)
        case end(Whole)
    }

    private var position = Position.start
    private var lineNumber = 0
    private var last: PlanSubject?
    private var summary = PlanSummary()
    /// Begins with the header.
    private var digest: PlanDigest?
    private var cases = BoundedTable<RestOfLine, Case>()

    package init() {}

    /// The plan's header, once the first line was read. The digest covers what ``PlanDigest`` names of it.
    package var header: PlanHeader? {
        switch position {
        case .start: nil
        case .entries(let header): header
        case .end(let whole): whole.header
        }
    }

    /// Takes the next line, without its newline, and returns the entry that it is; nil for header and summary.
    ///
    /// `isTerminated` says whether a newline followed: only the end of a cut file has none.
    package mutating func read(
        _ line: ArraySlice<UInt8>, isTerminated: Bool = true
    ) throws(PlanError) -> PlanEntry? {
        lineNumber += 1
        switch position {
        case .start:
            let header = try header(from: line)
            position = .entries(header)
            digest = PlanDigest(header)
            return nil
        case .entries(let header):
            switch try decode(line, isTerminated: isTerminated) {
            case .header:
                throw .malformed(line: lineNumber, reason: "a second header")
            case .entry(let entry):
                try count(entry, line)
                return entry
            case .summary(let totals):
                position = .end(try check(totals, header))
                return nil
            }
        case .end:
            throw .textAfterSummary(line: lineNumber)
        }
    }

    /// Says that there are no more lines.
    package func finish() throws(PlanError) -> Whole {
        switch position {
        case .start: throw .empty
        case .entries: throw .cut(afterLine: lineNumber)
        case .end(let whole): return whole
        }
    }

    private func header(from line: ArraySlice<UInt8>) throws(PlanError) -> PlanHeader {
        do throws(JSONMembers.Mismatch) {
            if case .header(let header) = try PlanLine(decoding: line) { return header }
        } catch {
            if let version = error.version { throw .unsupportedVersion(version) }
            throw .notAPlan(reason: error.reason)
        }
        throw .notAPlan(reason: "its header is missing")
    }

    private mutating func decode(_ line: ArraySlice<UInt8>, isTerminated: Bool) throws(PlanError) -> PlanLine {
        let parts = RestOfLine.split(line)
        if let (repository, rest) = parts, let known = cases[rest] { return .entry(.change(Change(repository, known))) }
        do throws(JSONMembers.Mismatch) {
            let decoded = try PlanLine(decoding: line)
            if let rest = parts?.rest, case .entry(.change(let change)) = decoded {
                cases.insert(change.case, for: rest, size: rest.size + change.case.size)
            }
            return decoded
        } catch {
            guard isTerminated else { throw .cut(afterLine: lineNumber - 1) }
            throw .malformed(line: lineNumber, reason: error.version == nil ? error.reason : "a second header")
        }
    }

    private mutating func count(_ entry: PlanEntry, _ line: ArraySlice<UInt8>) throws(PlanError) {
        let subject = entry.subject
        if let last, subject <= last { throw .unordered(line: lineNumber, subject: subject) }
        last = subject
        summary.count(entry)
        switch entry {
        case .orphan: break
        case .problem(let problem): digest?.add(problem)
        case .change, .unchanged: digest?.add(line: line)
        }
    }

    private func check(_ totals: PlanLine.Totals, _ header: PlanHeader) throws(PlanError) -> Whole {
        let actual = digest?.hexadecimal ?? ""
        guard totals.digest == actual else { throw .edited(recorded: totals.digest, actual: actual) }
        for (recorded, counted) in zip(totals.counts, summary.counts) where recorded.value != counted.value {
            throw .miscounted(member: counted.key, recorded: recorded.value, actual: counted.value)
        }
        return Whole(header: header, summary: summary, digest: actual)
    }
}

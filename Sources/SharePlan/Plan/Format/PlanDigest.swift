import AWSValues
import Crypto

/// The SHA-256 over a plan, by which two people know that they reviewed the same one.
///
/// It covers what would be done and how the program decides it, not when or by whom the plan was made: the header's
/// operation, mode and Sid prefix, then the lines of the entries, of problems without their messages; each with a
/// newline. Orphans are not covered: they depend on the archive of whoever plans.
package struct PlanDigest: Sendable {
    private var hash = SHA256()

    package init(_ header: PlanHeader) {
        add(line: PlanLine.digestedBytes(of: header)[...])
    }

    /// Adds the next entry.
    package mutating func add(_ entry: PlanEntry) {
        switch entry {
        case .orphan: break
        case .problem(let problem): add(problem)
        case .change, .unchanged: add(line: PlanLine.entry(entry).bytes[...])
        }
    }

    /// Adds a problem.
    package mutating func add(_ problem: Problem) {
        add(line: PlanLine.digestedBytes(of: problem)[...])
    }

    /// Adds the line of an entry that is not a problem, without its newline.
    package mutating func add(line: ArraySlice<UInt8>) {
        line.withUnsafeBytes { hash.update(bufferPointer: $0) }
        withUnsafeBytes(of: UInt8(ascii: "\n")) { hash.update(bufferPointer: $0) }
    }

    /// The digest so far: 64 lower-case hexadecimal digits.
    package var hexadecimal: String { hash.finalize().hexadecimal }
}

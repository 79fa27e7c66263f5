/// One problem of an input file, and where it is.
package struct Diagnostic: Hashable, Sendable, CustomStringConvertible {
    /// How bad a problem is.
    package enum Severity: String, Hashable, Sendable {
        /// The file is not used.
        case error
        /// The file is used; somebody should look.
        case warning
    }

    /// The family of a problem, so that equal ones can be counted. The raw values are words for machines.
    package enum Kind: String, CaseIterable, Hashable, Sendable {
        case encoding, csv, separator, header
        case cellCount = "cell-count"
        case emptyCell = "empty-cell"
        case spreadsheet
        case account, region, repository, consumer, group, access, lambda, expires, reason, partition
        case consumerRegion = "consumer-region"
        case ownAccount = "own-account"
        case duplicate, conflict
        case unmatchedGlob = "unmatched-glob"
    }

    /// As the user named the file.
    package let file: String
    /// From 1, as an editor counts.
    package let line: Int
    /// From 1, in characters, as an editor counts.
    package let column: Int
    package let severity: Severity
    package let kind: Kind
    /// What is wrong, and how to fix it.
    package let message: String

    /// `FILE:LINE:COLUMN: error: MESSAGE`, which editors and CI systems turn into links.
    package var description: String {
        "\(file):\(line):\(column): \(severity.rawValue): \(message)"
    }
}

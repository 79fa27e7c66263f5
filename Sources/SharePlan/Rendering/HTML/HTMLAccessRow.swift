import AWSValues

/// One live policy, read for the page that shows who has what.
///
/// Holds only what the page shows, since a report may have tens of thousands of them.
package struct HTMLAccessRow: Sendable {
    /// What somebody should look at, in the order of the page.
    enum Finding: String, CaseIterable, Sendable {
        case open = "Open to everyone"
        case unlisted = "Not in the matrix"
        case missing = "In the matrix, but not granted"
        case conditional = "Depends on a condition"
        case denied = "Denied"
    }

    let repository: RepositoryID
    let policy: Policy?
    let cells: HTMLCells
    let findings: [(kind: Finding, text: String)]

    /// Reads what `policy` gives to whom.
    package init(_ access: RepositoryAccess, policy: Policy?, sidPrefix: String) {
        repository = access.repository
        self.policy = policy
        cells = HTMLCells(access, sidPrefix: sidPrefix)
        var findings: [(kind: Finding, text: String)] = []
        for entry in access.entries {
            let text = "\(entry.who): \(entry.what)"
            switch entry.decision {
            case .allowed where entry.kind == .public || entry.kind == .anyOrganization:
                findings.append((.open, text))
            case .allowed where access.isInMatrix(entry) == false: findings.append((.unlisted, text))
            case .depends: findings.append((.conditional, text))
            case .denied: findings.append((.denied, text))
            case .allowed, .notAllowed: break
            }
        }
        for grant in access.missing { findings.append((.missing, "\(grant.consumer): \(grant.inWords)")) }
        self.findings = findings
    }
}

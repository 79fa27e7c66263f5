import AWSValues

/// How a matrix is read.
package struct MatrixOptions: Hashable, Sendable {
    /// What to do with a consumer that is a bare unit, `ou-…`.
    package enum OrganizationalUnits: Hashable, Sendable {
        /// An error that says what to write instead.
        case refused
        /// Accepted; the caller looks up the accounts and calls ``Matrix/resolving(_:)`` before it asks for grants.
        case deferred
    }

    package var organizationalUnits: OrganizationalUnits

    /// Regions that AWS has opened since this version was built. Other unknown ones are errors: a misspelled region
    /// would lead to a host that does not exist.
    package var newRegions: Set<String>

    package init(organizationalUnits: OrganizationalUnits = .refused, newRegions: Set<String> = []) {
        self.organizationalUnits = organizationalUnits
        self.newRegions = newRegions
    }

    func isKnown(_ region: Region) -> Bool { region.isKnown || newRegions.contains(region.name) }
}

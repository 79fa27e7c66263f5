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

    package init(organizationalUnits: OrganizationalUnits = .refused) {
        self.organizationalUnits = organizationalUnits
    }
}

/// An organization: one root, units below it, accounts in either.
package struct Organization: Hashable, Sendable {
    /// An organizational unit, or the root.
    package struct Unit: Hashable, Sendable {
        package var id: String
        package var name: String
        /// The id of the root or unit that holds it.
        package var parent: String
    }

    /// A member of the organization.
    package struct Account: Hashable, Sendable {
        package var id: String
        package var name: String
        package var parent: String
        /// `ACTIVE`, `SUSPENDED`, `PENDING_ACTIVATION`, `PENDING_CLOSURE` or `CLOSED`.
        package var state = "ACTIVE"
    }

    package var id: String
    package var managementAccount: String
    package var root: String
    package var units: [Unit] = []
    package var accounts: [Account] = []
    /// Member accounts that may list what otherwise only the management account may.
    package var delegatedAdministrators: [String] = []
    /// The most elements of one page, whatever the caller asks for; AWS's own limit is 20.
    package var pageSize = 20
    /// Puts a page without elements, but with a token, before every other page.
    package var hasEmptyPages = false

    /// `o-…/r-…/ou-…/` down to the unit or root; nil for an id that is not here.
    func path(to parent: String) -> String? {
        var path = ""
        var id = parent
        // A loop in the seed ends after as many steps as there are units.
        for _ in 0...units.count {
            path = id + "/" + path
            if id == root { return self.id + "/" + path }
            guard let unit = units.first(where: { $0.id == id }) else { return nil }
            id = unit.parent
        }
        return nil
    }
}

import ArgumentParser

/// What is asked of AWS Organizations beside the accounts of units.
struct OrganizationOptions: ParsableArguments {
    @Flag(
        inversion: .prefixedNo,
        help: "First check that every consumer account is in the organization and active (docs/organizations.md).")
    var checkAccounts: Bool?

    /// The names of the options that were given.
    var given: [String] { checkAccounts == nil ? [] : ["--check-accounts"] }

    /// Whether the accounts are checked in this run.
    func checksAccounts(_ file: ConfigurationFile) -> Bool { checkAccounts ?? file.checkAccounts ?? false }
}

import ArgumentParser

/// What is asked of AWS Organizations beside the accounts of units.
struct OrganizationOptions: ParsableArguments {
    @Flag(inversion: .prefixedNo, help: Settings.checkAccounts.flagHelp) var checkAccounts: Bool?

    /// The names of the options that were given.
    var given: [String] { checkAccounts == nil ? [] : ["--check-accounts"] }
}

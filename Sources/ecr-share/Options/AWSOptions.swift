import ArgumentParser

/// How to sign in to the owner accounts. Each option can also be in the configuration file.
struct AWSOptions: ParsableArguments {
    @Option(help: Settings.concurrency.help, transform: Settings.concurrency.parse) var concurrency: Int?
    @Option(help: Settings.role.help, transform: Settings.role.parse) var role: String?
    @Option(help: Settings.via.help, transform: Settings.via.parse) var via: String?
    @Option(help: Settings.externalID.help, transform: Settings.externalID.parse) var externalID: String?
    @Option(help: Settings.sessionName.help, transform: Settings.sessionName.parse) var sessionName: String?
    @Option(help: Settings.sessionDuration.help, transform: Settings.sessionDuration.parse) var sessionDuration: Int?

    @OptionGroup var connection: ConnectionOptions

    /// The path of the configuration file, when it was given.
    var config: String? { connection.config }
}

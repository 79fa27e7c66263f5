import ArgumentParser

/// How to sign in to the owner accounts. Each option can also be in the configuration file.
struct AWSOptions: ParsableArguments {
    @Option(help: Settings.concurrency.help, transform: Settings.concurrency.parse) var concurrency: Int?
    @Option(help: Settings.profile.help, transform: Settings.profile.parse) var profile: String?
    @Option(help: Settings.role.help, transform: Settings.role.parse) var role: String?
    @Option(help: Settings.via.help, transform: Settings.via.parse) var via: String?
    @Option(help: Settings.externalID.help, transform: Settings.externalID.parse) var externalID: String?
    @Option(help: Settings.sessionName.help, transform: Settings.sessionName.parse) var sessionName: String?
    @Option(help: Settings.sessionDuration.help, transform: Settings.sessionDuration.parse) var sessionDuration: Int?
    @Option(help: Settings.region.help, transform: Settings.region.parse) var region: String?
    @Option(
        name: .customLong("endpoint-url"), help: Settings.endpointURL.help, transform: Settings.endpointURL.parse)
    var endpointURL: String?
    @Option(help: Settings.timeout.help, transform: Settings.timeout.parse) var timeout: Int?

    @OptionGroup var configuration: ConfigurationOptions

    /// The path of the configuration file, when it was given.
    var config: String? { configuration.config }
}

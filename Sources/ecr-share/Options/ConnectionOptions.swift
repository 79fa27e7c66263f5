import ArgumentParser

/// How AWS is reached, whatever is asked of it. Each option can also be in the configuration file.
struct ConnectionOptions: ParsableArguments {
    @Option(help: Settings.profile.help, transform: Settings.profile.parse) var profile: String?
    @Option(help: Settings.region.help, transform: Settings.region.parse) var region: String?
    @Option(
        name: .customLong("endpoint-url"), help: Settings.endpointURL.help, transform: Settings.endpointURL.parse)
    var endpointURL: String?
    @Option(
        name: .customLong("endpoint-url-s3"), help: Settings.endpointURLOfS3.help,
        transform: Settings.endpointURLOfS3.parse)
    var endpointURLOfS3: String?
    @Option(help: Settings.timeout.help, transform: Settings.timeout.parse) var timeout: Int?

    @OptionGroup var configuration: ConfigurationOptions

    /// The path of the configuration file, when it was given.
    var config: String? { configuration.config }
}

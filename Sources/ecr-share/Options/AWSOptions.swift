import AWSClient
import ArgumentParser

/// How to sign in to the owner accounts. Each option can also be in the configuration file.
struct AWSOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Requests in flight at once, over all accounts (default: 64).", valueName: "n"))
    var concurrency: Int?

    @Option(help: ArgumentHelp("Profile of the shared AWS files for the base credentials.", valueName: "name"))
    var profile: String?

    @Option(
        help: ArgumentHelp(
            "Role to assume in each owner account; 'none' uses the base credentials as they are.",
            discussion: "Default: \(AWSSettings.defaultRole)", valueName: "arn"))
    var role: String?

    @Option(help: ArgumentHelp("Hub role that is assumed first.", valueName: "arn"))
    var via: String?

    @Option(help: ArgumentHelp("External id that the roles require.", valueName: "id"))
    var externalID: String?

    @Option(help: ArgumentHelp("Session name, as CloudTrail shows it (default: ecr-share).", valueName: "name"))
    var sessionName: String?

    @Option(help: ArgumentHelp("Duration of each session, 900 to 43200 (default: 3600).", valueName: "seconds"))
    var sessionDuration: Int?

    @Option(help: ArgumentHelp("Region in which STS is called.", valueName: "region"))
    var region: String?

    @Option(
        name: .customLong("endpoint-url"),
        help: ArgumentHelp(
            "Endpoint for all services; plain http is accepted for loopback only.", valueName: "url"))
    var endpointURL: String?

    @Option(
        help: ArgumentHelp("Longest time for one request, 1 to 600 (default: 30).", valueName: "seconds"))
    var timeout: Int?

    @OptionGroup var configuration: ConfigurationOptions

    /// The path of the configuration file, when it was given.
    var config: String? { configuration.config }

    func validate() throws {
        if let role, !RoleTemplate.isRole(role) {
            throw ValidationError(
                "--role takes the ARN of a role, such as \(AWSSettings.defaultRole), or 'none'; \"\(role)\" is neither")
        }
        if let via, via == "none" || !RoleTemplate.isRole(via) {
            throw ValidationError(
                "--via takes the ARN of a role, such as arn:aws:iam::111122223333:role/Hub, which \"\(via)\" is not")
        }
        if let concurrency, !(1...4096).contains(concurrency) {
            throw ValidationError("--concurrency takes a number from 1 to 4096")
        }
        if let timeout, !(1...600).contains(timeout) {
            throw ValidationError("--timeout takes 1 to 600 seconds")
        }
        if let sessionDuration, !(900...43_200).contains(sessionDuration) {
            throw ValidationError("--session-duration takes 900 to 43200 seconds")
        }
    }
}

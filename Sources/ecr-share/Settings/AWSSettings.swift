import AWSClient
import AWSValues

/// How this run signs in: flags first, then environment variables, then the configuration file, then the defaults.
struct AWSSettings: Sendable {
    /// The most requests in flight at once: as many as are asked for, or as the process may open connections.
    let concurrency: Int
    private let flags: AWSOptions
    private let file: ConfigurationFile

    init(_ options: AWSOptions, _ file: ConfigurationFile) {
        flags = options
        self.file = file
        concurrency = OpenFiles.connections(wanted: Settings.concurrency.value(options.concurrency, file))
    }

    /// What holds where the file says nothing else of an account.
    private var rules: SignInRules.Account {
        SignInRules.Account(
            role: AWSSettings.template(Settings.role.value(flags.role, file)),
            externalID: Settings.externalID.value(flags.externalID, file))
    }

    private static func template(_ role: String) -> RoleTemplate? { role == "none" ? nil : RoleTemplate(role) }

    /// The most repositories in work at once: some more than requests in flight, so that when an answer comes the next
    /// request is signed and waits for its turn.
    var repositoriesAtOnce: Int { concurrency + concurrency / 4 }

    /// What AWSClient is to work with.
    ///
    /// - Throws: `EndpointError` for an endpoint that cannot be used.
    var configuration: AWSConfiguration {
        get throws {
            var environment = AWSClient.Environment.current()
            environment.askForMFACode = MFAPrompt.ask
            let profile = flags.profile ?? (environment.profile == nil ? file[Settings.profile] : nil)
            var configuration = try AWSConfiguration(environment, profile: profile)
            configuration.region = flags.region ?? configuration.region ?? file[Settings.region]
            try redirect(&configuration.endpoints, environment)
            if let timeout = Settings.timeout.value(flags.timeout, file) {
                configuration.http.limit(to: .seconds(timeout))
            }
            try SigningRegion.check(configuration, named: flags.region == nil ? nil : "--region")
            configuration.http.maximumConnections = concurrency
            configuration.http.userAgent = "ecr-share/\(Version.number)"
            let rules = rules
            configuration.signIn.role = rules.role
            configuration.signIn.externalID = rules.externalID
            configuration.signIn.via = Settings.via.value(flags.via, file)
            configuration.signIn.sessionName = Settings.sessionName.value(flags.sessionName, file)
            configuration.signIn.duration = .seconds(Settings.sessionDuration.value(flags.sessionDuration, file))
            // What the file says of single accounts, save where a flag says it for all.
            configuration.signIn.accounts = file.accounts.mapValues { account in
                SignInRules.Account(
                    role: (flags.role ?? account.role).map(AWSSettings.template) ?? rules.role,
                    externalID: flags.externalID ?? account.externalID ?? rules.externalID)
            }
            return configuration
        }
    }

    /// The flag wins over every variable, a variable over the file. The file may be of a folder that somebody else
    /// wrote, so what it names gets signatures only, no tokens.
    private func redirect(
        _ endpoints: inout EndpointResolver, _ environment: AWSClient.Environment
    ) throws(EndpointError) {
        if let endpointURL = flags.endpointURL {
            for service in [nil] + AWSService.allCases {
                try endpoints.redirect(service, to: endpointURL, from: "--endpoint-url")
            }
        } else if let url = file[Settings.endpointURL] {
            let path = file.path ?? "ecr-share.yaml"
            guard let variable = environment["AWS_ENDPOINT_URL"] else {
                return try endpoints.redirectSignedCalls(to: url, from: "endpoint-url in \(path)")
            }
            guard variable != url else { return }
            Terminal.standardError.say(
                "the endpoint-url of \(path) is not used: AWS_ENDPOINT_URL wins over it", after: "warning: ")
        }
    }
}

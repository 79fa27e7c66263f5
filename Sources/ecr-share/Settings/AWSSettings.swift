import AWSClient
import AWSValues

/// How this run signs in: flags first, then environment variables, then the configuration file, then the defaults.
struct AWSSettings: Sendable {
    /// The most requests in flight at once: as many as are asked for, or as the process may open connections.
    let concurrency: Int
    private let role: String
    private let via: String?
    private let externalID: String?
    private let sessionName: String
    /// Seconds.
    private let sessionDuration: Int
    private let profile: String?
    private let region: String?
    private let endpointURL: String?
    /// Seconds for one request; nil for the client's own limits.
    private let timeout: Int?
    private let accounts: [AccountID: ConfigurationFile.Account]
    private let flags: AWSOptions
    private let file: ConfigurationFile

    init(_ options: AWSOptions, _ file: ConfigurationFile) {
        flags = options
        self.file = file
        role = Settings.role.value(options.role, file)
        externalID = Settings.externalID.value(options.externalID, file)
        via = Settings.via.value(options.via, file)
        sessionName = Settings.sessionName.value(options.sessionName, file)
        sessionDuration = Settings.sessionDuration.value(options.sessionDuration, file)
        profile = options.profile
        region = options.region
        endpointURL = options.endpointURL
        timeout = Settings.timeout.value(options.timeout, file)
        concurrency = OpenFiles.connections(wanted: Settings.concurrency.value(options.concurrency, file))
        accounts = file.accounts
    }

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
            let profile = profile ?? (environment.profile == nil ? file[Settings.profile] : nil)
            var configuration = try AWSConfiguration(environment, profile: profile)
            configuration.region = region ?? configuration.region ?? file[Settings.region]
            try redirect(&configuration.endpoints, environment)
            if let timeout { configuration.http.limit(to: .seconds(timeout)) }
            try SigningRegion.check(configuration, named: region == nil ? nil : "--region")
            configuration.http.maximumConnections = concurrency
            configuration.http.userAgent = "ecr-share/\(Version.number)"
            configuration.signIn.role = role == "none" ? nil : RoleTemplate(role)
            configuration.signIn.via = via
            configuration.signIn.externalID = externalID
            configuration.signIn.sessionName = sessionName
            configuration.signIn.duration = .seconds(sessionDuration)
            configuration.signIn.accounts = accountRules
            return configuration
        }
    }

    /// The flag wins over every variable, a variable over the file. The file may be of a folder that somebody else
    /// wrote, so what it names gets signatures only, no tokens.
    private func redirect(
        _ endpoints: inout EndpointResolver, _ environment: AWSClient.Environment
    ) throws(EndpointError) {
        if let endpointURL {
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

    /// What the file says of single accounts, save where a flag says it for all.
    private var accountRules: [AccountID: SignInRules.Account] {
        var rules: [AccountID: SignInRules.Account] = [:]
        for (id, account) in accounts {
            let role = flags.role ?? account.role ?? role
            rules[id] = SignInRules.Account(
                role: role == "none" ? nil : RoleTemplate(role),
                externalID: flags.externalID ?? account.externalID ?? externalID)
        }
        return rules
    }
}

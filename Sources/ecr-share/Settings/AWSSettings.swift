import AWSClient
import AWSValues

/// How this run signs in: flags first, then environment variables, then the configuration file, then the defaults.
struct AWSSettings: Sendable {
    /// The most requests in flight at once: as many as are asked for, or as the process may open connections.
    let concurrency: Int
    private let connection: ConnectionOptions
    /// Nil for a command that does not enter owner accounts.
    private let signIn: AWSOptions?
    private let file: ConfigurationFile

    init(_ options: AWSOptions, _ file: ConfigurationFile) {
        self.init(options.connection, signIn: options, file)
    }

    /// For a command that does not enter owner accounts.
    init(_ connection: ConnectionOptions, _ file: ConfigurationFile) {
        self.init(connection, signIn: nil, file)
    }

    private init(_ connection: ConnectionOptions, signIn options: AWSOptions?, _ file: ConfigurationFile) {
        self.connection = connection
        signIn = options
        self.file = file
        concurrency = OpenFiles.connections(wanted: Settings.concurrency.value(options?.concurrency, file))
    }

    /// What holds where the file says nothing else of an account.
    private var rules: SignInRules.Account {
        SignInRules.Account(
            role: AWSSettings.template(Settings.role.value(signIn?.role, file)),
            externalID: Settings.externalID.value(signIn?.externalID, file))
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
            let profile = connection.profile ?? (environment.profile == nil ? file[Settings.profile] : nil)
            var configuration = try AWSConfiguration(environment, profile: profile)
            configuration.region = connection.region ?? configuration.region ?? file[Settings.region]
            try redirect(&configuration.endpoints, environment)
            if let timeout = Settings.timeout.value(connection.timeout, file) {
                configuration.http.limit(to: .seconds(timeout))
            }
            try SigningRegion.check(configuration, named: connection.region == nil ? nil : "--region")
            configuration.http.maximumConnections = concurrency
            configuration.http.userAgent = "ecr-share/\(Version.number)"
            let rules = rules
            configuration.signIn.role = rules.role
            configuration.signIn.externalID = rules.externalID
            configuration.signIn.via = Settings.via.value(signIn?.via, file)
            configuration.signIn.sessionName = Settings.sessionName.value(signIn?.sessionName, file)
            configuration.signIn.duration = .seconds(Settings.sessionDuration.value(signIn?.sessionDuration, file))
            // What the file says of single accounts, save where a flag says it for all.
            configuration.signIn.accounts = file.accounts.mapValues { account in
                SignInRules.Account(
                    role: (signIn?.role ?? account.role).map(AWSSettings.template) ?? rules.role,
                    externalID: signIn?.externalID ?? account.externalID ?? rules.externalID)
            }
            return configuration
        }
    }

    /// The flag wins over every variable, a variable over the file. The file may be of a folder that somebody else
    /// wrote, so what it names gets signatures only, no tokens.
    private func redirect(
        _ endpoints: inout EndpointResolver, _ environment: AWSClient.Environment
    ) throws(EndpointError) {
        try redirectAll(&endpoints, environment)
        if let url = connection.endpointURLOfS3 {
            try endpoints.redirect(.s3, to: url, from: "--endpoint-url-s3")
        } else if let url = file[Settings.endpointURLOfS3] {
            let path = file.path ?? "ecr-share.yaml"
            try endpoints.redirectSignedCalls(.s3, to: url, from: "endpoint-url-s3 in \(path)")
            guard connection.endpointURL == nil else { return }
            for name in ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"] {
                guard let variable = environment[name] else { continue }
                if variable != url { sayUnused("endpoint-url-s3", of: path, because: name) }
                return
            }
        }
    }

    private func redirectAll(
        _ endpoints: inout EndpointResolver, _ environment: AWSClient.Environment
    ) throws(EndpointError) {
        if let endpointURL = connection.endpointURL {
            for service in [nil] + AWSService.allCases {
                try endpoints.redirect(service, to: endpointURL, from: "--endpoint-url")
            }
        } else if let url = file[Settings.endpointURL] {
            let path = file.path ?? "ecr-share.yaml"
            guard let variable = environment["AWS_ENDPOINT_URL"] else {
                return try endpoints.redirectSignedCalls(to: url, from: "endpoint-url in \(path)")
            }
            guard variable != url else { return }
            sayUnused("endpoint-url", of: path, because: "AWS_ENDPOINT_URL")
        }
    }

    private func sayUnused(_ key: String, of path: String, because variable: String) {
        Terminal.standardError.say(
            "the \(key) of \(path) is not used: \(variable) wins over it", after: "warning: ")
    }
}

/// The shared config and credentials files together, as botocore joins them.
///
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
package struct SharedConfiguration: Sendable {
    /// One profile of the two files.
    package struct Profile: Hashable, Sendable {
        package let name: String
        /// The keys of both files; those of the credentials file win.
        package let values: ProfileFile.Section
        /// What each file says by itself. A key pair and its token come from one of them, and are never mixed.
        package let config: ProfileFile.Section
        package let credentials: ProfileFile.Section

        package init(name: String, config: ProfileFile.Section = [:], credentials: ProfileFile.Section = [:]) {
            self.name = name
            self.config = config
            self.credentials = credentials
            values = config.merging(credentials) { $1 }
        }

        /// A key's value, which may be empty; nil when the profile does not have the key, or a nested block for it.
        package subscript(key: String) -> String? { values.text(key) }

        /// Whether the profile has a key, whatever its value.
        func has(_ key: String) -> Bool { values[key] != nil }
    }

    /// The paths that were looked at, for messages.
    package let configPath: String
    package let credentialsPath: String
    /// What is in the way where a file cannot be read, for messages. botocore treats such a file as absent.
    package let problems: [String]
    private let config: [String: ProfileFile.Section]
    private let credentials: ProfileFile
    private let ssoSessions: [String: ProfileFile.Section]
    private let services: [String: ProfileFile.Section]

    /// Reads both files. One that does not exist, is a folder, or cannot be read is empty; one that is malformed is an
    /// error.
    package init(_ environment: Environment) throws(CredentialsError) {
        func path(_ variable: String, _ usual: String) -> String {
            environment.expanded(environment.substituted(environment[variable] ?? usual))
        }
        configPath = path("AWS_CONFIG_FILE", "~/.aws/config")
        credentialsPath = path("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")
        var problems: [String] = []
        let file = try SharedConfiguration.read(configPath, environment, &problems)
        credentials = try SharedConfiguration.read(credentialsPath, environment, &problems)
        self.problems = problems
        var config: [String: ProfileFile.Section] = [:]
        var ssoSessions: [String: ProfileFile.Section] = [:]
        var services: [String: ProfileFile.Section] = [:]
        // Of several sections that name one profile the last counts, and the others do not add to it.
        for name in file.names {
            let section = file.sections[name]
            if name.hasPrefix("profile") {
                if let profile = SharedConfiguration.secondWord(name) { config[profile] = section }
            } else if name.hasPrefix("sso-session") {
                if let session = SharedConfiguration.secondWord(name) { ssoSessions[session] = section }
            } else if name.hasPrefix("services") {
                if let service = SharedConfiguration.secondWord(name) { services[service] = section }
            } else if name == "default" {
                config[name] = section
            }
        }
        (self.config, self.ssoSessions, self.services) = (config, ssoSessions, services)
    }

    /// The name in a header such as `profile "dev ops"`; nil when it is not two words as a shell splits them.
    private static func secondWord(_ header: String) -> String? {
        guard let words = CommandWords.split(header), words.count == 2 else { return nil }
        return words[1]
    }

    /// Nil when neither file has it.
    package func profile(_ name: String) -> Profile? {
        guard config[name] != nil || credentials.sections[name] != nil else { return nil }
        return Profile(name: name, config: config[name] ?? [:], credentials: credentials.sections[name] ?? [:])
    }

    package func ssoSession(_ name: String) -> ProfileFile.Section? { ssoSessions[name] }

    /// A section `[services NAME]`, which gives single services their endpoints.
    package func services(_ name: String) -> ProfileFile.Section? { services[name] }

    /// The profiles of both files, sorted.
    package var profileNames: [String] { Set(config.keys).union(credentials.names).sorted() }

    /// Where profiles are looked for, with what is in the way there.
    package var place: String {
        let remark = problems.isEmpty ? "" : " (\(problems.joined(separator: "; ")))"
        return "\(configPath) or \(credentialsPath)\(remark)"
    }

    private static func read(
        _ path: String,
        _ environment: Environment,
        _ problems: inout [String]
    ) throws(CredentialsError) -> ProfileFile {
        let bytes: [UInt8]
        do throws(FileAccessError) {
            guard let found = try environment.readConfigurationFile(path) else { return ProfileFile() }
            bytes = found
        } catch {
            problems.append(error.description)
            return ProfileFile()
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .broken(source: "the shared files", problem: "\(path) is not UTF-8")
        }
        do throws(ProfileSyntaxError) {
            return try ProfileFile(parsing: text, path: path)
        } catch {
            throw .broken(source: "the shared files", problem: error.description)
        }
    }
}

extension ProfileFile.Section {
    /// A key's value, which may be empty; nil when there is none, or a nested block.
    package func text(_ key: String) -> String? {
        guard case .text(let text) = self[key] else { return nil }
        return text
    }
}

/// The shared config and credentials files together.
package struct SharedConfiguration: Sendable {
    /// One profile; keys of the credentials file win over those of the config file.
    package struct Profile: Hashable, Sendable {
        package let name: String
        package let values: ProfileFile.Section

        package init(name: String, values: ProfileFile.Section) {
            self.name = name
            self.values = values
        }

        /// A key's value; an empty one is none.
        package subscript(key: String) -> String? {
            guard let value = values[key], !value.isEmpty else { return nil }
            return value
        }
    }

    /// The paths that were looked at, for messages.
    package let configPath: String
    package let credentialsPath: String
    private let config: ProfileFile
    private let credentials: ProfileFile

    /// Reads both files; one that does not exist is empty.
    package init(_ environment: Environment) throws(CredentialsError) {
        configPath = environment.expanded(environment["AWS_CONFIG_FILE"] ?? "~/.aws/config")
        credentialsPath = environment.expanded(
            environment["AWS_SHARED_CREDENTIALS_FILE"] ?? "~/.aws/credentials"
        )
        config = try SharedConfiguration.read(configPath, .config, environment)
        credentials = try SharedConfiguration.read(credentialsPath, .credentials, environment)
    }

    /// Nil when neither file has it.
    package func profile(_ name: String) -> Profile? {
        let section = ProfileFile.SectionName(.profile, name)
        guard config.sections[section] != nil || credentials.sections[section] != nil else { return nil }
        let values = (config.sections[section] ?? [:]).merging(credentials.sections[section] ?? [:]) { $1 }
        return Profile(name: name, values: values)
    }

    package func ssoSession(_ name: String) -> ProfileFile.Section? {
        config.sections[ProfileFile.SectionName(.ssoSession, name)]
    }

    /// The profiles of both files, sorted.
    package var profileNames: [String] {
        let names = (Array(config.sections.keys) + credentials.sections.keys).filter { $0.kind == .profile }.map(\.name)
        return Set(names).sorted()
    }

    private static func read(
        _ path: String,
        _ kind: ProfileFile.Kind,
        _ environment: Environment
    ) throws(CredentialsError) -> ProfileFile {
        do throws(FileAccessError) {
            guard let bytes = try environment.readFile(path) else { return ProfileFile() }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw FileAccessError("\(path) is not UTF-8")
            }
            return try parse(text, kind, path)
        } catch {
            throw .broken(source: "the shared files", problem: error.description)
        }
    }

    private static func parse(
        _ text: String,
        _ kind: ProfileFile.Kind,
        _ path: String
    ) throws(FileAccessError) -> ProfileFile {
        do throws(ProfileSyntaxError) {
            return try ProfileFile(parsing: text, as: kind, path: path)
        } catch {
            throw FileAccessError(error.description)
        }
    }
}

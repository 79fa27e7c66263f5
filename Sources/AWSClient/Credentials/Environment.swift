/// What the process got from outside, as parameters: variables, files, other programs. Tests make their own.
package struct Environment: Sendable {
    package var variables: [String: String]
    /// For `~` in paths; nil when there is none.
    package var homeDirectory: String?
    /// The contents of a file; nil when it does not exist.
    package var readFile: @Sendable (_ path: String) throws(FileAccessError) -> [UInt8]?
    /// Replaces a file at once, readable by its owner only.
    package var writeFile: @Sendable (_ path: String, _ contents: [UInt8]) throws(FileAccessError) -> Void
    /// Runs a program to its end, without a shell.
    package var run: @Sendable (_ arguments: [String]) async throws(FileAccessError) -> ProgramResult
    /// Asks a person for the current code of an MFA device; nil when nobody can be asked.
    package var askForMFACode: (@Sendable (_ serialNumber: String) async -> String?)?

    package init(
        variables: [String: String],
        homeDirectory: String?,
        readFile: @escaping @Sendable (String) throws(FileAccessError) -> [UInt8]?,
        writeFile: @escaping @Sendable (String, [UInt8]) throws(FileAccessError) -> Void,
        run: @escaping @Sendable ([String]) async throws(FileAccessError) -> ProgramResult
    ) {
        self.variables = variables
        self.homeDirectory = homeDirectory
        self.readFile = readFile
        self.writeFile = writeFile
        self.run = run
    }

    /// A variable's value; an empty one is none.
    package subscript(name: String) -> String? {
        guard let value = variables[name], !value.isEmpty else { return nil }
        return value
    }

    /// The profile that the environment names. `AWS_DEFAULT_PROFILE` is the older name, which the AWS CLI still reads.
    package var profile: String? { self["AWS_PROFILE"] ?? self["AWS_DEFAULT_PROFILE"] }

    /// The path with a leading `~` replaced.
    package func expanded(_ path: String) -> String {
        guard let homeDirectory, path == "~" || path.hasPrefix("~/") else { return path }
        return homeDirectory + path.dropFirst()
    }
}

/// Why a file or program could not be used.
package struct FileAccessError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// What a program left behind.
package struct ProgramResult: Sendable {
    package let status: Int32
    package let output: [UInt8]
    package let errorOutput: [UInt8]

    package init(status: Int32, output: [UInt8], errorOutput: [UInt8]) {
        self.status = status
        self.output = output
        self.errorOutput = errorOutput
    }
}

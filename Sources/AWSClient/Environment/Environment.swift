import AWSValues

/// What the process got from outside, as parameters: variables, files, other programs. Tests make their own.
package struct Environment: Sendable {
    package var variables: [String: String]
    /// For `~` in paths; nil when there is none.
    package var homeDirectory: String?
    /// The contents of a file; nil when it does not exist.
    package var readFile: @Sendable (_ path: String) throws(FileAccessError) -> [UInt8]?
    /// As ``readFile``, for a file of settings: only a regular file is opened, so that nothing is waited for.
    package var readConfigurationFile: @Sendable (_ path: String) throws(FileAccessError) -> [UInt8]?
    /// Another user's home folder; nil when there is none.
    package var homeOfUser: @Sendable (_ name: String) -> String? = { _ in nil }
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
        readConfigurationFile = readFile
        self.writeFile = writeFile
        self.run = run
    }

    /// A variable's value; an empty one is none.
    package subscript(name: String) -> String? {
        guard let value = variables[name], !value.isEmpty else { return nil }
        return value
    }

    /// The profile that the environment names. `AWS_DEFAULT_PROFILE` is the older name; where both are set, the AWS CLI
    /// takes `AWS_PROFILE`, and botocore the older one.
    package var profile: String? { self["AWS_PROFILE"] ?? self["AWS_DEFAULT_PROFILE"] }

    /// The path with a leading `~` or `~user` replaced.
    package func expanded(_ path: String) -> String {
        guard path.hasPrefix("~") else { return path }
        let end = path.firstIndex(of: "/") ?? path.endIndex
        let user = path[..<end].dropFirst()
        guard let home = user.isEmpty ? homeDirectory : homeOfUser(String(user)) else { return path }
        return home + path[end...]
    }

    /// The text with `$NAME` and `${NAME}` replaced by variables. Names that are not set are left as they are.
    package func substituted(_ text: String) -> String {
        let isWord = { (byte: UInt8) in byte.isLetterOrDigit || byte == UInt8(ascii: "_") }
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
            result += rest[..<dollar]
            rest = rest[dollar...]
            let after = rest.dropFirst()
            let name: ArraySlice<UInt8>
            let end: Int
            if after.first == UInt8(ascii: "{"), let close = after.firstIndex(of: UInt8(ascii: "}")) {
                (name, end) = (after[(dollar + 2)..<close], close + 1)
            } else {
                name = after.prefix(while: isWord)
                end = name.endIndex
            }
            if let value = variables[String(decoding: name, as: UTF8.self)] {
                result += value.utf8
            } else {
                result += rest[..<end]
            }
            rest = rest[end...]
        }
        return String(decoding: result + rest, as: UTF8.self)
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
    /// The exit status, or the negative number of the signal that ended the program.
    package let status: Int32
    package let output: [UInt8]
    package let errorOutput: [UInt8]
}

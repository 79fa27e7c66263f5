extension ProfileSource {
    /// Credentials that a program prints.
    ///
    /// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
    func program(_ command: String, _ context: CredentialContext) async throws(CredentialsError) -> SessionCredentials {
        guard let arguments = CommandWords.split(command), let name = arguments.first else {
            throw broken("credential_process is empty, or has an unclosed quote")
        }
        do throws(FileAccessError) {
            let result = try await context.environment.run([context.environment.expanded(name)] + arguments.dropFirst())
            guard result.status == 0 else {
                // Its error output, without secrets; its standard output may be the secret itself and is left out.
                let words = CleanText(
                    String(decoding: result.errorOutput.prefix(500), as: UTF8.self),
                    hiding: context.environment.secrets + CredentialDocument.secrets(in: result.output),
                    hidesLongWords: true)
                let ending =
                    result.status < 0
                    ? "was ended by signal \(-result.status)" : "exited with status \(result.status)"
                throw FileAccessError("credential_process \(name) \(ending): \(words)")
            }
            let version = try? JSONNode(parsing: result.output)["Version"]?.number
            guard version == 1 else {
                throw FileAccessError("credential_process \(name) did not print a JSON object with \"Version\": 1")
            }
            let session = try CredentialDocument(result.output, tokenName: "SessionToken").session
            if let expiration = session.expiration, expiration <= context.clock.wall() {
                throw FileAccessError(
                    "credential_process \(name) returned credentials that expired at \(expiration.iso8601)")
            }
            return session
        } catch {
            throw broken(error.description)
        }
    }
}

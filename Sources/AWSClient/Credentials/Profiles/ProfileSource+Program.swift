import AWSValues
import OrderedJSON

extension ProfileSource {
    /// Credentials that a program prints.
    ///
    /// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
    func program(_ command: String, _ context: CredentialContext) async throws(CredentialsError) -> SessionCredentials {
        guard let arguments = CommandWords.split(command), let program = arguments.first else {
            throw broken("credential_process is empty, or has an unclosed quote")
        }
        // Who takes it for a shell's command may have put a secret in front: TOKEN=… program.
        let name = CleanText(program, hiding: context.environment.secrets).description
        do throws(FileAccessError) {
            let result = try await context.environment.run(
                [context.environment.expanded(program)] + arguments.dropFirst())
            guard result.status == 0 else {
                let ending =
                    result.status < 0
                    ? "was ended by signal \(-result.status)" : "exited with status \(result.status)"
                throw FileAccessError(
                    "credential_process \(name) \(ending)\(mentions(in: result.errorOutput)). What it printed is not "
                        + "shown, since it may hold a secret; run the program yourself to see it")
            }
            let version = try? JSONValue(lenient: result.output)["Version"]?.number
            guard version == 1 else {
                throw FileAccessError("credential_process \(name) did not print a JSON object with \"Version\": 1")
            }
            let session = try CredentialDocument(
                result.output, tokenName: "SessionToken", hiding: context.environment.secrets
            ).session
            if let expiration = session.expiration, expiration <= context.clock.wall() {
                throw FileAccessError(
                    "credential_process \(name) returned credentials that expired at \(expiration.rfc3339)")
            }
            return session
        } catch {
            throw broken(error.description)
        }
    }

    /// The words of a program's error output that say most about usual failures. Nothing else of it is shown: it may
    /// hold secrets in any form, and nobody knows them.
    private func mentions(in output: [UInt8]) -> String {
        let text = String(decoding: output.prefix(64 << 10), as: UTF8.self).lowercased()
        let found = [
            "expired", "aws sso login", "aws login", "not logged in", "access denied", "accessdenied",
            "permission denied",
            "not authorized", "no such file", "not found", "timed out", "could not connect", "connection refused",
            "certificate", "traceback", "mfa",
        ].filter { text.contains($0) }
        return found.isEmpty ? "" : "; its error output mentions: \(found.joined(separator: ", "))"
    }
}

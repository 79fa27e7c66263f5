/// Why there are no base credentials.
package enum CredentialsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One source and why it gave nothing.
    package struct Attempt: Hashable, Sendable {
        /// For example `environment variables`.
        package let source: String
        /// For example `AWS_ACCESS_KEY_ID is not set`.
        package let reason: String
    }

    /// No source is configured.
    case nothingFound([Attempt])
    /// A source is configured, so it must work, and does not.
    case broken(source: String, problem: String)
    /// The task was cancelled while a source was asked.
    case cancelled

    /// What is wrong on one line.
    package var description: String {
        let tried = attempts
        return tried.isEmpty ? sentence : "\(sentence) Tried: \(tried.joined(separator: "; "))"
    }

    /// Each place that was looked at and why it gave nothing; empty unless all were.
    package var attempts: [String] {
        guard case .nothingFound(let attempts) = self else { return [] }
        return attempts.map { "\($0.source): \($0.reason)" }
    }

    /// What is wrong, without ``attempts``.
    package var sentence: String {
        switch self {
        case .nothingFound:
            return "no AWS credentials found. Sign in, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a "
                + "profile with --profile."
        case .broken(let source, let problem):
            return "the AWS credentials from \(source) cannot be used: \(problem)"
        case .cancelled:
            return "cancelled while looking for AWS credentials"
        }
    }
}

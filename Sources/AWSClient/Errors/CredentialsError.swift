/// Why there are no base credentials.
package enum CredentialsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One source and why it gave nothing.
    package struct Attempt: Hashable, Sendable {
        /// For example `environment variables`.
        package let source: String
        /// For example `AWS_ACCESS_KEY_ID is not set`.
        package let reason: String

        package init(source: String, reason: String) {
            self.source = source
            self.reason = reason
        }
    }

    /// No source is configured.
    case nothingFound([Attempt])
    /// A source is configured, so it must work, and does not.
    case broken(source: String, problem: String)
    /// The task was cancelled while a source was asked.
    case cancelled

    package var description: String {
        switch self {
        case .nothingFound(let attempts):
            let tried = attempts.map { "\n  \($0.source): \($0.reason)" }.joined()
            return "no AWS credentials found. Sign in, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a "
                + "profile with --profile. Tried:\(tried)"
        case .broken(let source, let problem):
            return "the AWS credentials from \(source) cannot be used: \(problem)"
        case .cancelled:
            return "cancelled while looking for AWS credentials"
        }
    }
}

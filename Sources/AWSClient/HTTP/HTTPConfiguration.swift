package import AWSValues
import Platform

/// The limits of an HTTP client.
package struct HTTPConfiguration: Sendable {
    /// Requests in flight at once, over all hosts; each has a connection of its own. More wait for their turn, and the
    /// waiting counts against no time limit.
    package var maximumConnections = 64
    /// For the connection and the TLS handshake together. The AWS SDKs' "standard" defaults give 3.1 s.
    package var connectTimeout: Duration = .milliseconds(3_100)
    /// For the whole exchange, connecting included.
    package var totalTimeout: Duration = .seconds(30)
    /// How long the transfer may make no progress.
    package var stallTimeout: Duration = .seconds(20)
    /// In bytes. ECR's largest answer, 1,000 repositories, is about 700 KB.
    package var maximumResponseSize = 8 << 20
    /// A PEM file with the certificate authorities to trust instead of the system's, as `AWS_CA_BUNDLE` names it.
    package var caBundlePath: String?
    package var userAgent = "ecr-share"
    /// Texts that no error may repeat: libcurl's words, and what proxies answer.
    package var secrets: [String] = []
    /// The proxy that the environment names for https to a host, for messages.
    package var proxy: @Sendable (_ host: String) -> Environment.Proxy? = { _ in nil }
    /// The wall clock, for the times in answers.
    package var now: @Sendable () -> Timestamp = { .now }

    package init() {}

    /// Makes all time limits at most `limit`, and the one for the whole exchange exactly that.
    package mutating func limit(to limit: Duration) {
        connectTimeout = min(connectTimeout, limit)
        stallTimeout = min(stallTimeout, limit)
        totalTimeout = limit
    }
}

extension Duration {
    /// The span in whole milliseconds, rounded up, so that a time limit is never shortened to nothing.
    var inMillisecondsRoundedUp: Int {
        Int((inSeconds * 1_000).rounded(.up))
    }
}

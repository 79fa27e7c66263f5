/// Why no complete answer came.
package struct HTTPError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What happened, as far as callers act on it; with a word for it in kebab case.
    package enum Kind: String, Sendable {
        /// The request was refused before anything was sent, by the program's own rules.
        case notAllowed = "not-allowed"
        /// The host's name could not be resolved.
        case unknownHost = "unknown-host"
        /// The name of the proxy could not be resolved.
        case unknownProxy = "unknown-proxy"
        case couldNotConnect = "could-not-connect"
        /// TLS could not be set up: the peer hung up or spoke something else.
        case handshakeFailed = "tls-handshake-failed"
        /// The server's certificate is not trusted, or the trust store cannot be read.
        case untrusted = "tls-untrusted"
        case timedOut = "timed-out"
        /// The connection broke before the whole answer had come.
        case connectionLost = "connection-lost"
        /// The answer is longer than the client accepts.
        case bodyTooLarge = "answer-too-large"
        /// The answer is not HTTP as it should be.
        case malformedAnswer = "malformed-answer"
        case cancelled
        /// The client's scope had ended, or libcurl failed by itself.
        case unusable = "transport-failed"
    }

    package let kind: Kind
    /// The cause in words, without any header or body; empty where ``kind`` says it all.
    package let reason: String
    /// The host, with its port.
    package let host: String
    /// The proxy on the way; nil where the request goes straight to the host.
    package var proxy: Environment.Proxy?
    /// False only if no byte of the request had left. When true, a write may have happened.
    package let mayHaveReachedServer: Bool

    /// Whether another attempt may well succeed. An unknown host counts: libcurl does not distinguish a name that does
    /// not exist from a busy name server, and a bulk run must survive the latter.
    package var isTransient: Bool {
        switch kind {
        case .unknownHost, .unknownProxy, .couldNotConnect, .handshakeFailed, .timedOut, .connectionLost,
            .malformedAnswer:
            true
        case .notAllowed, .untrusted, .bodyTooLarge, .cancelled, .unusable: false
        }
    }

    package var description: String {
        switch kind {
        case .notAllowed: "request to \(host) not sent: \(reason)"
        case .unknownHost: "\(host) cannot be found: \(reason); check the region, the endpoint and the network"
        case .unknownProxy: reason
        case .couldNotConnect:
            "no connection \(proxy.map { "through \($0)" } ?? "to \(host)")" + (reason.isEmpty ? "" : ": \(reason)")
        case .handshakeFailed: "TLS with \(host) could not be set up: \(reason)\(detour)"
        case .untrusted: "\(host) is not trusted: \(reason); behind a TLS-inspecting proxy, set AWS_CA_BUNDLE"
        case .timedOut: "\(host) did not answer in time: \(reason)\(detour)"
        case .connectionLost: "connection to \(host) lost: \(reason)\(detour)"
        case .bodyTooLarge: "response from \(host) rejected: \(reason)"
        case .malformedAnswer: "response from \(host) cannot be read: \(reason)"
        case .cancelled: "request to \(host) cancelled"
        case .unusable: "request to \(host) failed: \(reason)"
        }
    }

    private var detour: String { proxy.map { " (through \($0))" } ?? "" }

    /// What to do about it where the proxy is the first to look at, rather than the host.
    package var adviceOnProxy: String? {
        guard let proxy, kind == .couldNotConnect || kind == .timedOut else { return nil }
        return "Check the address in \(proxy.variable), or name the host in NO_PROXY to connect without a proxy"
    }
}

extension HTTPError {
    /// Why a request was not sent at all.
    init(_ kind: Kind, notSending request: HTTPRequest, _ reason: String = "") {
        self.init(kind: kind, reason: reason, host: request.url.authority, mayHaveReachedServer: false)
    }
}

package import AWSValues

/// A final failure of one call to AWS, after all attempts.
///
/// It answers for itself what a caller must know to react; nobody else looks at codes or message texts.
package struct AWSError: Error, Sendable {
    /// What went wrong.
    package indirect enum Cause: Sendable {
        /// The service answered, with an error.
        case answered(ErrorAnswer)
        /// No complete answer came.
        case transport(HTTPError)
        /// A success that does not say what it must: never mistaken for an empty result.
        case unreadable(reason: String, httpStatus: Int, requestID: String?)
        /// There are no credentials to sign with.
        case credentials(CredentialsError)
        /// The role session that the call needs could not be opened.
        case signIn(SignInError)
        /// The session ended between the turn of a write and its sending: nothing was sent.
        case sessionEnded
        /// The endpoint cannot be determined.
        case endpoint(EndpointError)
        /// The task was cancelled while it waited.
        case cancelled
    }

    /// Which session token came with the key that signed a request.
    package enum Token: Sendable {
        case none
        /// One beside the key of a session.
        case ofSession
        /// One beside a long-lived key, which has none.
        case stray

        init(of credentials: Credentials?) {
            guard let credentials, credentials.sessionToken != nil else {
                self = .none
                return
            }
            self = credentials.accessKeyID.hasPrefix("AKIA") ? .stray : .ofSession
        }
    }

    package let service: AWSService
    /// AWS's name for it, for example `GetRepositoryPolicy`.
    package let operation: String
    /// The account that the call was made in, where it is known.
    package var account: AccountID?
    package var region: String?
    /// Whether the call changes something.
    package var isWrite: Bool = false
    /// How often the request was sent.
    package var attempts: Int = 0
    /// As ``Endpoint/origin``.
    package var endpointOrigin: String?
    /// As ``AWSCall/resource``.
    package var resource: String?
    /// The session token that was sent.
    package var token: Token = .none
    package internal(set) var cause: Cause
    /// Whether ``description`` gives ``requestID``.
    var tellsRequestID = true

    /// The same error without ``requestID`` in its words, for texts in which failures with one cause must be equal, and
    /// which give the id elsewhere.
    package var withoutRequestID: AWSError {
        var copy = self
        copy.tellsRequestID = false
        if case .signIn(var error) = cause, case .refused(let refusal) = error.reason {
            error.reason = .refused(refusal.withoutRequestID)
            copy.cause = .signIn(error)
        }
        return copy
    }
}

extension AWSError {
    /// AWS's own code; for failures of other kinds a word of ours in kebab case.
    package var code: String {
        switch cause {
        case .answered(let answer): answer.code
        case .transport(let error): error.kind.rawValue
        case .unreadable: "unreadable-answer"
        case .credentials: "no-credentials"
        case .signIn(let error): error.code
        case .sessionEnded: "session-ended"
        case .endpoint: "no-endpoint"
        case .cancelled: "cancelled"
        }
    }

    /// AWS's own message, or what happened in our words.
    package var message: String {
        switch cause {
        case .answered(let answer): answer.message
        case .transport(let error): error.description
        case .unreadable(let reason, _, _): "the response cannot be read: \(reason)"
        case .credentials(let error): error.description
        case .signIn(let error): error.description
        case .sessionEnded: "the session ended before the call was sent"
        case .endpoint(let error): error.description
        case .cancelled: "cancelled"
        }
    }

    /// AWS's request id, for support.
    package var requestID: String? {
        switch cause {
        case .answered(let answer): answer.requestID
        case .unreadable(_, _, let requestID): requestID
        case .signIn(let error): error.underlying?.requestID
        case .transport, .credentials, .sessionEnded, .endpoint, .cancelled: nil
        }
    }

    /// Nil when there was no answer.
    package var httpStatus: Int? {
        switch cause {
        case .answered(let answer): answer.httpStatus
        case .unreadable(_, let status, _): status
        case .signIn(let error): error.underlying?.httpStatus
        case .transport, .credentials, .sessionEnded, .endpoint, .cancelled: nil
        }
    }

    /// The answer, when the service itself refused.
    private var answer: ErrorAnswer? {
        guard case .answered(let answer) = cause else { return nil }
        return answer
    }

    package var isThrottling: Bool { answer?.retryClass == .throttling }

    /// Whether the same call may well succeed later.
    package var isTransient: Bool {
        if case .transport(let error) = cause { return error.isTransient }
        return answer?.retryClass == .transient
    }

    /// Whether the service could not be reached, or did not answer in time.
    package var isUnreachable: Bool {
        switch cause {
        case .transport(let error):
            switch error.kind {
            case .unknownHost, .unknownProxy, .couldNotConnect, .handshakeFailed, .untrusted, .timedOut,
                .connectionLost:
                true
            case .notAllowed, .bodyTooLarge, .malformedAnswer, .cancelled, .unusable: false
            }
        case .endpoint: true
        case .answered, .unreadable, .credentials, .signIn, .sessionEnded, .cancelled: false
        }
    }

    package var isExpiredSession: Bool { answer?.retryClass == .expiredSession }

    /// Whether the clock of this machine is certainly or possibly the cause.
    package var isClockSkew: Bool {
        answer.map { $0.retryClass == .clockSkew || $0.retryClass == .possibleClockSkew } ?? false
    }

    package var isAccessDenied: Bool {
        ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"].contains(answer?.code)
    }

    package var isRepositoryNotFound: Bool { saysItself("RepositoryNotFoundException") }

    package var isRepositoryPolicyNotFound: Bool { saysItself("RepositoryPolicyNotFoundException") }

    package var isRegistryPolicyNotFound: Bool { saysItself("RegistryPolicyNotFoundException") }

    /// Whether it is the service that says so, and no other status, header or gateway.
    private func saysItself(_ code: String) -> Bool {
        answer.map { $0.code == code && $0.isServicesOwnWord } ?? false
    }

    /// Whether ECR does not know a principal of the document. ECR has no code for it: this is the one place that reads
    /// a message's text.
    package var isPrincipalNotFound: Bool {
        answer?.code == "InvalidParameterException" && message.lowercased().contains("principal not found")
    }

    /// Whether the role session could not be opened, or there are no credentials for it.
    package var isSignInFailure: Bool {
        switch cause {
        case .signIn, .credentials, .sessionEnded: true
        default: false
        }
    }

    package var isCancelled: Bool {
        switch cause {
        case .cancelled: true
        case .transport(let error): error.kind == .cancelled
        default: false
        }
    }

    /// Whether this was a write that may have happened although it failed: its answer was lost, could not be read, or
    /// was a failure inside the service or a gateway. Only a read shows whether it did.
    package var outcomeIsUnknown: Bool {
        guard isWrite else { return false }
        switch cause {
        case .transport(let error): return error.mayHaveReachedServer
        case .unreadable: return true
        case .answered(let answer): return answer.leavesOutcomeOpen
        case .credentials, .signIn, .sessionEnded, .endpoint, .cancelled: return false
        }
    }
}

extension AWSError: CustomStringConvertible {
    /// One line: what, where, why, AWS's code and request id, and what to do next where there is more to say.
    package var description: String {
        var place = "\(service.displayName) \(operation)\(resource.map { " of \($0)" } ?? "")"
        let location = [account?.description, region].compactMap(\.self)
        if !location.isEmpty { place += " in \(location.joined(separator: "/"))" }
        if case .signIn = cause { return "\(place): \(message)" }
        var details: [String] = []
        if let httpStatus { details.append("HTTP \(httpStatus)") }
        if let requestID, tellsRequestID { details.append("request id \(requestID)") }
        if attempts > 1 { details.append("\(attempts) attempts") }
        let end = details.isEmpty ? "" : " (\(details.joined(separator: ", ")))"
        let text = message.isEmpty ? code : "\(code): \(message)"
        let next = advice.map { ". \($0)" } ?? ""
        return "\(place): \(text)\(end)\(consequence)\(next)"
    }
}

extension AWSError {
    private var consequence: String {
        if outcomeIsUnknown { return "; the write may have happened" }
        if isExpiredSession, token != .stray { return "; the session has expired, sign in again" }
        if isClockSkew { return "; the signature was refused, check this machine's clock and the secret key" }
        return ""
    }
}

extension AWSError {
    /// The same error without ``requestID``, for texts in which failures with one cause must be equal, and which give
    /// the id elsewhere.
    package var withoutRequestID: AWSError {
        var copy = self
        copy.cause =
            switch cause {
            case .answered(let answer): .answered(answer.withoutRequestID)
            case .unreadable(let reason, let status, _): .unreadable(reason: reason, httpStatus: status, requestID: nil)
            case .signIn(let error): .signIn(error.withoutRequestID)
            case .transport, .credentials, .sessionEnded, .endpoint, .cancelled: cause
            }
        return copy
    }
}

extension ErrorAnswer {
    fileprivate var withoutRequestID: ErrorAnswer {
        var copy = self
        copy.requestID = nil
        return copy
    }
}

extension SignInError {
    fileprivate var withoutRequestID: SignInError {
        guard case .refused(let error) = reason else { return self }
        var copy = self
        copy.reason = .refused(error.withoutRequestID)
        return copy
    }
}

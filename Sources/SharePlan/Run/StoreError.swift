/// A final failure of one call to where the policies live. A journal has all of it but the kind, which is `other` where
/// it is read from one.
package struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the run must know to react.
    package enum Kind: Hashable, Sendable {
        case repositoryNotFound
        /// ECR does not know a principal of the document that was sent.
        case principalNotFound
        /// The role of the owner account could not be assumed, or belongs to another account.
        case signIn
        case accessDenied
        /// The service could not be reached, or did not answer. Of a write: nothing was sent.
        case unreachable
        /// A write whose answer was lost: it may have happened. Only a read shows whether it did.
        case outcomeUnknown
        case other
    }

    package let kind: Kind
    /// AWS's own error code where there is one, else a word of ours in kebab case.
    package let code: String
    /// What happened and what to do next, for a person; AWS's own message is in it.
    package let message: String
    /// AWS's request id, for support.
    package let requestID: String?

    package init(kind: Kind, code: String, message: String, requestID: String? = nil) {
        self.kind = kind
        self.code = code
        self.message = message
        self.requestID = requestID
    }

    package var description: String {
        requestID.map { "\(code): \(message) (request id \($0))" } ?? "\(code): \(message)"
    }
}

import AWSValues

/// A promise that a proposed document would break. It is a fault of this program, not of the user: nothing is written.
package enum DocumentViolation: Error, Hashable, Sendable, CustomStringConvertible {
    /// The live policy cannot be read, so it cannot be kept.
    case unreadableLive(PolicyError)
    case unreadableProposed(PolicyError)
    /// Both in characters.
    case tooLarge(size: Int, limit: Int)
    /// A document without statements; the policy should be deleted instead.
    case emptyDocument
    /// Version, Id or another member beside Statement.
    case memberChanged(String)
    /// A foreign statement of the live policy, by its place there, is missing or changed.
    case foreignStatementChanged(StatementReference)
    /// A foreign statement of the live policy, by its place there, comes before or after a different one than before.
    case foreignStatementMoved(StatementReference)
    case foreignStatementAdded(StatementReference)
    /// A managed Sid with another character than ASCII letters and digits.
    case unlawfulSid(StatementReference)
    case repeatedSid(StatementReference)
    /// A managed statement for `*` that no organization limits.
    case publicStatement(StatementReference)
    /// A managed statement that does not allow.
    case denies(StatementReference)
    /// A managed statement in another form than a grant's.
    case unknownForm(StatementReference)
    /// The holder would not have these actions, or not for certain.
    case missing(Holder, actions: [String])
    /// The holder would have these actions, or might, although it was not requested.
    case excess(Holder, actions: [String])
    /// A requester whom nobody granted anything would have these actions, or might.
    case open(to: AccessRequest.Requester, actions: [String])

    package var description: String { "the proposed policy is refused, nothing is written: \(reason)" }

    private var reason: String {
        switch self {
        case .unreadableLive(let error): "the live policy cannot be kept, since \(error)"
        case .unreadableProposed(let error): "\(error)"
        case .tooLarge(let size, let limit): "it has \(size) characters, more than \(limit)"
        case .emptyDocument: "it has no statement left; the policy should be deleted instead"
        case .memberChanged(let name): "it changes the document's \(name)"
        case .foreignStatementChanged(let reference): "it drops or changes the foreign \(reference)"
        case .foreignStatementMoved(let reference): "it moves the foreign \(reference)"
        case .foreignStatementAdded(let reference): "it adds the foreign \(reference)"
        case .unlawfulSid(let reference): "the Sid of its managed \(reference) is not letters and digits only"
        case .repeatedSid(let reference): "the Sid of its managed \(reference) appears twice"
        case .publicStatement(let reference): "its managed \(reference) is open to everybody"
        case .denies(let reference): "its managed \(reference) does not allow"
        case .unknownForm(let reference): "its managed \(reference) is not in the form of a grant"
        case .missing(let holder, let actions): "\(holder) might not have \(actions.joined(separator: ", "))"
        case .excess(let holder, let actions): "\(holder) would have the unrequested \(actions.joined(separator: ", "))"
        case .open(let requester, let actions):
            "\(requester.words) would, or might, have \(actions.joined(separator: ", "))"
        }
    }
}

extension AccessRequest.Requester {
    fileprivate var words: String {
        switch self {
        case .account(let id): "account \(id)"
        case .principal(let arn): arn.text
        case .session(let arn): arn.text
        case .lambda: "the Lambda service"
        case .service(let name): "the service \(name)"
        case .member(let id, let path): "a member of \(path ?? id.text)"
        case .anyService: "any AWS service"
        case .stranger: "any AWS identity"
        case .unclear(let name): name
        }
    }
}

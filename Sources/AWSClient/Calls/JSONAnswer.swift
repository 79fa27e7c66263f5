import AWSValues
import OrderedJSON

/// A successful answer of a service that speaks AWS JSON (ECR, Organizations), and the call that it answers.
struct JSONAnswer {
    let body: JSONValue
    private let call: AWSCall
    private let response: HTTPResponse

    /// - Throws: When the body is not a JSON object.
    init(_ response: HTTPResponse, to call: AWSCall) throws(AWSError) {
        self.call = call
        self.response = response
        do throws(JSONError) {
            body = try JSONValue(lenient: response.body)
        } catch {
            throw call.unreadable(response, error.description)
        }
        guard body.object != nil else { throw call.unreadable(response, "it is not a JSON object") }
    }

    func unreadable(_ reason: String) -> AWSError { call.unreadable(response, reason) }

    /// The elements of a list, which must be there.
    func elements(of list: String) throws(AWSError) -> [JSONValue] {
        guard let elements = body[list]?.array else { throw unreadable("it has no \(list)") }
        return elements
    }
}

/// The tokens of a list that comes page by page. A page without elements is not the last one as long as it has a token.
struct PageTokens {
    /// Whether a null or an empty text ends the list too, beside a token that is left out.
    var emptyIsEnd = false
    /// What the next page is asked for with; nil before the first page and after the last.
    var next: String?
    var seen: Set<String> = []

    /// Takes the token of a page, which is in one of its members.
    mutating func take(_ member: String, of answer: JSONAnswer) throws(AWSError) {
        switch answer.body[member] {
        case nil: next = nil
        case .null where emptyIsEnd, "" where emptyIsEnd: next = nil
        case .string(let token) where !token.isEmpty: next = token
        // Taken for the end, it would make the list shorter than it is.
        default: throw answer.unreadable("the page token is not a string")
        }
        // Answering with a token that was answered before, the service would keep us forever.
        if let next, !seen.insert(next).inserted { throw answer.unreadable("the page token is repeated") }
    }
}

extension AWSCall {
    /// A call of a service that speaks AWS JSON; `target` names the service's API.
    init(
        json members: JSONObject, to service: AWSService, _ target: String, _ operation: String,
        account: AccountID? = nil, _ endpoint: Endpoint, _ credentials: CredentialCache
    ) {
        self.init(
            service: service,
            operation: operation,
            account: account,
            endpoint: endpoint,
            headers: ["Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "\(target).\(operation)"],
            body: JSONValue.object(members).utf8,
            credentials: credentials
        )
    }
}

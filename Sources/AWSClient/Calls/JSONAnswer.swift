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

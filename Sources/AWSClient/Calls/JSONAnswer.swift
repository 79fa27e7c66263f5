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
            throw JSONAnswer.unreadable(error.description, response, call)
        }
        guard body.object != nil else { throw JSONAnswer.unreadable("it is not a JSON object", response, call) }
    }

    func unreadable(_ reason: String) -> AWSError {
        JSONAnswer.unreadable(reason, response, call)
    }

    private static func unreadable(_ reason: String, _ response: HTTPResponse, _ call: AWSCall) -> AWSError {
        call.error(
            .unreadable(reason: reason, httpStatus: response.status, requestID: call.requestID(of: response)),
            attempts: 1
        )
    }
}

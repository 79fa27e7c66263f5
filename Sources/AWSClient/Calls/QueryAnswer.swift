/// A successful answer of a service that speaks AWS's Query protocol (STS, IAM), and the call that it answers.
struct QueryAnswer {
    let result: XMLElement
    private let call: AWSCall
    private let response: HTTPResponse

    init(_ response: HTTPResponse, to call: AWSCall) throws(AWSError) {
        self.call = call
        self.response = response
        do throws(XMLReadingError) {
            let root = try XMLReader.read(response.body)
            guard root.name == "\(call.operation)Response", let result = root.child("\(call.operation)Result") else {
                throw XMLReadingError("there is no \(call.operation)Result in it")
            }
            self.result = result
        } catch {
            throw QueryAnswer.unreadable(error.description, response, call)
        }
    }

    /// The text at a path of element names.
    func text(_ path: String...) throws(AWSError) -> String {
        var element = result
        for name in path {
            guard let child = element.child(name) else { throw unreadable("\(name) is missing") }
            element = child
        }
        guard !element.text.isEmpty else { throw unreadable("\(path.joined(separator: "/")) is empty") }
        return element.text
    }

    func unreadable(_ reason: String) -> AWSError {
        QueryAnswer.unreadable(reason, response, call)
    }

    private static func unreadable(_ reason: String, _ response: HTTPResponse, _ call: AWSCall) -> AWSError {
        call.error(
            .unreadable(reason: reason, httpStatus: response.status, requestID: call.requestID(of: response)),
            attempts: 1
        )
    }
}

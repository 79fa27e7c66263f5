import AWSValues

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
            throw call.unreadable(response, error.description)
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

    func unreadable(_ reason: String) -> AWSError { call.unreadable(response, reason) }
}

extension AWSCall {
    /// A call of a service that speaks the Query protocol, in this version of its API.
    init(
        query parameters: [(name: String, value: String)], to service: AWSService, version: String,
        _ operation: String, account: AccountID? = nil, _ endpoint: Endpoint, _ credentials: CredentialCache?
    ) {
        let all = [("Action", operation), ("Version", version)] + parameters.map { ($0.name, $0.value) }
        let body = all.map { "\($0.0)=\(PercentEncoding.encode($0.1))" }.joined(separator: "&")
        self.init(
            service: service,
            operation: operation,
            account: account,
            endpoint: endpoint,
            headers: ["Content-Type": "application/x-www-form-urlencoded; charset=utf-8"],
            body: Array(body.utf8),
            credentials: credentials
        )
    }
}

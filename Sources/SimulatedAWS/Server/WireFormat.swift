import OrderedCollections

/// The bodies of answers in the protocol of a service.
struct WireFormat {
    let service: AWSService
    let operation: String
    let requestID: String
    let namespacesErrors: Bool

    /// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html, "Sample Response"
    private var xmlNamespace: String {
        service == .iam ? "https://iam.amazonaws.com/doc/2010-05-08/" : "https://sts.amazonaws.com/doc/2011-06-15/"
    }

    /// Where the request's id is.
    var requestIDHeader: String { service == .s3 ? "x-amz-request-id" : "x-amzn-requestid" }

    var contentType: String {
        if service == .s3 { return "application/xml" }
        return service.isQuery ? "text/xml" : "application/x-amz-json-1.1"
    }

    func body(_ payload: Outcome.Payload) -> [UInt8] {
        switch payload {
        case .json(let json): return json.compactBytes
        case .s3(let answer): return answer.body
        case .xml(let content):
            let result = XML.wrap("\(operation)Result", content)
            let metadata = XML.wrap("ResponseMetadata", XML.element("RequestId", requestID))
            let root = "\(operation)Response"
            return Array("<\(root) xmlns=\"\(xmlNamespace)\">\(result)\(metadata)</\(root)>\n".utf8)
        }
    }

    /// The body of a refusal and its content type.
    func body(_ error: ServiceError, form: FaultRule.ErrorBody) -> (bytes: [UInt8], contentType: String) {
        // An answer to HEAD has no body.
        if service == .s3, operation.hasPrefix("Head") { return ([], contentType) }
        return switch form {
        case .native where service == .s3: s3(error)
        case .native: service.isQuery ? xml(error) : json(error)
        case .json: json(error)
        case .xml: xml(error)
        case .html: html(error)
        case .empty: ([], "text/plain")
        }
    }

    private func json(_ error: ServiceError) -> ([UInt8], String) {
        let namespace = namespacesErrors ? "com.amazonaws.\(service.rawValue)#" : ""
        // Organizations spells the member with a capital: its model's exceptions have `Message`.
        let name = service == .organizations ? "Message" : "message"
        let members = JSON.object(["__type": .string(namespace + error.code), name: .string(error.message)])
        return (members.compactBytes, "application/x-amz-json-1.1")
    }

    private func xml(_ error: ServiceError) -> ([UInt8], String) {
        let content =
            XML.element("Type", error.isServerFault ? "Receiver" : "Sender") + XML.element("Code", error.code)
            + XML.element("Message", error.message)
        let body = XML.wrap("Error", content) + XML.element("RequestId", requestID)
        return (Array("<ErrorResponse xmlns=\"\(xmlNamespace)\">\(body)</ErrorResponse>\n".utf8), "text/xml")
    }

    /// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses
    private func s3(_ error: ServiceError) -> ([UInt8], String) {
        var content = XML.element("Code", error.code) + XML.element("Message", error.message)
        for detail in error.details { content += XML.element(detail.name, detail.value) }
        content += XML.element("RequestId", requestID) + XML.element("HostId", "host-" + requestID)
        return (Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>\(content)</Error>".utf8), contentType)
    }

    private func html(_ error: ServiceError) -> ([UInt8], String) {
        let title = "\(error.status) Error"
        let text = "<html>\r\n<head><title>\(title)</title></head>\r\n<body><h1>\(title)</h1></body>\r\n</html>\r\n"
        return (Array(text.utf8), "text/html")
    }
}

import NIOHTTP1

/// One answer and how it goes over the wire.
struct Reply: Sendable {
    var status: HTTPResponseStatus
    var headers: HTTPHeaders
    var body: [UInt8]
    var delivery = Delivery.whole
    /// Seconds before the first byte.
    var delay = 0.0
    /// The call that is in flight until this is delivered.
    var key: CallKey?

    init(status: Int, contentType: String, body: [UInt8], headers: HTTPHeaders = HTTPHeaders()) {
        self.status = HTTPResponseStatus(statusCode: status)
        self.headers = headers
        self.headers.add(name: "content-type", value: contentType)
        self.headers.add(name: "content-length", value: String(body.count))
        self.body = body
    }
}

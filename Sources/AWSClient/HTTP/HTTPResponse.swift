package import AWSValues

/// One complete answer.
package struct HTTPResponse: Sendable {
    package let status: Int
    package let headers: HTTPHeaders
    package let body: [UInt8]
    /// When the transfer began on the wall clock, connecting included, waiting for a free connection not.
    package let sentAt: Timestamp
    /// When the last byte had come.
    package let receivedAt: Timestamp

    package var isSuccess: Bool { (200..<300).contains(status) }

    /// The request id that AWS puts into a header, under one of its names.
    package var requestID: String? {
        headers["x-amzn-requestid"] ?? headers["x-amz-request-id"]
    }
}

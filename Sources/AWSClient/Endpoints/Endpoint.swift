/// Where a service answers, and the region that its requests are signed for.
package struct Endpoint: Hashable, Sendable {
    package let url: HTTPURL
    package let signingRegion: String
    /// The setting that names the URL, for messages, for example `AWS_ENDPOINT_URL`; nil for AWS's own endpoint.
    package var origin: String?
}

/// Why there is no endpoint.
package struct EndpointError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Where a service answers, and the region that its requests are signed for.
package struct Endpoint: Hashable, Sendable {
    package let url: HTTPURL
    package let signingRegion: String

    package init(url: HTTPURL, signingRegion: String) {
        self.url = url
        self.signingRegion = signingRegion
    }
}

/// Why there is no endpoint.
package struct EndpointError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

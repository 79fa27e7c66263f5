/// A request to S3, taken apart: method, path, query and headers say what it is.
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
struct S3Input: Sendable {
    var bucket = ""
    /// Nil for a request about the bucket itself.
    var key: [UInt8]?
    var parameters: [String: String]
    private let request: WireRequest

    /// The operation that method and path name; empty for one that is not simulated.
    private(set) var operation = ""

    init(_ request: WireRequest) throws(ServiceError) {
        self.request = request
        guard let parameters = FormBody.parse(request.query.utf8) else { throw S3Error.wrongURI }
        self.parameters = parameters
        let path = request.path.utf8.dropFirst()
        if let bucket = S3Input.bucket(inHost: request.header("host") ?? "") {
            self.bucket = bucket
            key = CanonicalRequest.decoded(Substring(path))
        } else {
            let end = path.firstIndex(of: UInt8(ascii: "/")) ?? path.endIndex
            bucket = String(decoding: CanonicalRequest.decoded(Substring(path[..<end])), as: UTF8.self)
            key = CanonicalRequest.decoded(Substring(path[end...].dropFirst()))
        }
        if key?.isEmpty == true { key = nil }
        if let key, String(validating: key, as: UTF8.self) == nil { throw S3Error.wrongURI }
        operation = operationName
    }

    /// The key as text.
    var keyText: String? { key.map { String(decoding: $0, as: UTF8.self) } }

    var body: [UInt8] { request.body }

    func header(_ name: String) -> String? { request.header(name) }

    /// The headers whose names begin so.
    func headers(beginningWith prefix: String) -> [S3Field] {
        request.headers.map { S3Field(name: $0.name.lowercased(), value: $0.value) }
            .filter { $0.name.hasPrefix(prefix) }
    }

    private var operationName: String {
        let subresources = Set(parameters.keys).subtracting([
            "x-id", "list-type", "prefix", "delimiter", "start-after", "continuation-token", "max-keys",
            "encoding-type",
            "fetch-owner",
        ])
        guard subresources.isEmpty, request.header("x-amz-copy-source") == nil else { return "" }
        switch (request.method, key == nil) {
        case ("GET", true) where parameters["list-type"] == "2" && !bucket.isEmpty: return "ListObjectsV2"
        case ("HEAD", true) where !bucket.isEmpty: return "HeadBucket"
        case ("PUT", false): return "PutObject"
        case ("GET", false): return "GetObject"
        case ("HEAD", false): return "HeadObject"
        case ("DELETE", false): return "DeleteObject"
        default: return ""
        }
    }

    /// The bucket in a host such as `team.s3.eu-west-1.amazonaws.com` or `team.localhost:4566`; nil for path style.
    private static func bucket(inHost host: String) -> String? {
        let name = host.split(separator: ":").first ?? ""
        for end in [".s3.", ".s3-", ".localhost"] {
            guard let place = name.firstRange(of: end), place.lowerBound > name.startIndex else { continue }
            return String(name[..<place.lowerBound])
        }
        return nil
    }
}

/// One header field.
struct S3Field: Hashable, Sendable {
    var name: String
    var value: String
}

/// A successful answer of S3.
struct S3Answer: Sendable {
    var status = 200
    var fields: [S3Field] = []
    var contentType = "application/xml"
    var body: [UInt8] = []
    /// The length that is announced instead of the body's own: what HEAD leaves out.
    var announcedLength: Int?
}

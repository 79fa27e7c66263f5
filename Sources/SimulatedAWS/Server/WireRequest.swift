import NIOHTTP1

/// One complete HTTP request.
struct WireRequest: Sendable {
    var method: String
    /// The path and the query as they were sent.
    var uri: String
    var headers: HTTPHeaders
    var body: [UInt8]

    /// The part of the URI before the question mark.
    var path: Substring { uri[..<(uri.utf8.firstIndex(of: UInt8(ascii: "?")) ?? uri.endIndex)] }

    /// The part of the URI behind the question mark.
    var query: Substring { uri[path.endIndex...].dropFirst() }

    /// The values of a header, joined by commas; nil when there is none.
    func header(_ name: String) -> String? {
        let values = headers[name]
        return values.count > 1 ? values.joined(separator: ",") : values.first
    }
}

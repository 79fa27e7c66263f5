import Crypto
import NIOHTTP1
import Testing

@testable import SimulatedAWS

extension TestClient {
    /// A signed request to S3, in path style.
    func s3Request(
        _ method: String, _ uri: String, _ headers: [String: String] = [:], body: String = "",
        change: (inout WireRequest) -> Void = { _ in }, spoil: (inout WireRequest) -> Void = { _ in }
    ) throws -> WireRequest {
        try signed(
            service: "s3", body: body,
            change: { request in
                request.method = method
                request.uri = uri
                request.headers.remove(name: "Content-Type")
                let hash = SHA256.hash(data: Array(body.utf8)).map { byte in
                    let digits = String(byte, radix: 16)
                    return digits.count == 1 ? "0" + digits : digits
                }.joined()
                request.headers.add(name: "x-amz-content-sha256", value: hash)
                for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
                change(&request)
            }, spoil: spoil)
    }

    func s3(
        _ method: String, _ uri: String, _ headers: [String: String] = [:], body: String = ""
    ) throws -> Answer {
        send(try s3Request(method, uri, headers, body: body))
    }
}

extension Answer {
    /// Status and code in one, such as `404 NoSuchKey`.
    var summary: String { "\(status)" + (code.map { " \($0)" } ?? "") }

    func header(_ name: String) -> String? { reply.headers[name].first }
}

/// A world with a bucket in the account of the role.
func worldWithBuckets(_ change: (inout Bucket) -> Void = { _ in }) -> World {
    var world = smallWorld()
    var bucket = Bucket("team", region: "us-east-1", account: "111122223333")
    change(&bucket)
    world.buckets = [bucket]
    return world
}

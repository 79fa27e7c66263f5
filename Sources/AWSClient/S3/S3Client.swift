import AWSValues
import Crypto

/// Reads, writes, lists and deletes the objects of one bucket.
///
/// Every object is sent as a whole. What S3 says under a condition is a value; whatever else goes wrong is
/// thrown, with the next step in ``AWSError/advice``.
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html (the protocol is REST with XML)
package struct S3Client: Sendable {
    /// What every request is about.
    package let bucket: S3Bucket
    let caller: AWSCaller
    private let endpoint: Endpoint
    private let credentials: CredentialCache
    let requestTimeout: Duration

    /// A client that sends to `endpoint`: with AWS's own, the bucket's name goes into the host where it may, and with
    /// any other into the path. `requestTimeout` limits each request; a second is added for each whole MiB that is sent
    /// or may be received.
    package init(
        _ caller: AWSCaller, bucket: S3Bucket, endpoint: Endpoint, credentials: CredentialCache,
        requestTimeout: Duration = .seconds(30)
    ) {
        self.caller = caller
        self.bucket = bucket
        self.endpoint = S3Client.endpoint(of: bucket.name, endpoint)
        self.credentials = credentials
        self.requestTimeout = requestTimeout
    }

    /// Stores an object of at most 5 GiB under a key of 1 to 1,024 bytes, in the place of the one that is there, if the
    /// condition holds. Its SHA-256 goes with it, so S3 stores these bytes or none.
    ///
    /// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
    package func put(
        _ bytes: [UInt8], at key: String, if condition: S3Condition = .none
    ) async throws(AWSError) -> S3PutOutcome {
        let digest = Array(SHA256.hash(data: bytes))
        var call = call("PutObject", .put, key: key, body: bytes, bodyDigest: digest)
        call.headers.append(S3Client.checksumHeader, digest.base64)
        if let kmsKey = bucket.kmsKey {
            call.headers.append("x-amz-server-side-encryption", "aws:kms")
            call.headers.append("x-amz-server-side-encryption-aws-kms-key-id", kmsKey)
        }
        switch try await write(call, under: condition) {
        case .answered(let response):
            do throws(AWSError) {
                return .stored(try tag(in: response, to: call, digest: digest))
            } catch {
                return .lost(error)
            }
        case .conditionFailed: return .conditionFailed
        case .missing: return .missing
        case .conflict(let error): return .conflict(error)
        case .lost(let error): return .lost(error)
        }
    }

    /// The object under a key, which may have at most `limit` bytes; nil only when S3 says that there is none. A caller
    /// without `s3:ListBucket` is refused instead (status 403).
    ///
    /// - Throws: Also when the object is longer, or its bytes do not have the SHA-256 that S3 keeps with it.
    ///
    /// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    package func object(at key: String, limit: Int) async throws(AWSError) -> S3Object? {
        var call = call("GetObject", .get, key: key)
        call.headers.append("x-amz-checksum-mode", "ENABLED")
        // Errors need room too, whatever the object may have.
        call.maximumResponseSize = max(limit, 64 << 10)
        call.totalTimeout = requestTimeout + .seconds(limit >> 20)
        let response: HTTPResponse
        do throws(AWSError) {
            response = try await caller.answer(to: call)
        } catch {
            guard error.isObjectNotFound else { throw error }
            return nil
        }
        guard response.body.count <= limit else {
            throw call.unreadable(response, "the object is longer than \(limit) bytes")
        }
        let tag = try tag(in: response, to: call, digest: Array(SHA256.hash(data: response.body)))
        return S3Object(bytes: response.body, tag: tag)
    }

    /// Deletes an object; with a tag only the one that has it. In a versioned bucket the object stays as an earlier
    /// version.
    ///
    /// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
    package func delete(_ key: String, if tag: S3Tag? = nil) async throws(AWSError) -> S3DeleteOutcome {
        let call = call("DeleteObject", .delete, key: key)
        switch try await write(call, under: tag.map(S3Condition.has) ?? .none) {
        case .answered(let response):
            guard response.status == 204 || response.status == 200 else {
                return .lost(call.unreadable(response, "it has status \(response.status)"))
            }
            return .deleted
        case .conditionFailed: return .conditionFailed
        case .missing: return .missing
        case .conflict(let error): return .conflict(error)
        case .lost(let error): return .lost(error)
        }
    }

    /// Sends a write. Repeated is what has certainly had no effect, and without a condition also what may have had.
    private func write(_ call: AWSCall, under condition: S3Condition) async throws(AWSError) -> S3WriteEnd {
        var call = call
        call.isWrite = true
        switch condition {
        case .none: call.isIdempotent = true
        case .isAbsent: call.headers.append("If-None-Match", "*")
        case .has(let tag): call.headers.append("If-Match", tag.header)
        }
        let write = caller.write(call)
        var mayHaveHappened = false
        while true {
            do throws(AWSError) {
                try await write.takeTurn()
            } catch {
                return try S3WriteEnd(failed: error, under: condition, mayHaveHappened: mayHaveHappened)
            }
            do throws(AWSError) {
                return .answered(try await write.send())
            } catch {
                mayHaveHappened = mayHaveHappened || error.outcomeIsUnknown
                guard !write.mayRepeat else { continue }
                return try S3WriteEnd(failed: error, under: condition, mayHaveHappened: mayHaveHappened)
            }
        }
    }
}

// MARK: - Requests and answers

extension S3Client {
    private static let checksumHeader = "x-amz-checksum-sha256"

    /// Where a bucket is asked.
    ///
    /// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
    private static func endpoint(of bucket: S3BucketName, _ endpoint: Endpoint) -> Endpoint {
        if endpoint.origin == nil, bucket.isHostLabel {
            let url = HTTPURL(scheme: endpoint.url.scheme, host: "\(bucket).\(endpoint.url.host)")
            return Endpoint(url: url, signingRegion: endpoint.signingRegion)
        }
        var url = endpoint.url
        url.path = (url.path.hasSuffix("/") ? String(url.path.dropLast()) : url.path) + "/\(bucket)"
        return Endpoint(url: url, signingRegion: endpoint.signingRegion, origin: endpoint.origin)
    }

    /// A request about the object with a key, which is not empty, or with nil about the bucket. The key is
    /// percent-encoded once, and the path is signed as it is sent.
    func call(
        _ operation: String, _ method: HTTPRequest.Method, key: String?, query: String = "", body: [UInt8] = [],
        bodyDigest: [UInt8] = Array(SHA256.hash(data: []))
    ) -> AWSCall {
        // Without a key it would be a request about the bucket: a deletion would be the bucket's.
        precondition(key?.isEmpty != true, "an object's key cannot be empty")
        var call = AWSCall(
            service: .s3, operation: operation, account: bucket.owner, endpoint: endpoint,
            headers: ["x-amz-content-sha256": bodyDigest.hexadecimal], body: body, credentials: credentials)
        call.method = method
        if let key { call.path = "/" + PercentEncoding.encode(key, keepingSlashes: true) }
        call.query = query
        if let owner = bucket.owner { call.headers.append("x-amz-expected-bucket-owner", owner.description) }
        call.resource = "s3://\(bucket.name)" + (key.map { "/" + CleanText($0).description } ?? "")
        call.totalTimeout = requestTimeout + .seconds(body.count >> 20)
        return call
    }

    /// The tag in a successful answer, which must be about these bytes as far as it says so.
    private func tag(in response: HTTPResponse, to call: AWSCall, digest: [UInt8]) throws(AWSError) -> S3Tag {
        guard response.status == 200 else { throw call.unreadable(response, "it has status \(response.status)") }
        guard let tag = response.headers["ETag"].flatMap(S3Tag.init) else {
            throw call.unreadable(response, "it has no ETag")
        }
        // The checksum of an object in parts is one of its parts' checksums.
        if let checksum = response.headers[S3Client.checksumHeader], !checksum.contains("-"),
            checksum != digest.base64
        {
            throw call.unreadable(response, "the bytes do not have the SHA-256 that S3 gives them")
        }
        return tag
    }
}

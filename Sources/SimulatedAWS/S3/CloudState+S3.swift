/// The operations of S3.
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
extension CloudState {
    mutating func performS3(_ call: Call, _ input: S3Input) throws(ServiceError) -> S3Answer {
        let bucket = try bucket(call, input)
        switch call.operation {
        case "PutObject": return try putObject(call, input, bucket)
        case "GetObject", "HeadObject": return try getObject(call, input, bucket)
        case "DeleteObject": return try deleteObject(call, input, bucket)
        case "ListObjectsV2": return try listObjects(call, input, bucket)
        case "HeadBucket":
            try authorize("s3:ListBucket", nil, call, bucket)
            return S3Answer(fields: [S3Field(name: "x-amz-bucket-region", value: bucket.region)])
        default: throw S3Error.notImplemented
        }
    }

    /// The bucket that a request names, once it came to the right region and to the account that it expects.
    private func bucket(_ call: Call, _ input: S3Input) throws(ServiceError) -> Bucket {
        guard let bucket = s3Buckets[input.bucket]?.bucket,
            Partition.name(ofRegion: bucket.region) == call.caller.partition
        else { throw S3Error.noSuchBucket(input.bucket) }
        guard call.region == bucket.region else { throw S3Error.wrongRegion(bucket, signedFor: call.region) }
        if let owner = input.header("x-amz-expected-bucket-owner"), owner != bucket.account {
            throw S3Error.accessDenied
        }
        return bucket
    }

    /// Refuses what the caller's policies, or the bucket's, do not allow. With a key the action is on the object.
    private func authorize(_ action: String, _ key: String?, _ call: Call, _ bucket: Bucket) throws(ServiceError) {
        let resource = bucket.arn(key)
        try call.caller.authorize(action, on: resource)
        guard call.caller.account == bucket.account || bucket.sharedWith.contains(call.caller.account) else {
            throw .accessDenied(
                "User: \(call.caller.arn) is not authorized to perform: \(action) on resource: \"\(resource)\" because "
                    + "no resource-based policy allows the \(action) action"
            )
        }
    }

    /// The key, which operations on objects have.
    private func key(_ input: S3Input) throws(ServiceError) -> (bytes: [UInt8], text: String) {
        guard let bytes = input.key, let text = input.keyText else { throw S3Error.wrongURI }
        guard bytes.count <= 1024 else { throw ServiceError("KeyTooLongError", "Your key is too long") }
        return (bytes, text)
    }

    private mutating func putObject(
        _ call: Call, _ input: S3Input, _ bucket: Bucket
    ) throws(ServiceError) -> S3Answer {
        let key = try key(input)
        try authorize("s3:PutObject", key.text, call, bucket)
        if input.header("if-match") != nil { try authorize("s3:GetObject", key.text, call, bucket) }
        let encryption = try encryption(call, input, bucket)
        let checksums = try S3Checksum.verified(input)
        try check(input, key, bucket)
        let object = makeObject(input.body, checksums, kmsKey: encryption, bucket)
        s3Buckets[bucket.name]?.put(object, at: key.bytes)
        return S3Answer(fields: fields(of: object, withChecksums: true))
    }

    private func getObject(_ call: Call, _ input: S3Input, _ bucket: Bucket) throws(ServiceError) -> S3Answer {
        let key = try key(input)
        try authorize("s3:GetObject", key.text, call, bucket)
        guard let object = s3Buckets[bucket.name]?[key.bytes] else {
            // Who may not list must not learn what there is.
            try authorize("s3:ListBucket", nil, call, bucket)
            throw S3Error.noSuchKey(key.text)
        }
        if let kmsKey = object.kmsKey, kmsKey.hasPrefix("arn:") { try call.caller.authorize("kms:Decrypt", on: kmsKey) }
        if let wanted = input.header("if-match"), !object.has(wanted) { throw S3Error.preconditionFailed("If-Match") }
        let fields =
            fields(of: object, withChecksums: input.header("x-amz-checksum-mode") == "ENABLED") + [
                S3Field(name: "last-modified", value: object.modified.http)
            ]
        if let unwanted = input.header("if-none-match"), object.has(unwanted) {
            return S3Answer(status: 304, fields: fields)
        }
        let isHead = call.operation == "HeadObject"
        if let range = try ByteRange(input, size: object.bytes.count) {
            // A checksum is one of the whole object.
            let own = fields.filter { !$0.name.hasPrefix("x-amz-checksum-") } + [range.field]
            let bytes = Array(object.bytes[range.bytes])
            return S3Answer(
                status: 206, fields: own, contentType: "binary/octet-stream", body: isHead ? [] : bytes,
                announcedLength: isHead ? bytes.count : nil)
        }
        return S3Answer(
            fields: fields, contentType: "binary/octet-stream", body: isHead ? [] : object.bytes,
            announcedLength: isHead ? object.bytes.count : nil)
    }

    private mutating func deleteObject(
        _ call: Call, _ input: S3Input, _ bucket: Bucket
    ) throws(ServiceError) -> S3Answer {
        let key = try key(input)
        try authorize("s3:DeleteObject", key.text, call, bucket)
        if input.header("if-match") != nil { try authorize("s3:GetObject", key.text, call, bucket) }
        guard input.header("if-none-match") == nil else { throw S3Error.notImplemented }
        try check(input, key, bucket)
        let marker = StoredObject(
            bytes: [], tag: "", isDeleteMarker: true, versionID: versionID(bucket), modified: now)
        let left = s3Buckets[bucket.name]?.delete(key.bytes, marker: marker)
        var fields: [S3Field] = []
        if let id = left?.versionID {
            fields = [
                S3Field(name: "x-amz-delete-marker", value: "true"), S3Field(name: "x-amz-version-id", value: id),
            ]
        }
        return S3Answer(status: 204, fields: fields)
    }

    private func listObjects(_ call: Call, _ input: S3Input, _ bucket: Bucket) throws(ServiceError) -> S3Answer {
        try authorize("s3:ListBucket", nil, call, bucket)
        let prefix = input.parameters["prefix"] ?? ""
        guard let limit = Int(input.parameters["max-keys"] ?? "1000"), limit >= 0 else {
            throw ServiceError("InvalidArgument", "Provided max-keys not an integer or within integer range")
        }
        guard [nil, "url"].contains(input.parameters["encoding-type"]) else {
            throw ServiceError("InvalidArgument", "Invalid Encoding Method specified in Request")
        }
        var start = input.parameters["start-after"]
        if let token = input.parameters["continuation-token"] {
            guard let key = PageToken.decode(token) else {
                throw ServiceError("InvalidArgument", "The continuation token provided is incorrect")
            }
            start = key
        }
        let delimiter = input.parameters["delimiter"].flatMap { $0.isEmpty ? nil : Array($0.utf8) }
        let stored = s3Buckets[bucket.name]
        let keys = stored?.keys(withPrefix: Array(prefix.utf8), after: start.map { Array($0.utf8) }) ?? []
        var entries = S3Listing.entries(keys, prefix: prefix.utf8.count, delimiter: delimiter)
        // The page before ended with this prefix, and with every key that begins with it.
        if input.parameters["continuation-token"] != nil, let start {
            entries.removeAll { $0.isPrefix && $0.name == Array(start.utf8) }
        }
        let size = min(limit, 1000, faults.listPageSize ?? 1000)
        let page = entries.prefix(size)
        let listing = S3Listing(bucket: bucket.name, prefix: prefix, input: input, maximum: min(limit, 1000))
        let isTruncated = entries.count > page.count && size > 0
        let next = isTruncated ? page.last.map { PageToken.encode(String(decoding: $0.name, as: UTF8.self)) } : nil
        return S3Answer(body: listing.body(page.map { ($0, $0.isPrefix ? nil : stored?[$0.name]) }, next: next))
    }
}

/// What a write must pass, and what it makes.
extension CloudState {
    /// Refuses a write whose condition does not hold. Whether there is an object is decided and changed in one step,
    /// since the cloud is locked.
    private func check(
        _ input: S3Input, _ key: (bytes: [UInt8], text: String), _ bucket: Bucket
    ) throws(ServiceError) {
        let present = s3Buckets[bucket.name]?[key.bytes]
        if let unwanted = input.header("if-none-match") {
            guard unwanted == "*", input.header("if-match") == nil else { throw S3Error.notImplemented }
            guard present == nil || faults.ignoresIfNoneMatch else { throw S3Error.preconditionFailed("If-None-Match") }
        }
        if let wanted = input.header("if-match"), !faults.ignoresIfMatch {
            guard let present else { throw S3Error.noSuchKey(key.text) }
            guard present.has(wanted) else { throw S3Error.preconditionFailed("If-Match") }
        }
    }

    /// The KMS key that an object is to be encrypted with; nil for S3's own keys.
    private func encryption(_ call: Call, _ input: S3Input, _ bucket: Bucket) throws(ServiceError) -> String? {
        let prefix = "x-amz-server-side-encryption"
        var kmsKey: String?
        switch (input.header(prefix), input.header(prefix + "-aws-kms-key-id")) {
        case (nil, nil), ("AES256", nil): break
        case ("aws:kms", let id): kmsKey = id ?? "arn:aws:kms:\(bucket.region):\(bucket.account):alias/aws/s3"
        default: throw ServiceError("InvalidArgument", "The encryption method specified is not supported")
        }
        if let required = bucket.kmsKey, required != kmsKey {
            throw .accessDenied(
                "User: \(call.caller.arn) is not authorized to perform: s3:PutObject on resource: "
                    + "\"\(bucket.arn(input.keyText))\" with an explicit deny in a resource-based policy"
            )
        }
        if let kmsKey, kmsKey.hasPrefix("arn:") { try call.caller.authorize("kms:GenerateDataKey", on: kmsKey) }
        return kmsKey
    }

    private mutating func versionID(_ bucket: Bucket) -> String? {
        let letters: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._"
        return bucket.isVersioned ? random.text(length: 32, alphabet: letters) : nil
    }

    private mutating func makeObject(
        _ bytes: [UInt8], _ checksums: [S3Field], kmsKey: String?, _ bucket: Bucket
    ) -> StoredObject {
        let tag = kmsKey == nil ? S3Checksum.tag(bytes) : random.text(length: 32, alphabet: "0123456789abcdef")
        return StoredObject(
            bytes: bytes, tag: tag, versionID: versionID(bucket), modified: now, checksums: checksums, kmsKey: kmsKey)
    }

    private func fields(of object: StoredObject, withChecksums: Bool) -> [S3Field] {
        var fields = [S3Field(name: "etag", value: "\"\(object.tag)\"")]
        if let id = object.versionID { fields.append(S3Field(name: "x-amz-version-id", value: id)) }
        let encryption = object.kmsKey == nil ? "AES256" : "aws:kms"
        fields.append(S3Field(name: "x-amz-server-side-encryption", value: encryption))
        if let key = object.kmsKey {
            fields.append(S3Field(name: "x-amz-server-side-encryption-aws-kms-key-id", value: key))
        }
        if withChecksums, !object.checksums.isEmpty {
            fields += object.checksums + [S3Field(name: "x-amz-checksum-type", value: "FULL_OBJECT")]
        }
        return fields
    }

    /// Puts an object as somebody else would, past all checks.
    mutating func store(_ bytes: [UInt8], at key: String, in name: String) {
        guard let bucket = s3Buckets[name]?.bucket else { return }
        let object = makeObject(bytes, [], kmsKey: bucket.kmsKey, bucket)
        s3Buckets[name]?.put(object, at: Array(key.utf8))
    }

    /// Deletes an object as somebody else would, past all checks.
    mutating func removeObject(at key: String, in name: String) {
        guard let bucket = s3Buckets[name]?.bucket else { return }
        let marker = StoredObject(
            bytes: [], tag: "", isDeleteMarker: true, versionID: versionID(bucket), modified: now)
        _ = s3Buckets[name]?.delete(Array(key.utf8), marker: marker)
    }
}

extension StoredObject {
    /// Whether a condition's tag, in quotes or without, or `*`, is met.
    fileprivate func has(_ condition: String) -> Bool {
        condition == "*" || condition == tag || condition == "\"\(tag)\""
    }
}

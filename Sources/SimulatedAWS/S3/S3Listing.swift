/// The XML of one page of a listing.
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
struct S3Listing {
    var bucket: String
    var prefix: String
    var input: S3Input
    var maximum: Int

    /// A key, or what several have in common up to the delimiter.
    struct Entry {
        var name: [UInt8]
        var isPrefix = false
    }

    /// What a listing has of sorted keys: behind the prefix, of so many bytes, keys with the delimiter are rolled up.
    static func entries(_ keys: [[UInt8]], prefix: Int, delimiter: [UInt8]?) -> [Entry] {
        guard let delimiter else { return keys.map { Entry(name: $0) } }
        var entries: [Entry] = []
        for key in keys {
            guard let end = key[prefix...].firstRange(of: delimiter)?.upperBound else {
                entries.append(Entry(name: key))
                continue
            }
            let common = Array(key[..<end])
            if entries.last?.isPrefix != true || entries.last?.name != common {
                entries.append(Entry(name: common, isPrefix: true))
            }
        }
        return entries
    }

    func body(_ entries: [(entry: Entry, object: StoredObject?)], next: String?) -> [UInt8] {
        var content = XML.element("Name", bucket) + XML.element("Prefix", written(Array(prefix.utf8)))
        if let start = input.parameters["start-after"] {
            content += XML.element("StartAfter", written(Array(start.utf8)))
        }
        if let delimiter = input.parameters["delimiter"] {
            content += XML.element("Delimiter", written(Array(delimiter.utf8)))
        }
        if let token = input.parameters["continuation-token"] { content += XML.element("ContinuationToken", token) }
        if let next { content += XML.element("NextContinuationToken", next) }
        content += XML.element("KeyCount", String(entries.count)) + XML.element("MaxKeys", String(maximum))
        if isEncoded { content += XML.element("EncodingType", "url") }
        content += XML.element("IsTruncated", next == nil ? "false" : "true")
        for (entry, object) in entries {
            guard let object else { continue }
            let members =
                XML.element("Key", written(entry.name)) + XML.element("LastModified", object.modified.extended)
                + XML.wrap("ETag", "&quot;\(object.tag)&quot;") + XML.element("Size", String(object.bytes.count))
                + XML.element("StorageClass", "STANDARD")
            content += XML.wrap("Contents", members)
        }
        for (entry, _) in entries where entry.isPrefix {
            content += XML.wrap("CommonPrefixes", XML.element("Prefix", written(entry.name)))
        }
        let namespace = "http://s3.amazonaws.com/doc/2006-03-01/"
        return Array(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult xmlns=\"\(namespace)\">\(content)</ListBucketResult>"
                .utf8)
    }

    private var isEncoded: Bool { input.parameters["encoding-type"] == "url" }

    /// A key as the page has it: encoded as in a form, when the caller asks for it.
    private func written(_ key: [UInt8]) -> String {
        guard isEncoded else { return String(decoding: key, as: UTF8.self) }
        let encoded = CanonicalRequest.encoded(key).split(
            separator: UInt8(ascii: "%"), omittingEmptySubsequences: false)
        // A space is a plus; slashes stay as they are.
        var text = String(decoding: encoded[0], as: UTF8.self)
        for part in encoded.dropFirst() {
            let rest = String(decoding: part.dropFirst(2), as: UTF8.self)
            switch String(decoding: part.prefix(2), as: UTF8.self) {
            case "20": text += "+" + rest
            case "2F": text += "/" + rest
            case let digits: text += "%" + digits + rest
            }
        }
        return text
    }
}

import AWSValues

extension S3Client {
    /// How many keys a page has at most: S3 gives no more.
    private static let pageSize = 1_000
    /// Of a page, in bytes: a key may have 1,024 bytes, and each may be written with three.
    private static let maximumPageSize = 6 << 20

    /// Hands over the objects whose keys begin with `prefix` and come behind `start`, page by page, up to 1,000 at a
    /// time, in the order of their keys' UTF-8 bytes. S3's listings show every write that was answered before.
    ///
    /// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
    package func list(
        prefix: String, after start: String? = nil,
        _ receive: ([S3ListedObject]) async throws(AWSError) -> Void
    ) async throws(AWSError) {
        try await forEachPage(prefix: prefix, delimiter: nil, after: start) { (page) async throws(AWSError) in
            try await receive(page.objects)
        }
    }

    /// What is in the folder of a prefix, which is empty or ends with a slash, and comes behind `start`. Of a folder in
    /// it only the prefix is told, whether or not it is behind `start` itself.
    package func folder(_ prefix: String, after start: String? = nil) async throws(AWSError) -> S3Folder {
        var folder = S3Folder()
        try await forEachPage(prefix: prefix, delimiter: "/", after: start) { (page) throws(AWSError) in
            folder.objects += page.objects
            folder.prefixes += page.prefixes
        }
        return folder
    }

    private func forEachPage(
        prefix: String, delimiter: String?, after start: String?,
        _ receive: (S3ListingPage) async throws(AWSError) -> Void
    ) async throws(AWSError) {
        var token: String?
        var last = start
        var lastPrefix: String?
        repeat {
            let page = try await page(prefix: prefix, delimiter: delimiter, after: start, token)
            // What is out of order is a page that came before, or a store that does not keep S3's promises.
            for object in page.objects {
                guard object.key.utf8.starts(with: prefix.utf8), !object.key.isNotBehind(last) else {
                    throw page.error("its keys are not those that were asked for, in order")
                }
                last = object.key
            }
            for common in page.prefixes {
                guard common.utf8.starts(with: prefix.utf8), common.hasSuffix("/"),
                    common.utf8.count > prefix.utf8.count,
                    !common.isNotBehind(lastPrefix)
                else { throw page.error("its common prefixes are not those that were asked for, in order") }
                lastPrefix = common
            }
            try await receive(page)
            token = page.nextToken
            guard token == nil || !page.objects.isEmpty || !page.prefixes.isEmpty else {
                throw page.error("a page without keys is not the last")
            }
        } while token != nil
    }

    /// All objects whose keys begin with `prefix` and come behind `start`, in the order of ``list(prefix:after:_:)``.
    package func objects(prefix: String, after start: String? = nil) async throws(AWSError) -> [S3ListedObject] {
        var all: [S3ListedObject] = []
        try await list(prefix: prefix, after: start) { (page) async throws(AWSError) in all += page }
        return all
    }

    private func page(
        prefix: String, delimiter: String?, after start: String?, _ token: String?
    ) async throws(AWSError) -> S3ListingPage {
        var parameters = [
            ("encoding-type", "url"), ("list-type", "2"), ("max-keys", String(S3Client.pageSize)), ("prefix", prefix),
        ]
        if let delimiter { parameters.append(("delimiter", delimiter)) }
        if let start { parameters.append(("start-after", start)) }
        if let token { parameters.append(("continuation-token", token)) }
        let query = parameters.map { "\($0.0)=\(PercentEncoding.encode($0.1))" }.joined(separator: "&")
        var call = call("ListObjectsV2", .get, key: nil, query: query)
        call.maximumResponseSize = S3Client.maximumPageSize
        let response = try await caller.answer(to: call)
        return try S3ListingPage(response, to: call, maximumSize: S3Client.maximumPageSize)
    }
}

/// One page of a listing.
private struct S3ListingPage {
    let objects: [S3ListedObject]
    /// Up to the delimiter.
    let prefixes: [String]
    /// Nil on the last page.
    let nextToken: String?
    private let call: AWSCall
    private let response: HTTPResponse

    /// - Throws: When the answer is not a whole listing: it must never be taken for an empty one.
    init(_ response: HTTPResponse, to call: AWSCall, maximumSize: Int) throws(AWSError) {
        self.call = call
        self.response = response
        let root: XMLElement
        do throws(XMLReadingError) {
            guard response.status == 200 else { throw XMLReadingError("it has status \(response.status)") }
            root = try XMLReader.read(response.body, maximumSize: maximumSize)
            guard root.name == "ListBucketResult" else { throw XMLReadingError("it is not a ListBucketResult") }
            // Keys may have characters that XML cannot hold. Not every store knows the parameter.
            let isEncoded = root.text(of: "EncodingType") == "url"
            var objects: [S3ListedObject] = []
            for element in root.children where element.name == "Contents" {
                objects.append(try S3ListedObject(element, isEncoded: isEncoded))
            }
            self.objects = objects
            var prefixes: [String] = []
            for element in root.children where element.name == "CommonPrefixes" {
                guard let text = element.text(of: "Prefix") else {
                    throw XMLReadingError("a common prefix in it has no text")
                }
                prefixes.append(try S3ListedObject.key(text, isEncoded: isEncoded))
            }
            self.prefixes = prefixes
            switch root.text(of: "IsTruncated") {
            case "false": nextToken = nil
            case "true":
                guard let token = root.text(of: "NextContinuationToken") else {
                    throw XMLReadingError("it says that there is more, but not how to get it")
                }
                nextToken = token
            default: throw XMLReadingError("it does not say whether there is more")
            }
        } catch {
            throw call.unreadable(response, error.description)
        }
    }

    func error(_ reason: String) -> AWSError { call.unreadable(response, reason) }
}

extension S3ListedObject {
    fileprivate init(_ element: XMLElement, isEncoded: Bool) throws(XMLReadingError) {
        guard let text = element.text(of: "Key"), let tag = element.text(of: "ETag").flatMap(S3Tag.init),
            let size = element.text(of: "Size").flatMap(Int.init), size >= 0
        else { throw XMLReadingError("an object in it has no key, tag or size") }
        self.init(key: try S3ListedObject.key(text, isEncoded: isEncoded), tag: tag, size: size)
    }

    /// A key, or the beginning of one.
    fileprivate static func key(_ text: String, isEncoded: Bool) throws(XMLReadingError) -> String {
        // As a form encodes: a space is a plus.
        let bytes = isEncoded ? PercentEncoding.decode(text.replacing("+", with: " ")[...]) : Array(text.utf8)
        guard let key = String(validating: bytes, as: UTF8.self) else { throw XMLReadingError("a key is not UTF-8") }
        return key
    }
}

extension String {
    /// Whether it is the other key, or comes before it, in the order of the bytes.
    fileprivate func isNotBehind(_ other: String?) -> Bool {
        other.map { !$0.utf8.lexicographicallyPrecedes(utf8) } ?? false
    }
}

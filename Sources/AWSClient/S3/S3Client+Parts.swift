import AWSValues

extension S3Client {
    /// Up to `count` bytes, at least one, of an object from `offset` on, fewer only at its end; nil only when S3 says
    /// that there is no such object. With a tag only the object that has it is read.
    ///
    /// - Throws: Also when the object has another tag (``AWSError/isFailedCondition``).
    ///
    /// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/range-get-olap.html
    package func part(
        of key: String, _ count: Int, at offset: Int, if tag: S3Tag? = nil
    ) async throws(AWSError) -> S3Part? {
        precondition(count > 0 && offset >= 0, "a range has a first and a last byte")
        var call = call("GetObject", .get, key: key)
        call.headers.append("Range", "bytes=\(offset)-\(offset + count - 1)")
        if let tag { call.headers.append("If-Match", tag.header) }
        call.maximumResponseSize = max(count, 64 << 10)
        call.totalTimeout = requestTimeout + .seconds(count >> 20)
        let response: HTTPResponse
        do throws(AWSError) {
            response = try await caller.answer(to: call)
        } catch {
            if error.isObjectNotFound { return nil }
            guard error.isRangeBehindEnd else { throw error }
            // The size is only in the answer to a range that is there.
            guard offset > 0 else { return S3Part(bytes: [], size: 0, tag: tag) }
            guard let start = try await part(of: key, 1, at: 0, if: tag) else { return nil }
            return S3Part(bytes: [], size: start.size, tag: start.tag)
        }
        return try S3Part(response, to: call, count: count, offset: offset)
    }
}

extension S3Part {
    fileprivate init(_ response: HTTPResponse, to call: AWSCall, count: Int, offset: Int) throws(AWSError) {
        guard let tag = response.headers["ETag"].flatMap(S3Tag.init) else {
            throw call.unreadable(response, "it has no ETag")
        }
        // A store that does not know ranges sends all of it.
        if response.status == 200 {
            let bytes = response.body.dropFirst(offset).prefix(count)
            self.init(bytes: Array(bytes), size: response.body.count, tag: tag)
            return
        }
        guard response.status == 206 else { throw call.unreadable(response, "it has status \(response.status)") }
        guard let range = response.headers["Content-Range"].flatMap(ContentRange.init) else {
            throw call.unreadable(response, "it does not say which bytes of the object it has")
        }
        guard range.first == offset, range.last == min(offset + count, range.size) - 1,
            response.body.count == range.last - range.first + 1
        else { throw call.unreadable(response, "it has other bytes of the object than were asked for") }
        self.init(bytes: response.body, size: range.size, tag: tag)
    }
}

/// `bytes 0-99/1234`, as the header `Content-Range` has it.
///
/// Source: https://www.rfc-editor.org/rfc/rfc9110#section-14.4
private struct ContentRange {
    let first: Int
    let last: Int
    let size: Int

    init?(_ header: String) {
        guard let match = header.wholeMatch(of: /bytes ([0-9]{1,18})-([0-9]{1,18})\/([0-9]{1,18})/),
            let first = Int(match.1), let last = Int(match.2), let size = Int(match.3), first <= last, last < size
        else { return nil }
        (self.first, self.last, self.size) = (first, last, size)
    }
}

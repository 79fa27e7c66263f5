/// The bytes of an object that the header `Range` asks for.
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
struct ByteRange {
    let bytes: Range<Int>
    private let size: Int

    /// Nil without the header, and when it is not one that S3 follows: then the whole object is the answer. Several
    /// ranges at once are not simulated.
    init?(_ input: S3Input, size: Int) throws(ServiceError) {
        guard let header = input.header("range"),
            let match = header.wholeMatch(of: /bytes=([0-9]{0,18})-([0-9]{0,18})/)
        else { return nil }
        let bounds = (first: Int(match.1), last: Int(match.2))
        switch bounds {
        case (nil, nil): return nil
        case (nil, let count?): bytes = max(0, size - count)..<size
        case (let first?, let last):
            if let last, last < first { return nil }
            bytes = min(first, size)..<min(size, (last ?? .max - 1) + 1)
        }
        guard !bytes.isEmpty else { throw S3Error.invalidRange(header, size: size) }
        self.size = size
    }

    var field: S3Field {
        S3Field(name: "content-range", value: "bytes \(bytes.lowerBound)-\(bytes.upperBound - 1)/\(size)")
    }
}

import AWSClient

/// Where an archive is: in a folder, or in a bucket of S3 under a prefix.
enum ArchivePlace: Hashable, Sendable {
    case folder(String)
    /// The prefix is empty, or ends with a slash.
    case bucket(S3BucketName, prefix: String)

    private static let scheme = "s3://"
    /// In bytes; a key has 1,024, and what an archive puts behind the prefix needs less than half of it.
    private static let mostOfPrefix = 512

    /// Whether a text is meant to name a bucket, right or wrong.
    static func isBucket(_ text: String) -> Bool { text.lowercased().hasPrefix("s3:") }

    /// A folder's path, or `s3://BUCKET/PREFIX`, whose prefix may be missing. Its parts are of letters, digits and
    /// `-_.=`, so that policies and command lines take them as they are.
    init(_ text: String) throws(ValueProblem) {
        guard ArchivePlace.isBucket(text) else {
            guard !text.isEmpty else { throw ValueProblem(message: "expected a folder or s3://BUCKET/PREFIX") }
            guard !text.hasPrefix("s3//") else {
                throw ValueProblem(message: "\"\(text)\" lacks a colon; expected s3://BUCKET/PREFIX")
            }
            self = .folder(text)
            return
        }
        let parts = text.dropFirst(ArchivePlace.scheme.count).split(separator: "/", omittingEmptySubsequences: false)
        guard text.hasPrefix(ArchivePlace.scheme), let first = parts.first, let bucket = S3BucketName(first) else {
            throw ValueProblem(
                message: "\"\(text)\" does not name a bucket; expected s3://BUCKET/PREFIX, such as "
                    + "s3://team-ecr-share/prod")
        }
        let folders = parts.last == "" ? parts.dropFirst().dropLast() : parts.dropFirst()
        guard folders.allSatisfy(ArchivePlace.isPart) else {
            throw ValueProblem(
                message: "\"\(text)\": the parts of the prefix may have letters, digits and -_.= only, and must not be "
                    + "empty, \".\" or \"..\"")
        }
        let prefix = folders.map { "\($0)/" }.joined()
        guard prefix.utf8.count <= ArchivePlace.mostOfPrefix else {
            throw ValueProblem(message: "the prefix of the archive is longer than \(ArchivePlace.mostOfPrefix) bytes")
        }
        self = .bucket(bucket, prefix: prefix)
    }

    private static func isPart(_ text: Substring) -> Bool {
        !text.isEmpty && text != "." && text != ".."
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.=".contains($0)) }
    }

    /// As ``init(_:)`` reads it.
    var text: String {
        switch self {
        case .folder(let path): path
        case .bucket(let bucket, let prefix): ArchivePlace.scheme + "\(bucket)/\(prefix)".withoutLastSlash
        }
    }
}

extension String {
    fileprivate var withoutLastSlash: String { hasSuffix("/") ? String(dropLast()) : self }
}

extension ValueForm<ArchivePlace> {
    static let archive = ValueForm(
        words: "a folder, or s3://BUCKET/PREFIX", placeholder: "place", isPath: { !ArchivePlace.isBucket($0) }
    ) { texts throws(ValueProblem) in
        try ArchivePlace(texts.first ?? "")
    }
}

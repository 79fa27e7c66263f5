/// A bucket of S3, as a world begins with it: empty.
package struct Bucket: Hashable, Sendable {
    /// What S3 answers when a request for the bucket is signed for another region. It depends on the endpoint that was
    /// asked, of which there is only one here.
    package enum WrongRegionAnswer: String, Hashable, Sendable, CaseIterable {
        /// `PermanentRedirect` with status 301.
        case redirect
        /// `AuthorizationHeaderMalformed` with status 400.
        case malformed
        /// `IllegalLocationConstraintException` with status 400.
        case location
    }

    /// Belongs to one bucket of the world.
    package var name: String
    /// Where requests must be signed for.
    package var region: String
    /// The account that owns it.
    package var account: String
    /// The only KMS key that objects may be stored with; nil takes any, and none.
    package var kmsKey: String?
    /// Whether what is replaced or deleted stays as an earlier version.
    package var isVersioned = false
    /// Accounts that the bucket's policy allows everything, beside the owner's own.
    package var sharedWith: [String] = []
    /// What requests for other regions get.
    package var wrongRegionAnswer = WrongRegionAnswer.redirect

    /// A plain bucket: not versioned, shared with nobody, with any encryption.
    package init(_ name: String, region: String, account: String) {
        self.name = name
        self.region = region
        self.account = account
    }

    /// The ARN of the bucket or, with a key, of one of its objects.
    func arn(_ key: String? = nil) -> String {
        "arn:\(Partition.name(ofRegion: region)):s3:::\(name)" + (key.map { "/\($0)" } ?? "")
    }
}

/// One version of an object.
struct StoredObject: Hashable, Sendable {
    var bytes: [UInt8]
    /// Without quotes.
    var tag: String
    var isDeleteMarker = false
    var versionID: String?
    var modified: Timestamp
    /// As headers, returned to whoever asks for checksums.
    var checksums: [S3Field] = []
    var kmsKey: String?
}

/// A bucket with what is in it.
struct StoredBucket: Sendable {
    let bucket: Bucket
    /// By key, newest version last. Keys are bytes: what Unicode holds for equal, S3 does not.
    private(set) var objects: [[UInt8]: [StoredObject]] = [:]

    init(_ bucket: Bucket) {
        self.bucket = bucket
    }

    /// The object that readers see.
    subscript(key: [UInt8]) -> StoredObject? {
        objects[key]?.last.flatMap { $0.isDeleteMarker ? nil : $0 }
    }

    func versions(of key: [UInt8]) -> [StoredObject] { objects[key] ?? [] }

    mutating func put(_ object: StoredObject, at key: [UInt8]) {
        if bucket.isVersioned { objects[key, default: []].append(object) } else { objects[key] = [object] }
    }

    /// Returns the delete marker that takes the object's place in a versioned bucket.
    mutating func delete(_ key: [UInt8], marker: StoredObject) -> StoredObject? {
        guard bucket.isVersioned else {
            objects[key] = nil
            return nil
        }
        objects[key, default: []].append(marker)
        return marker
    }

    /// The keys of what readers see, in the order of their bytes.
    func keys(withPrefix prefix: [UInt8], after start: [UInt8]?) -> [[UInt8]] {
        objects.keys.filter { key in
            key.starts(with: prefix) && start.map { $0.lexicographicallyPrecedes(key) } != false && self[key] != nil
        }.sorted { $0.lexicographicallyPrecedes($1) }
    }
}

/// An object with its content.
package struct S3Object: Hashable, Sendable {
    /// All of it.
    package let bytes: [UInt8]
    /// The tag of these very bytes: a write under it replaces nothing else.
    package let tag: S3Tag
}

/// Some bytes of an object.
package struct S3Part: Hashable, Sendable {
    /// Those that were asked for, as far as there are any.
    package let bytes: [UInt8]
    /// Of the whole object, in bytes.
    package let size: Int
    /// The tag of the object that the bytes are of; nil for an empty object that was asked for without one.
    package let tag: S3Tag?
}

/// What a folder of a bucket has: what the keys behind its prefix name up to the next slash.
package struct S3Folder: Hashable, Sendable {
    /// In the order of their keys' bytes.
    package var objects: [S3ListedObject] = []
    /// What several keys, or one, have in common up to and with the next slash, in the order of the bytes.
    package var prefixes: [String] = []
}

/// An object as a listing names it.
package struct S3ListedObject: Hashable, Sendable {
    /// As S3 has it. Keys are bytes: two that Swift holds for equal, such as `é` in its two spellings, may be different
    /// objects.
    package let key: String
    /// As it was when S3 made the listing.
    package let tag: S3Tag
    /// In bytes.
    package let size: Int
}

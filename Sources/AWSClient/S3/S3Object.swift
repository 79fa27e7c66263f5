/// An object with its content.
package struct S3Object: Hashable, Sendable {
    /// All of it.
    package let bytes: [UInt8]
    /// The tag of these very bytes: a write under it replaces nothing else.
    package let tag: S3Tag
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

/// An object with its content.
package struct S3Object: Hashable, Sendable {
    package let bytes: [UInt8]
    package let tag: S3Tag
}

/// An object as a listing names it.
package struct S3ListedObject: Hashable, Sendable {
    /// As S3 has it. Keys are bytes: two that Swift holds for equal, such as `é` in its two spellings, may be different
    /// objects.
    package let key: String
    package let tag: S3Tag
    /// In bytes.
    package let size: Int
}

/// An ECR repository policy, read so that everything in it can be written back.
package struct PolicyDocument: Hashable, Sendable {
    /// Whether two policies allow and deny the same, as ECR would print either for the other.
    ///
    /// nil is "no policy". Texts that are no policy documents are equal only when they are the same text.
    package static func haveSameMeaning(_ left: String?, _ right: String?, in partition: Partition) -> Bool {
        preconditionFailure("not written yet")
    }
}

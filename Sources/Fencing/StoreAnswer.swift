/// What the store says a stored object's content is at: an ETag, opaque, compared and never read.
///
/// Stores may give equal contents equal tags, so whatever is compared by tag must never have the same content twice.
package struct ObjectTag: Hashable, Sendable {
    /// As the store wrote it.
    package let text: String

    /// The tag that the store gave.
    package init(_ text: String) {
        self.text = text
    }
}

/// How a conditional create, replace or delete ended.
package enum WriteAnswer: Hashable, Sendable {
    /// It happened. The object's tag now; after a delete the one that it had.
    case done(ObjectTag)
    /// A create found an object (412).
    case alreadyThere
    /// A replace or delete found another tag (412).
    case changed
    /// A replace or delete found no object (404).
    case missing
    /// The store asks to repeat it (409). It did not happen.
    case again
    /// There was no clear answer: it happened, did not, or may still happen.
    case lost
}

/// How a read ended.
package enum ReadAnswer<Content: Hashable & Sendable>: Hashable, Sendable {
    /// The object was there, with this tag.
    case found(Content, ObjectTag)
    /// There was no object (404).
    case missing
    /// There was no clear answer.
    case lost
}

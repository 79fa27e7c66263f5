/// The place where an archive keeps its objects: a folder, or a bucket of an object store.
///
/// Names are relative, such as `runs/RUN/plan.jsonl`; their parts are of letters, digits, `-`, `_` and `.`, and none
/// starts with a dot. What is created or replaced is seen whole or not at all, and lasts when the call returns. A
/// failed read is an error, never nil.
///
/// What a condition comes to is an outcome, not an error. Nobody tells the errors apart, they are only shown, so they
/// are not typed: ``FileError``, ``RolloutError``, `CancellationError`.
package protocol ArchiveStore: Sendable {
    /// For messages: the path of the folder, `s3://BUCKET/PREFIX`.
    var location: String { get }

    /// The same for a person, who may not have the program's working directory in mind.
    var absoluteLocation: String { get }

    /// Where an object or folder is, for messages.
    func location(of name: String) -> String

    /// Makes an object if there is none of its name.
    func create(_ name: String, _ bytes: [UInt8]) async throws -> CreateOutcome

    /// Makes an object if there is none of its name, of what `write` puts into a new file; for what does not fit in
    /// memory. Returns what `write` did, or nil when there is such an object already.
    ///
    /// The file stays readable for whoever keeps it. A lost answer is settled here, since only the store knows the
    /// content's digest: when this returns, the object has the content; when it throws, it may have.
    func create<Result>(_ name: String, writing write: (OpenFile) throws -> Result) async throws -> Result?

    /// Replaces an object that still has this tag.
    func replace(_ name: String, _ bytes: [UInt8], if tag: ObjectTag) async throws -> ReplaceOutcome

    /// Writes a page that can be made again at any time, and returns where it is. In a folder the new one replaces the
    /// old one; where nothing is overwritten it goes by the next free name.
    func publish(_ name: String, writing write: (OpenFile) throws -> Void) async throws -> String

    /// Reads an object; nil when there is none. One of more than `limit` bytes is an error.
    func read(_ name: String, limit: Int) async throws -> StoredObject?

    /// Reads `count` bytes of an object at `offset`, fewer only at its end; nil when there is none.
    func read(_ name: String, _ count: Int, at offset: Int) async throws -> ObjectPart?

    /// An object as a file; nil when there is none. Of an object store it is a copy without a name, which vanishes with
    /// its last reference; messages give ``location(of:)``.
    func open(_ name: String) async throws -> OpenFile?

    /// What is right in a folder, in the order of the names' bytes, behind the name `after`. A folder that is not there
    /// has nothing; where there are only objects, a folder is what their names have in common.
    func list(_ folder: String, after: String?) async throws -> [StoreEntry]

    /// Deletes an object that still has this tag. A folder that is left empty goes with it.
    func delete(_ name: String, if tag: ObjectTag) async throws -> DeleteOutcome
}

/// What a store says that an object's content is at: opaque, compared and never read.
///
/// Equal contents may have equal tags, so what is replaced by tag must never have the same content twice.
package struct ObjectTag: Hashable, Sendable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }
}

/// An object, whole.
package struct StoredObject: Hashable, Sendable {
    package let bytes: [UInt8]
    package let tag: ObjectTag

    package init(bytes: [UInt8], tag: ObjectTag) {
        self.bytes = bytes
        self.tag = tag
    }
}

/// Some bytes of an object.
package struct ObjectPart: Hashable, Sendable {
    package let bytes: [UInt8]
    /// Of the whole object, in bytes.
    package let size: Int

    package init(bytes: [UInt8], size: Int) {
        self.bytes = bytes
        self.size = size
    }
}

/// An object or folder in a list.
package struct StoreEntry: Hashable, Sendable {
    /// Its name in the listed folder.
    package let name: String
    /// In bytes; nil for what is no object, such as a folder.
    package let size: Int?

    package init(name: String, size: Int?) {
        self.name = name
        self.size = size
    }
}

/// How ``ArchiveStore/create(_:_:)`` ended.
package enum CreateOutcome: Hashable, Sendable {
    case created(ObjectTag)
    /// There is an object of this name. After an attempt whose answer was lost it may be one's own.
    case exists
    /// It did not happen; the store asks to repeat it.
    case again
    /// There was no clear answer: it happened, did not, or may still happen.
    case unknown
}

/// How ``ArchiveStore/replace(_:_:if:)`` ended.
package enum ReplaceOutcome: Hashable, Sendable {
    case replaced(ObjectTag)
    /// The object has another tag. After an attempt whose answer was lost it may be one's own.
    case changed
    /// There is no such object.
    case missing
    /// It did not happen; the store asks to repeat it.
    case again
    /// There was no clear answer: it happened, did not, or may still happen.
    case unknown
}

/// How ``ArchiveStore/delete(_:if:)`` ended.
package enum DeleteOutcome: Hashable, Sendable {
    case deleted
    /// The object has another tag.
    case changed
    /// There is no such object.
    case missing
    /// It did not happen; the store asks to repeat it.
    case again
    /// There was no clear answer: it happened, did not, or may still happen.
    case unknown
}

extension ArchiveStore {
    /// Most are absolute.
    package var absoluteLocation: String { location }

    /// What is in a folder, see ``list(_:after:)``.
    package func list(_ folder: String) async throws -> [StoreEntry] { try await list(folder, after: nil) }

    /// As for a store in which nothing is overwritten: `report.html`, then `report-2.html`, and so on.
    package func publish(_ name: String, writing write: (OpenFile) throws -> Void) async throws -> String {
        let dot = name.lastIndex(of: ".") ?? name.endIndex
        var number = 1
        while true {
            let free = number == 1 ? name : "\(name[..<dot])-\(number)\(name[dot...])"
            if try await create(free, writing: write) != nil { return location(of: free) }
            number += 1
        }
    }
}

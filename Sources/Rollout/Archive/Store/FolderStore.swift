import Crypto
import Platform

/// An archive's objects as files of a folder.
///
/// Folders have mode 0700, files 0600. Nothing is reached through a symbolic link, save the folder itself, and nothing
/// that others may change is used. Names that start with a dot are its own: files that are not finished, and the lock
/// of those who replace or delete. Tags are digests of the content: times and inode numbers of two contents may agree.
package struct FolderStore: ArchiveStore {
    package let folder: Folder
    /// Whether the file system may be asked for hard links, which make a create one step.
    private let usesLinks: Bool

    package init(_ folder: Folder) {
        self.init(folder, usesLinks: true)
    }

    init(_ folder: Folder, usesLinks: Bool) {
        self.folder = folder
        self.usesLinks = usesLinks
    }

    package var location: String { folder.path }

    package var absoluteLocation: String { folder.absolutePath }

    package func location(of name: String) -> String { folder.path(of: name) }

    // MARK: Writing

    package func create(_ name: String, _ bytes: [UInt8]) async throws -> CreateOutcome {
        let isNew: Void? = try make(name) { try $0.write(bytes, at: 0) }
        return isNew == nil ? .exists : .created(FolderStore.tag(of: bytes))
    }

    package func create<Result>(_ name: String, writing write: (OpenFile) throws -> Result) async throws -> Result? {
        try make(name, write)
    }

    private func make<Result>(_ name: String, _ write: (OpenFile) throws -> Result) throws -> Result? {
        var attempts = 20
        while true {
            do {
                let (home, file) = try home(of: name, making: true)
                return try home.create(file, usingLinks: usesLinks, exclusively: isolated, writing: write)
            } catch let error as FileError where error.isMissing && attempts > 0 {
                // Somebody removed the folder since it was made, as nothing was in it yet.
                attempts -= 1
            }
        }
    }

    package func replace(_ name: String, _ bytes: [UInt8], if tag: ObjectTag) async throws -> ReplaceOutcome {
        try whenUnchanged(name, tag, missing: .missing, changed: .changed) { home, file in
            try home.replace(file) { try $0.write(bytes, at: 0) }
            return .replaced(FolderStore.tag(of: bytes))
        }
    }

    package func publish(_ name: String, writing write: (OpenFile) throws -> Void) async throws -> String {
        let (home, file) = try home(of: name, making: true)
        try home.replace(file, writing: write)
        return location(of: name)
    }

    package func delete(_ name: String, if tag: ObjectTag) async throws -> DeleteOutcome {
        try whenUnchanged(name, tag, missing: .missing, changed: .changed) { home, file in
            home.remove(file)
            try home.sync()
            if name.split(separator: "/").count > 2 { home.removeEmpty() }
            return .deleted
        }
    }

    /// Does `body` while nobody else replaces or deletes anything, if the object has the tag.
    private func whenUnchanged<Outcome>(
        _ name: String, _ tag: ObjectTag, missing: Outcome, changed: Outcome,
        _ body: (_ home: Folder, _ file: String) throws -> Outcome
    ) throws -> Outcome {
        guard folder.exists() else { return missing }
        return try isolated {
            guard let found = try object(name, limit: .max) else { return missing }
            guard found.tag == tag else { return changed }
            let (home, file) = try home(of: name, making: false)
            return try body(home, file)
        }
    }

    /// Does `body` while nobody else does, in this or another process.
    private func isolated<Result>(_ body: () throws -> Result) throws -> Result {
        try folder.requireOurs(mayBeLink: true)
        let file = try OpenFile(folder.path(of: ".ecr-share-lock"), for: .writing, isOurs: true)
        try file.lock()
        defer { withExtendedLifetime(file) {} }
        return try body()
    }

    // MARK: Reading

    package func read(_ name: String, limit: Int) async throws -> StoredObject? {
        try object(name, limit: limit)
    }

    private func object(_ name: String, limit: Int) throws -> StoredObject? {
        guard let file = try file(name) else { return nil }
        let size = try file.size()
        guard size <= limit else { throw FileError(operation: "read", path: file.path, number: EFBIG) }
        let bytes = try file.read(size, at: 0)
        return StoredObject(bytes: bytes, tag: FolderStore.tag(of: bytes))
    }

    package func read(_ name: String, _ count: Int, at offset: Int) async throws -> ObjectPart? {
        guard let file = try file(name) else { return nil }
        let size = try file.size()
        let bytes = try file.read(min(count, max(0, size - offset)), at: offset)
        return ObjectPart(bytes: bytes, size: size)
    }

    package func open(_ name: String) async throws -> OpenFile? { try file(name) }

    private func file(_ name: String) throws -> OpenFile? {
        do {
            let (home, file) = try home(of: name, making: false)
            return try OpenFile(home.path(of: file), for: .reading, isOurs: true)
        } catch let error as FileError {
            guard error.isMissing else { throw error }
            return nil
        }
    }

    package func list(_ folder: String, after: String?) async throws -> [StoreEntry] {
        do {
            let listed = self.folder.folder(folder)
            let names = try listed.names()
            _ = try home(of: "\(folder)/any", making: false)
            return names.filter { !$0.hasPrefix(".") && $0 > after ?? "" }
                .map { StoreEntry(name: $0, size: listed.fileSize($0)) }
        } catch let error as FileError {
            guard error.isMissing else { throw error }
            return []
        }
    }

    // MARK: Names

    /// The folder that an object is in, which is ours alone, and the name of its file.
    private func home(of name: String, making: Bool) throws -> (Folder, String) {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        precondition(parts.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") }, "\(name) cannot be the name of an object")
        var home = folder
        if making { try home.make() }
        try home.requireOurs(mayBeLink: true)
        for part in parts.dropLast() {
            home = home.folder(String(part))
            if making { try home.make() }
            try home.requireOurs()
        }
        return (home, parts.last.map(String.init) ?? name)
    }

    private static func tag(of bytes: [UInt8]) -> ObjectTag {
        ObjectTag(SHA256.hash(data: bytes).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined())
    }
}

import AWSClient
import Platform
import Rollout

/// An archive's objects in a bucket of S3, all under one prefix.
///
/// What is larger than memory should hold for long is copied through files without a name in ``spoolFolder``; to be
/// stored it is read into memory once, at most ``mostBytes``.
struct S3ArchiveStore: ArchiveStore {
    private let client: S3Client
    /// Empty, or with a slash at its end.
    private let prefix: String
    private let spoolFolder: Folder

    /// The largest object, since each is stored by one request.
    static let mostBytes = 1 << 30
    /// How much of a large object is read at once.
    private static let partSize = 8 << 20
    /// The waits before a write that did not happen is sent again.
    private static let pauses: [Duration] = [
        .milliseconds(50), .milliseconds(200), .seconds(1), .seconds(2), .seconds(5),
    ]

    init(_ client: S3Client, prefix: String, spoolFolder: Folder) {
        self.client = client
        self.prefix = prefix
        self.spoolFolder = spoolFolder
    }

    var location: String { ArchivePlace.bucket(client.bucket.name, prefix: prefix).text }

    func location(of name: String) -> String { "s3://\(client.bucket.name)/\(key(name))" }

    private func key(_ name: String) -> String { prefix + name }

    /// Asks S3. Nobody tells the errors of a store apart, so only their words are kept, and with them the next step.
    private func asking<Value>(
        _ call: () async throws(AWSError) -> Value
    ) async throws -> Value {
        do throws(AWSError) { return try await call() } catch {
            throw error.isCancelled
                ? CancellationError()
                : RolloutError.archiveRefused(archive: location, explanation: "\(error)") as any Error
        }
    }

    // MARK: Writing

    func create(_ name: String, _ bytes: [UInt8]) async throws -> CreateOutcome {
        let outcome = try await asking { () async throws(AWSError) in
            try await client.put(bytes, at: key(name), if: .isAbsent)
        }
        switch outcome {
        case .stored(let tag): return .created(ObjectTag(tag.description))
        case .conditionFailed: return .exists
        case .missing, .conflict: return .again
        case .lost: return .unknown
        }
    }

    func create<Result>(_ name: String, writing write: (OpenFile) throws -> Result) async throws -> Result? {
        let file = try spoolFolder.temporaryFile(of: location(of: name))
        let result = try write(file)
        let size = try file.size()
        guard size <= Self.mostBytes else {
            throw RolloutError.archiveRefused(
                archive: location,
                explanation:
                    "\(location(of: name)) would have \(size) bytes, and at most \(Self.mostBytes) are stored in "
                    + "a bucket; split the matrix, or keep this archive in a folder")
        }
        let bytes = try file.read(size, at: 0)
        var failure: AWSError?
        for pause in Self.pauses {
            let outcome = try await asking { () async throws(AWSError) in
                try await client.put(bytes, at: key(name), if: .isAbsent)
            }
            switch outcome {
            case .stored: return result
            case .conditionFailed:
                // After a lost answer it may be one's own.
                guard failure != nil, try await has(bytes, at: name) else { return nil }
                return result
            case .missing: break
            case .conflict(let error): failure = failure ?? error
            case .lost(let error):
                failure = error
                if try await has(bytes, at: name) { return result }
            }
            try await Task.sleep(for: pause)
        }
        throw RolloutError.archiveRefused(
            archive: location,
            explanation: "it is not known whether \(location(of: name)) was stored"
                + (failure.map { ": \($0)" } ?? "; try again"))
    }

    /// Whether an object has this content.
    private func has(_ bytes: [UInt8], at name: String) async throws -> Bool {
        var offset = 0
        repeat {
            guard let part = try await part(of: name, Self.partSize, at: offset), part.size == bytes.count,
                part.bytes.elementsEqual(bytes[offset...].prefix(Self.partSize))
            else { return false }
            offset += part.bytes.count
        } while offset < bytes.count
        return true
    }

    func replace(_ name: String, _ bytes: [UInt8], if tag: ObjectTag) async throws -> ReplaceOutcome {
        guard let tag = S3Tag(tag.text) else { return .changed }
        let outcome = try await asking { () async throws(AWSError) in
            try await client.put(bytes, at: key(name), if: .has(tag))
        }
        switch outcome {
        case .stored(let tag): return .replaced(ObjectTag(tag.description))
        case .conditionFailed: return .changed
        case .missing: return .missing
        case .conflict: return .again
        case .lost: return .unknown
        }
    }

    func delete(_ name: String, if tag: ObjectTag) async throws -> DeleteOutcome {
        guard let tag = S3Tag(tag.text) else { return .changed }
        let outcome = try await asking { () async throws(AWSError) in try await client.delete(key(name), if: tag) }
        switch outcome {
        case .deleted: return .deleted
        case .conditionFailed: return .changed
        case .missing: return .missing
        case .conflict: return .again
        case .lost: return .unknown
        }
    }

    // MARK: Reading

    func read(_ name: String, limit: Int) async throws -> StoredObject? {
        try await asking { () async throws(AWSError) in try await client.object(at: key(name), limit: limit) }
            .map { StoredObject(bytes: $0.bytes, tag: ObjectTag($0.tag.description)) }
    }

    func read(_ name: String, _ count: Int, at offset: Int) async throws -> ObjectPart? {
        try await part(of: name, max(1, count), at: offset)
            .map { ObjectPart(bytes: Array($0.bytes.prefix(count)), size: $0.size) }
    }

    private func part(
        of name: String, _ count: Int, at offset: Int, if tag: S3Tag? = nil
    ) async throws -> S3Part? {
        try await asking { () async throws(AWSError) in
            try await client.part(of: key(name), count, at: offset, if: tag)
        }
    }

    func open(_ name: String) async throws -> OpenFile? {
        guard let first = try await part(of: name, Self.partSize, at: 0) else { return nil }
        let file = try spoolFolder.temporaryFile(of: location(of: name))
        try file.write(first.bytes, at: 0)
        var offset = first.bytes.count
        while offset < first.size {
            // Objects of an archive are never replaced, save the lock: another tag is another archive's file.
            guard let part = try await part(of: name, Self.partSize, at: offset, if: first.tag),
                part.tag == first.tag, part.size == first.size, !part.bytes.isEmpty
            else {
                throw RolloutError.archiveRefused(
                    archive: location,
                    explanation:
                        "\(location(of: name)) was replaced while it was read; find out who writes there, then "
                        + "try again")
            }
            try file.write(part.bytes, at: offset)
            offset += part.bytes.count
        }
        return file
    }

    func list(_ folder: String, after: String?) async throws -> [StoreEntry] {
        let start = key(folder.isEmpty ? "" : "\(folder)/")
        let found = try await asking { () async throws(AWSError) in
            try await client.folder(start, after: after.map { start + $0 })
        }
        let objects = found.objects.map { StoreEntry(name: String($0.key.dropFirst(start.count)), size: $0.size) }
        let folders = found.prefixes.map { StoreEntry(name: String($0.dropFirst(start.count).dropLast()), size: nil) }
        // Keys are sorted with their slashes. An object that has the folder's own name was made by other programs.
        return (objects + folders).filter { entry in
            !entry.name.isEmpty && after.map { $0.utf8.lexicographicallyPrecedes(entry.name.utf8) } != false
        }.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}

/// What a create came to once that is certain.
enum SettledCreate: Hashable, Sendable {
    /// The object has the content that was sent.
    case created(ObjectTag)
    /// It has another one.
    case exists(StoredObject)
}

/// What a replacement came to once that is certain.
enum SettledReplace: Hashable, Sendable {
    /// The object has the content that was sent.
    case replaced(ObjectTag)
    /// Somebody else has replaced it.
    case changed(StoredObject)
    case missing
}

/// Conditional writes until their outcome is certain. Whatever is not a clear answer leads to a read, and what is read
/// decides: one's own content was stored. So nobody else may ever send the same content under this name.
extension ArchiveStore {
    /// Of objects that are written with conditions: none is nearly as long.
    static var mostBytes: Int { 64 << 20 }

    /// The waits before a write that did not happen is sent again.
    private static var pauses: [Duration] {
        [.milliseconds(50), .milliseconds(200), .seconds(1), .seconds(2), .seconds(5)]
    }

    /// Makes an object if there is none.
    ///
    /// - Throws: ``RolloutError/archiveUnavailable(archive:reason:)`` when the store does not come to an answer; the
    ///   object may appear later.
    func createSettled(_ name: String, _ bytes: [UInt8], _ clock: RunClock) async throws -> SettledCreate {
        for pause in Self.pauses {
            if case .created(let tag) = try await create(name, bytes) { return .created(tag) }
            if let found = try await read(name, limit: Self.mostBytes) {
                return found.bytes == bytes ? .created(found.tag) : .exists(found)
            }
            // Should the lost attempt arrive after all, it brings the same content.
            try await clock.sleep(pause)
        }
        throw noAnswer(name)
    }

    /// Replaces an object that has this tag.
    ///
    /// - Throws: as ``createSettled(_:_:_:)``.
    func replaceSettled(
        _ name: String, _ bytes: [UInt8], if tag: ObjectTag, _ clock: RunClock
    ) async throws -> SettledReplace {
        for pause in Self.pauses {
            if case .replaced(let tag) = try await replace(name, bytes, if: tag) { return .replaced(tag) }
            guard let found = try await read(name, limit: Self.mostBytes) else { return .missing }
            if found.bytes == bytes { return .replaced(found.tag) }
            guard found.tag == tag else { return .changed(found) }
            try await clock.sleep(pause)
        }
        throw noAnswer(name)
    }

    /// Deletes an object that has this tag; one that has another, or none, is left as it is.
    ///
    /// - Throws: as ``createSettled(_:_:_:)``.
    func deleteSettled(_ name: String, if tag: ObjectTag, _ clock: RunClock) async throws {
        for pause in Self.pauses {
            switch try await delete(name, if: tag) {
            case .deleted, .changed, .missing: return
            case .again, .unknown: break
            }
            guard let found = try await read(name, limit: Self.mostBytes), found.tag == tag else { return }
            try await clock.sleep(pause)
        }
        throw noAnswer(name)
    }

    func noAnswer(_ name: String) -> RolloutError {
        .archiveUnavailable(archive: location, reason: "it did not answer clearly whether \(name) was written")
    }
}

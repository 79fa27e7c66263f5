extension ArchiveStore {
    /// Makes sure that the store honours its conditions: some that speak S3 ignore them, and two runs would both hold
    /// the lock. A probe is created twice and replaced once with an old tag; then it is deleted.
    ///
    /// - Throws: ``RolloutError/ignoresConditions(archive:)``; what the store throws.
    package func selfTest(_ clock: RunClock = .system) async throws {
        // Of its own for each test: two at once would each see the other's.
        let name = "probe-" + String(UInt64.random(in: 0 ... .max), radix: 36)
        do {
            try await test(name, clock)
        } catch {
            try? await removeProbe(name, clock)
            throw error
        }
        try await removeProbe(name, clock)
    }

    private func test(_ name: String, _ clock: RunClock) async throws {
        func probe(_ number: Int) -> [UInt8] { Array("\(name), content \(number)\n".utf8) }
        guard case .created(let first) = try await createSettled(name, probe(1), clock) else { throw noAnswer(name) }
        try await requireRefusal(of: probe(2), as: name, clock) {
            switch try await create(name, probe(2)) {
            case .created: false
            case .exists: true
            case .again, .unknown: nil
            }
        }
        guard case .replaced(let second) = try await replaceSettled(name, probe(3), if: first, clock) else {
            throw noAnswer(name)
        }
        // A store whose tags tell nothing apart is one that ignores them.
        guard first != second else { throw RolloutError.ignoresConditions(archive: location) }
        try await requireRefusal(of: probe(4), as: name, clock) {
            switch try await replace(name, probe(4), if: first) {
            case .replaced: false
            case .changed: true
            case .missing, .again, .unknown: nil
            }
        }
    }

    /// Asks until the store clearly refuses to write the content.
    private func requireRefusal(
        of bytes: [UInt8], as name: String, _ clock: RunClock, _ isRefused: () async throws -> Bool?
    ) async throws {
        for _ in 0..<5 {
            let answer = try await isRefused()
            if answer == true { return }
            // Without a clear answer it may have been written all the same.
            let found = try await read(name, limit: Self.mostBytes)
            if answer == false || found?.bytes == bytes {
                throw RolloutError.ignoresConditions(archive: location)
            }
            try await clock.sleep(.milliseconds(200))
        }
        throw noAnswer(name)
    }

    private func removeProbe(_ name: String, _ clock: RunClock) async throws {
        guard let probe = try await read(name, limit: Self.mostBytes) else { return }
        try await deleteSettled(name, if: probe.tag, clock)
    }
}

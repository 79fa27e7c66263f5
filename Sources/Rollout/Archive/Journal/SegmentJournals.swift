import AWSValues
import SharePlan

/// Journals as numbered segments, `runs/RUN/journal/EEEE-SSSSSS.jsonl`: for stores whose objects cannot grow, and for
/// runs on which several machines work.
struct SegmentJournals: RunJournals {
    let store: any ArchiveStore

    private func folder(of run: RunID) -> String { ArchivedRun.name(of: "journal", in: run) }

    private func name(of segment: SegmentName, _ run: RunID) -> String { "\(folder(of: run))/\(segment.text)" }

    /// No segment has as many.
    private static let mostBytes = 64 << 20

    private static func newWriter() -> String { String(UInt64.random(in: 0 ... .max), radix: 36) }

    func location(of run: RunID) -> String { store.location(of: folder(of: run)) }

    func create(for run: RunID, at time: Timestamp, _ clock: RunClock) async throws {
        let first = SegmentName(epoch: 0, number: 0)
        var bytes = SegmentHead(first, writer: SegmentJournals.newWriter(), isSeal: false).bytes
        JournalEntry(time: time.rfc3339Milliseconds, event: .created(run)).append(to: &bytes)
        guard case .created = try await store.createSettled(name(of: first, run), bytes, clock) else {
            throw RolloutError.journalTaken(run)
        }
    }

    /// The journal stays where the plan may have been stored all the same.
    func discard(_ run: RunID, _ clock: RunClock) async {
        let first = name(of: SegmentName(epoch: 0, number: 0), run)
        guard let names = try? await store.list(ArchivedRun.folderName(of: run)).map(\.name), names == ["journal"],
            let found = try? await store.read(first, limit: SegmentJournals.mostBytes)
        else { return }
        try? await store.deleteSettled(first, if: found.tag, clock)
    }

    // MARK: Writing

    /// Seals what was written before, so that nobody can go on with it, and begins a new epoch. Of two who do so at the
    /// same moment, one finds its first segment taken and stops.
    func open(_ run: RunID, _ clock: RunClock) async throws -> any JournalLog {
        let writer = SegmentJournals.newWriter()
        let epoch = try await sealLastEpoch(of: run, by: writer, clock) + 1
        return SegmentLog(
            store, in: folder(of: run), of: run, from: SegmentName(epoch: epoch, number: 0), writer: writer, clock)
    }

    func seal(_ run: RunID, _ clock: RunClock) async throws {
        // A journal that was lost stays lost.
        guard try await !segments(of: run).isEmpty else { return }
        _ = try await sealLastEpoch(of: run, by: SegmentJournals.newWriter(), clock)
    }

    /// Ends the last epoch, unless it has ended already, and returns it.
    private func sealLastEpoch(of run: RunID, by writer: String, _ clock: RunClock) async throws -> Int {
        let last = try await segments(of: run).last?.name ?? SegmentName(epoch: 0, number: -1)
        if last.number >= 0, try await isSeal(last, of: run) { return last.epoch }
        var seal = last.next
        while true {
            let bytes = SegmentHead(seal, writer: writer, isSeal: true).bytes
            switch try await store.createSettled(name(of: seal, run), bytes, clock) {
            case .created: return seal.epoch
            case .exists(let found):
                // The process that was thought dead has written once more; or it was sealed by another one.
                guard let segment = try? JournalSegment(found.bytes, named: seal) else {
                    throw RolloutError.journalTaken(run)
                }
                if segment.head.isSeal { return seal.epoch }
                seal = seal.next
            }
        }
    }

    /// Whether a segment is a seal; a damaged one is none. A failed read says nothing, so it is thrown.
    private func isSeal(_ name: SegmentName, of run: RunID) async throws -> Bool {
        switch try await segment(name, of: run) {
        case .success(let segment): segment.head.isSeal
        case .failure: false
        }
    }

    // MARK: Reading

    private func segments(of run: RunID) async throws -> [(name: SegmentName, size: Int)] {
        try await store.list(folder(of: run)).compactMap { entry in
            SegmentName(entry.name).map { ($0, entry.size ?? 0) }
        }.sorted { $0.name < $1.name }
    }

    private func segment(
        _ name: SegmentName, of run: RunID
    ) async throws -> Result<JournalSegment, JSONMembers.Mismatch> {
        guard let found = try await store.read(self.name(of: name, run), limit: SegmentJournals.mostBytes) else {
            return .failure(JSONMembers.Mismatch(reason: "segment \(name.text) is missing"))
        }
        do throws(JSONMembers.Mismatch) {
            return .success(try JournalSegment(found.bytes, named: name))
        } catch {
            return .failure(error)
        }
    }

    func read(_ run: RunID) async throws -> JournalRecord {
        let names = try await segments(of: run).map(\.name)
        let segments = try await names.concurrentMap { try await segment($0, of: run) }
        var reading = JournalRecord.Reading(of: run)
        var expected = SegmentName(epoch: 0, number: 0)
        for (name, segment) in zip(names, segments) {
            if name != expected { reading.damage("segment \(expected.text) is missing") }
            switch segment {
            case .failure(let error):
                reading.damage(error.reason)
                expected = name.next
            case .success(let segment):
                for line in segment.lines { reading.add(line) }
                expected = segment.head.isSeal ? SegmentName(epoch: name.epoch + 1, number: 0) : name.next
            }
        }
        return reading.record
    }

    func outermostEvents(of run: RunID) async throws -> (started: JournalEntry?, last: JournalEntry?) {
        let names = try await segments(of: run).map(\.name)
        guard let first = names.first else { return (nil, nil) }
        var lines: [ArraySlice<UInt8>] = []
        // The first segment has the first line alone, and the next one may be a seal.
        for name in names.prefix(4) where lines.count < 2 { lines += try await known(name, of: run) }
        do {
            guard first == SegmentName(epoch: 0, number: 0), let line = lines.first else {
                throw JSONMembers.Mismatch(reason: "the journal's beginning is missing")
            }
            try JournalEntry(decoding: line).requireBeginning(of: run)
        } catch let error as JSONMembers.Mismatch {
            throw RolloutError.damagedJournal(path: location(of: run), line: 1, reason: error.reason)
        }
        var last: ArraySlice<UInt8>?
        for name in names.suffix(4).reversed() where last == nil { last = try await known(name, of: run).last }
        return (
            lines.count > 1 ? try? JournalEntry(decoding: lines[1]) : nil,
            last.flatMap { try? JournalEntry(decoding: $0) }
        )
    }

    private func known(_ name: SegmentName, of run: RunID) async throws -> [ArraySlice<UInt8>] {
        switch try await segment(name, of: run) {
        case .success(let segment): return segment.lines
        case .failure(let error):
            throw RolloutError.damagedJournal(path: location(of: run), line: 1, reason: error.reason)
        }
    }

    /// Without the seals, which tell nothing of the run.
    func size(of run: RunID) async throws -> Int {
        let segments = try await segments(of: run)
        guard let last = segments.last else { return 0 }
        // What another epoch follows is a seal.
        let lines = zip(segments, segments.dropFirst()).filter { $0.name.epoch == $1.name.epoch }.map(\.0.size)
        return try await lines.reduce(0, +) + (isSeal(last.name, of: run) ? 0 : last.size)
    }
}

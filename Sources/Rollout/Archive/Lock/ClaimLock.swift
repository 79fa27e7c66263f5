import AWSValues
import OrderedJSON
import SharePlan
import Synchronization

/// Who works on an archive that several people share, for messages.
package struct Claimant: Hashable, Sendable {
    /// The person or job.
    package let who: String
    /// The machine.
    package let host: String

    package init(who: String, host: String) {
        self.who = who
        self.host = host
    }
}

/// The content of `lock.json`: the run that has the archive. It does not expire.
package struct RunClaim: Hashable, Sendable {
    package let run: RunID
    package let claimant: Claimant
    /// RFC 3339. For people: clocks of two machines are never compared.
    package let since: String
    /// Drawn for each claim, so no two have the same content.
    let token: String

    init(run: RunID, claimant: Claimant, since: String) {
        self.run = run
        self.claimant = claimant
        self.since = since
        token = String(UInt64.random(in: 0 ... .max), radix: 36)
    }

    /// nil for anything else.
    init?(_ bytes: [UInt8]) {
        guard let value = try? JSONValue(parsing: bytes[...]), var members = try? JSONMembers(value),
            let run = try? members.parsed("run", { RunID($0) }), let who = try? members.string("who"),
            let host = try? members.string("host"), let since = try? members.string("since"),
            let token = try? members.string("token")
        else { return nil }
        self.run = run
        claimant = Claimant(who: who, host: host)
        self.since = since
        self.token = token
    }

    var bytes: [UInt8] {
        let value = JSONValue(members: [
            ("run", .string(run.text)), ("who", .string(claimant.who)), ("host", .string(claimant.host)),
            ("since", .string(since)), ("token", .string(token)),
        ])
        return Array((value.minified + "\n").utf8)
    }
}

extension RunClaim: CustomStringConvertible {
    /// The run, who started or last went on with it, where and since when.
    package var description: String { "run \(run), of \(claimant.who) on \(claimant.host) since \(since)" }
}

/// The lock of an object store: the object `lock.json`, which names the run that has the archive.
///
/// It has no expiry, so a run that lost its machine keeps the archive until it is resumed, undone, or given up by a
/// person. Its resume and its rollback share the claim: each makes it its own, and only the last one gives it back.
struct ClaimLock: RunLock {
    let store: any ArchiveStore
    let claimant: Claimant
    let warn: @Sendable (String) -> Void
    private let tested = Flag()

    init(store: any ArchiveStore, claimant: Claimant, warn: @escaping @Sendable (String) -> Void) {
        self.store = store
        self.claimant = claimant
        self.warn = warn
    }

    private static let name = "lock.json"
    private static let mostBytes = 1 << 16

    func withLock<Result>(
        _ purpose: LockPurpose, _ clock: RunClock, _ body: (RunID) async throws -> Result
    ) async throws -> Result {
        try await test(clock)
        var (run, tag) = try await claim(for: purpose, clock)
        let result: Result
        do {
            // A run may have come and gone between the choice of the id and the claim.
            if case .start(let newest, _) = purpose, let last = try await newest(), run <= last {
                run = try await purpose.runID(clock)
                tag = try await takeOver(tag, for: run, clock)
            }
            result = try await body(run)
        } catch {
            // What may have written keeps the archive, and so does what was cut off: a person looks first.
            if !error.leavesRun { await giveBack(tag, run, clock) }
            throw error
        }
        await giveBack(tag, run, clock)
        return result
    }

    func test(_ clock: RunClock) async throws {
        guard !tested.isRaised else { return }
        try await store.selfTest(clock)
        tested.raise()
    }

    func release(_ reference: String, _ clock: RunClock) async throws -> RunClaim {
        guard let found = try await store.read(ClaimLock.name, limit: ClaimLock.mostBytes) else {
            throw RolloutError.notClaimed(archive: store.location)
        }
        guard let claim = RunClaim(found.bytes) else { throw unreadable }
        guard !reference.isEmpty, claim.run.text.hasPrefix(reference) else {
            throw RolloutError.claimedByAnother(archive: store.location, asked: reference, by: claim)
        }
        // Only what the person was told of is deleted: a claim that was taken over meanwhile has another tag.
        try await store.deleteSettled(ClaimLock.name, if: found.tag, clock)
        guard let left = try await store.read(ClaimLock.name, limit: ClaimLock.mostBytes),
            let other = RunClaim(left.bytes)
        else { return claim }
        throw RolloutError.archiveClaimed(archive: store.location, by: other)
    }

    func holder() async throws -> LockHolder? {
        guard let found = try await store.read(ClaimLock.name, limit: ClaimLock.mostBytes) else { return nil }
        guard let claim = RunClaim(found.bytes) else { throw unreadable }
        return LockHolder(run: claim.run, process: nil)
    }

    /// Makes the archive the run's. Returns the run, and the tag of its claim.
    private func claim(for purpose: LockPurpose, _ clock: RunClock) async throws -> (RunID, ObjectTag) {
        let run = try await purpose.runID(clock)
        switch try await store.createSettled(ClaimLock.name, content(run, clock), clock) {
        case .created(let tag): return (run, tag)
        case .exists(let found):
            guard let claim = RunClaim(found.bytes) else { throw unreadable }
            guard claim.run == run || claim.run == purpose.undone else {
                throw RolloutError.archiveClaimed(archive: store.location, by: claim)
            }
            return (run, try await takeOver(found.tag, for: run, clock))
        }
    }

    /// Replaces a claim.
    private func takeOver(_ tag: ObjectTag, for run: RunID, _ clock: RunClock) async throws -> ObjectTag {
        switch try await store.replaceSettled(ClaimLock.name, content(run, clock), if: tag, clock) {
        case .replaced(let tag): return tag
        case .changed(let found):
            guard let claim = RunClaim(found.bytes) else { throw unreadable }
            throw RolloutError.archiveClaimed(archive: store.location, by: claim)
        case .missing: throw RolloutError.archiveInUse(archive: store.location, run: nil, process: nil)
        }
    }

    private func giveBack(_ tag: ObjectTag, _ run: RunID, _ clock: RunClock) async {
        do { try await store.deleteSettled(ClaimLock.name, if: tag, clock) } catch {
            warn("run \(run) has ended and may still hold the archive \(store.location): \(error)")
        }
    }

    private func content(_ run: RunID, _ clock: RunClock) -> [UInt8] {
        RunClaim(run: run, claimant: claimant, since: clock.now().rfc3339).bytes
    }

    private var unreadable: RolloutError {
        .archiveUnavailable(
            archive: store.location, reason: "\(store.location(of: ClaimLock.name)) does not say which run has it")
    }
}

/// Something that happens once.
private final class Flag: Sendable {
    private let value = Atomic(false)

    var isRaised: Bool { value.load(ordering: .acquiring) }

    func raise() { value.store(true, ordering: .releasing) }
}

extension Error {
    /// Whether a run that ended with this may have something left to do, or to undo.
    fileprivate var leavesRun: Bool {
        if case RolloutError.brokenOff? = self as? RolloutError { return true }
        return self is CancellationError
    }
}

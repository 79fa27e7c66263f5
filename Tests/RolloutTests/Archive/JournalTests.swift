import Dispatch
import Foundation
@testable import Rollout
import SharePlan
import TestSupport
import Testing

@Suite struct JournalTests {
    private let a = World.repository("a0")
    private let clock = FakeClock().clock

    private func text(_ path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8)
    }

    @Test func `Every event comes back as it was`() throws {
        var counts = RunCounts()
        counts[.written] = 1
        counts[.notStarted] = 2
        let events: [JournalEvent] = [
            .started(caller: "arn:aws:sts::111122223333:assumed-role/a/b"), .started(caller: nil), .writing(a),
            .applied(a), .verified(a), .skipped(a), .conflict(a, live: "{\n}", written: .no),
            .conflict(a, live: nil, written: .yes),
            .failed(a, code: "c", message: "\"m\"", requestID: "r", written: .unknown),
            .failed(a, code: "c", message: "m", requestID: nil, written: .no), .finished(.canaryFailed, counts),
        ]
        for event in events {
            var bytes: [UInt8] = []
            let entry = JournalEntry(time: "2026-11-24T21:03:59.250Z", event: event)
            entry.append(to: &bytes)
            #expect(bytes.popLast() == UInt8(ascii: "\n"))
            #expect(try JournalEntry(decoding: bytes[...]) == entry)
        }
    }

    @Test func `A recorded event is on disk with all that were noted before it`() async throws {
        try await World.withFolder { folder in
            let path = folder.path(of: "journal.jsonl")
            let journal = try Journal(path, clock: clock)
            journal.note(.applied(a))
            try await journal.record(.writing(World.repository("b0")))
            #expect(
                try text(path)
                    == #"{"event":"applied","time":"2026-11-24T21:03:59.250Z","repository":{"account":"111122223333","#
                    + #""region":"us-east-1","name":"a0"}}"# + "\n"
                    + #"{"event":"writing","time":"2026-11-24T21:03:59.250Z","repository":{"account":"111122223333","#
                    + #""region":"us-east-1","name":"b0"}}"# + "\n")
            #expect(try permissions(path) == 0o600)
        }
    }

    @Test func `Announcements that come together share a sync`() async throws {
        try await World.withFolder { folder in
            let path = folder.path(of: "journal.jsonl")
            let disk = DispatchQueue(label: "disk")
            let journal = Journal(try OpenFile(path, for: .writing), end: 0, clock: clock, queue: WorkQueue(disk))
            for round in 1...3 {
                // A disk that does nothing for a while, once it has done with the round before.
                disk.sync {}
                disk.suspend()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for repository in World.repositories(64) {
                        group.addTask { try await journal.record(.writing(repository)) }
                    }
                    while journal.waiting < 64 { await Task.yield() }
                    disk.resume()
                    try await group.waitForAll()
                }
                #expect(journal.syncs == round)
                #expect(try text(path).split(separator: "\n").count == 64 * round)
            }
        }
    }

    @Test func `A full disk refuses the announcement, and everything after it`() async throws {
        let journal = Journal(try OpenFile("/dev/full", for: .writing), end: 0, clock: clock)
        for _ in 0..<2 {
            await #expect {
                try await journal.record(.writing(a))
            } throws: { error in
                "\(error)".hasPrefix("cannot write /dev/full: No space left on device; free some space")
            }
        }
    }

    @Test(arguments: ["", "{", #"{"event":"wri"#, #"{"event":"applied","time":""}"#, "\u{0}\u{0}\u{0}"])
    func `A torn last line is skipped, and cut off before the journal continues`(torn: String) async throws {
        try await World.withFolder { folder in
            let path = folder.path(of: "journal.jsonl")
            try await Journal(path, clock: clock).record(.writing(a))
            let whole = try text(path)
            try (whole + torn).write(toFile: path, atomically: false, encoding: .utf8)
            let state = try RunState(reading: path)
            #expect(state.mayHaveWritten(a) && state.repositories.count == 1)
            try await Journal(path, clock: clock).record(.applied(a))
            #expect(try text(path).hasPrefix(whole + #"{"event":"applied""#))
            #expect(try RunState(reading: path).repositories[a]?.written == .yes)
        }
    }

    @Test func `Damage in the middle is an error with its line`() async throws {
        try await World.withFolder { folder in
            let path = folder.path(of: "journal.jsonl")
            try await Journal(path, clock: clock).record(.writing(a))
            let whole = try text(path)
            try (whole + "nonsense\n" + whole).write(toFile: path, atomically: false, encoding: .utf8)
            #expect { try RunState(reading: path) } throws: { error in
                guard case .damagedJournal(path, line: 2, _)? = error as? RolloutError else { return false }
                return true
            }
        }
    }
}

@Suite struct RunStateTests {
    private static let a = World.repository("a0")
    private static let writing = JournalEvent.writing(a)
    private static func failed(_ written: Written) -> JournalEvent {
        .failed(a, code: "c", message: "m", requestID: nil, written: written)
    }

    @Test(
        arguments: [
            ([], Written?.none, false),
            ([writing], .unknown, true),
            ([writing, .applied(a)], .yes, true),
            ([writing, .applied(a), .verified(a)], .yes, true),
            ([writing, failed(.no)], .no, true),
            ([writing, failed(.unknown)], .unknown, true),
            ([writing, .applied(a), failed(.yes)], .yes, true),
            ([.skipped(a)], .no, false),
            ([.conflict(a, live: nil, written: .no)], .no, false),
            // The first attempt died after its announcement; the second finds the policy edited.
            ([writing, .started(caller: nil), .conflict(a, live: nil, written: .no)], .unknown, true),
            ([writing, .started(caller: nil), writing, failed(.no)], .unknown, true),
            ([writing, failed(.no), .started(caller: nil), writing, failed(.no)], .no, true),
            ([writing, .applied(a), .started(caller: nil), .skipped(a)], .yes, true),
            ([writing, .started(caller: nil), .skipped(a)], .unknown, true),
        ] as [([JournalEvent], Written?, Bool)])
    func `A journal tells what was written`(events: [JournalEvent], written: Written?, wasAnnounced: Bool) {
        var state = RunState()
        state.add(JournalEntry(time: "t0", event: .started(caller: "me")))
        for event in events { state.add(JournalEntry(time: "t1", event: event)) }
        #expect(state.repositories[Self.a]?.written == written)
        #expect((state.repositories[Self.a]?.wasAnnounced ?? false) == wasAnnounced)
        #expect(state.mayHaveWritten(Self.a) == ((written ?? .no) != .no))
        #expect(state.startedAt == "t0" && state.ending == nil)
    }
}

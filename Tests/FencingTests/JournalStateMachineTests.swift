import Fencing
import Testing

@Suite struct JournalStateMachineTests {
    private let me = WorkerID("me")
    private let tag = ObjectTag("s")

    private func name(_ epoch: Int, _ number: Int) -> SegmentName { SegmentName(epoch: epoch, number: number) }

    private func found(_ entries: ModelEntry..., by worker: String) -> ReadAnswer<ModelSegment> {
        .found(.entries(entries, by: WorkerID(worker)), tag)
    }

    @Test func everyEarlierEpochIsSealedInOrder() {
        var journal = ModelJournal(me, epoch: 2)
        #expect(journal.start == .read(name(0, 0)))
        #expect(journal.didRead(found(.begins(1), .begins(2), by: "x")) == .read(name(0, 1)))
        #expect(journal.didRead(found(.ended(1), by: "x")) == .read(name(0, 2)))
        #expect(journal.didRead(.found(.seal(by: 1), tag)) == .read(name(1, 0)))
        #expect(journal.didRead(.missing) == .create(name(1, 0), .seal(by: 2)))
        #expect(journal.didCreate(.alreadyThere) == .read(name(1, 0)))
        #expect(journal.didRead(found(.begins(3), by: "y")) == .read(name(1, 1)))
        #expect(journal.didRead(.missing) == .create(name(1, 1), .seal(by: 2)))
        #expect(journal.didCreate(.done(tag)) == .ready)
        #expect(journal.inDoubt == [2, 3])
    }

    @Test func anAnnouncementCountsOnceItIsStored() {
        var journal = ModelJournal(me, epoch: 0)
        #expect(journal.start == .ready)
        #expect(journal.append([.begins(1)]) == .create(name(0, 0), .entries([.begins(1)], by: me)))
        #expect(!journal.hasAnnounced(1))
        #expect(journal.didCreate(.done(tag)) == .ready)
        #expect(journal.hasAnnounced(1))
        #expect(journal.append([.ended(1)]) == .create(name(0, 1), .entries([.ended(1)], by: me)))
        #expect(!journal.hasAnnounced(1))
    }

    @Test(arguments: [WriteAnswer.alreadyThere, .again, .lost])
    func aSegmentInDoubtIsRead(answer: WriteAnswer) {
        var journal = ModelJournal(me, epoch: 0)
        _ = journal.append([.begins(1)])
        #expect(journal.didCreate(answer) == .read(name(0, 0)))
        var other = journal
        #expect(journal.didRead(found(.begins(1), by: "me")) == .ready)
        #expect(journal.hasAnnounced(1))
        #expect(other.didRead(.missing) == .create(name(0, 0), .entries([.begins(1)], by: me)))
        #expect(other.didRead(.found(.seal(by: 1), tag)) == .end)
        #expect(!other.hasAnnounced(1))
    }
}

/// Where a segment of a shard's journal stands: `journal/EEEE-SSSSSS.jsonl`.
package struct SegmentName: Hashable, Comparable, Sendable {
    /// The epoch of the lease under which it was written.
    package let epoch: Int
    /// From 0, without gaps.
    package let number: Int

    /// The name of one segment.
    package init(epoch: Int, number: Int) {
        self.epoch = epoch
        self.number = number
    }

    /// The order in which segments are read.
    package static func < (a: SegmentName, b: SegmentName) -> Bool {
        (a.epoch, a.number) < (b.epoch, b.number)
    }

    /// The segment after this one, in its epoch.
    var next: SegmentName { SegmentName(epoch: epoch, number: number + 1) }
}

/// An object of a shard's journal. It is created if absent, and from then on never changes.
package enum Segment<Entry: SegmentEntry>: Hashable, Sendable {
    /// What the epoch's worker recorded, in order.
    case entries([Entry], by: WorkerID)
    /// The epoch is over: nothing can follow in it. With the epoch of the worker that ended it.
    case seal(by: Int)
}

/// A line of a journal, as far as the seal is concerned.
package protocol SegmentEntry<Repository>: Hashable, Sendable {
    /// What is written to.
    associatedtype Repository: Hashable & Sendable

    /// What it says of a write to ECR; nil when it is about none.
    var write: AnnouncedWrite<Repository>? { get }
}

/// What a journal says of a write to ECR.
package enum AnnouncedWrite<Repository: Hashable & Sendable>: Hashable, Sendable {
    /// It may be sent once the segment is stored.
    case begins(Repository)
    /// It is not on the wire any more.
    case ended(Repository)
}

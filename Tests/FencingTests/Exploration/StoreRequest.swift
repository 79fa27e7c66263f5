import Fencing

/// A request to the store.
enum StoreRequest: Hashable {
    case readLease
    case createLease(Lease)
    case replaceLease(Lease, if: ObjectTag)
    case readSegment(SegmentName)
    case createSegment(SegmentName, ModelSegment)

    var isRead: Bool {
        switch self {
        case .readLease, .readSegment: true
        case .createLease, .replaceLease, .createSegment: false
        }
    }

    /// The answer when none comes.
    var whenLost: StoreAnswer {
        switch self {
        case .readLease: .lease(.lost)
        case .readSegment: .segment(.lost)
        case .createLease, .replaceLease, .createSegment: .write(.lost)
        }
    }
}

/// What the store answers.
enum StoreAnswer: Hashable {
    case lease(ReadAnswer<Lease>)
    case segment(ReadAnswer<ModelSegment>)
    case write(WriteAnswer)
}

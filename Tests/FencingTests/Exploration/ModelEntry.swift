import Fencing

/// A line of the model's journal; repositories are numbered.
enum ModelEntry: SegmentEntry {
    case begins(UInt8)
    case ended(UInt8)

    var write: AnnouncedWrite<UInt8>? {
        switch self {
        case .begins(let repository): .begins(repository)
        case .ended(let repository): .ended(repository)
        }
    }
}

typealias ModelSegment = Segment<ModelEntry>
typealias ModelJournal = JournalStateMachine<ModelEntry>

/// A set of small numbers.
struct Numbers: Hashable, ExpressibleByArrayLiteral {
    private var bits: UInt8 = 0

    init(arrayLiteral numbers: UInt8...) {
        for number in numbers { insert(number) }
    }

    var isEmpty: Bool { bits == 0 }

    func contains(_ number: UInt8) -> Bool { bits & 1 << number != 0 }
    mutating func insert(_ number: UInt8) { bits |= 1 << number }
    mutating func remove(_ number: UInt8) { bits &= ~(1 << number) }
}

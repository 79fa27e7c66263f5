import AWSValues

/// The distinct values of a matrix, each under a number, so that rows are small and compared as numbers.
struct Vocabulary: Sendable {
    var accounts = NumberTable<AccountID>()
    /// Sorted lists of regions of one partition. Number 0 is the empty list.
    var regionSets = NumberTable<[Region]>()
    var patterns = NumberTable<RepositoryPattern>()
    var consumers = NumberTable<MatrixConsumer>()
    /// Number 0 is nil.
    var expiries = NumberTable<CalendarDate?>()
    /// Number 0 is the empty text. Equal texts may have several numbers.
    var reasons = TextStore()
    /// Account, region set.
    var places = PairTable()
    /// Place, pattern.
    var entries = PairTable()
    /// Where each entry appears first: its repository cell.
    var origins: [(line: UInt32, column: UInt32)] = []
    /// Access words, region set of the Lambda functions.
    var scopes = PairTable()
    /// Scope, expiry.
    var terms = PairTable()
    /// Terms, column (from 1).
    var marks = PairTable()
    /// Mark, reason.
    var remarks = PairTable()

    init() {
        _ = regionSets.number(of: [])
        _ = expiries.number(of: nil)
        _ = reasons.add("")
    }

    /// The number of what many rows of a long matrix have in common.
    @inline(__always)
    mutating func remark(
        words: UInt32, consumerRegions: UInt32, expiry: UInt32, reason: UInt32, column: UInt32
    ) -> UInt32 {
        let terms = terms.number(of: scopes.number(of: words, consumerRegions), expiry)
        return remarks.number(of: marks.number(of: terms, column), reason)
    }
}

/// Texts one after the other in one buffer: for millions of short ones that are read seldom.
struct TextStore: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [UInt32] = []

    var count: Int { ends.count }

    mutating func add(_ text: String) -> UInt32 {
        bytes.append(contentsOf: text.utf8)
        ends.append(UInt32(bytes.count))
        return UInt32(ends.count - 1)
    }

    subscript(number: UInt32) -> String {
        String(decoding: bytes[range(of: number)], as: UTF8.self)
    }

    func isEqual(_ left: UInt32, _ right: UInt32) -> Bool {
        left == right || bytes[range(of: left)].elementsEqual(bytes[range(of: right)])
    }

    /// Takes over the texts of another store, all under numbers that are higher by the result.
    mutating func append(_ other: TextStore) -> UInt32 {
        let numbers = UInt32(ends.count)
        let offset = UInt32(bytes.count)
        bytes += other.bytes
        ends += other.ends.lazy.map { $0 + offset }
        return numbers
    }

    private func range(of number: UInt32) -> Range<Int> {
        Int(number == 0 ? 0 : ends[Int(number) - 1])..<Int(ends[Int(number)])
    }
}

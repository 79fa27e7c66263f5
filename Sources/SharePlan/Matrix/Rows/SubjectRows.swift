/// Which records of a matrix mention each subject of its index, in the order of the file.
///
/// In most files the rows of a repository are adjacent; then two numbers a subject say it all. Else each row has a
/// number here.
struct SubjectRows: Sendable {
    /// The numbers of one subject's records, ascending.
    struct Numbers: RandomAccessCollection {
        /// nil when the positions are the numbers.
        fileprivate let numbers: [UInt32]?
        fileprivate let positions: Range<Int>

        var startIndex: Int { positions.lowerBound }
        var endIndex: Int { positions.upperBound }

        subscript(position: Int) -> UInt32 { numbers?[position] ?? UInt32(position) }
    }

    private let numbers: [UInt32]?
    /// By subject: its positions in ``numbers``, or the numbers themselves.
    private let starts: [Int]
    private let ends: [Int]

    /// `rows` has the entry of each record. `subjects` are the subjects of all entries one after the other; those of an
    /// entry are from `starts` at its number to the next one.
    init(_ rows: some Sequence<UInt32>, _ subjects: [UInt32], starts entries: [Int], count: Int) {
        var counts = [Int](repeating: 0, count: count + 1)
        var firsts = [Int](repeating: 0, count: count)
        var last: UInt32?
        var standTogether = true
        for (number, entry) in rows.enumerated() {
            let places = entries[Int(entry)]..<entries[Int(entry) + 1]
            if places.count != 1 { standTogether = false }
            for place in places {
                let subject = subjects[place]
                if subject != last {
                    if counts[Int(subject) + 1] > 0 { standTogether = false }
                    firsts[Int(subject)] = number
                    last = subject
                }
                counts[Int(subject) + 1] += 1
            }
        }
        if standTogether {
            numbers = nil
            ends = firsts.indices.map { firsts[$0] + counts[$0 + 1] }
            starts = firsts
            return
        }
        // A counting sort: the rows of a subject stay in the order of the file, at a cost that grows with their number.
        for index in counts.indices.dropFirst() { counts[index] += counts[index - 1] }
        starts = Array(counts.dropLast())
        ends = Array(counts.dropFirst())
        var numbers = [UInt32](repeating: 0, count: counts[count])
        for (number, entry) in rows.enumerated() {
            for place in entries[Int(entry)]..<entries[Int(entry) + 1] {
                let subject = Int(subjects[place])
                numbers[counts[subject]] = UInt32(number)
                counts[subject] += 1
            }
        }
        self.numbers = numbers
    }

    subscript(subject: Int) -> Numbers {
        Numbers(numbers: numbers, positions: starts[subject]..<ends[subject])
    }
}

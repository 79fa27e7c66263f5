import SharePlan

extension RunState {
    /// Reads a journal. A last line without its newline is what a crash left of it, and is passed over.
    ///
    /// - Throws: ``RolloutError/damagedJournal(path:line:reason:)`` for any other line that cannot be read.
    package init(reading path: String) throws {
        self.init()
        var lines = LineReader(try OpenFile(path, for: .reading))
        var number = 0
        while let line = try lines.next(), line.isTerminated {
            number += 1
            do { add(try JournalEntry(decoding: line.bytes)) } catch {
                throw RolloutError.damagedJournal(path: path, line: number, reason: error.reason)
            }
        }
    }
}

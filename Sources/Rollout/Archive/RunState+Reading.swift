import SharePlan

/// What is left of a run's journal.
package struct JournalRecord: Hashable, Sendable {
    package enum Condition: Hashable, Sendable {
        /// Every line can be read. A last line without its newline is what a crash left of it, and is passed over.
        case whole
        /// There is no line: the run was killed before it started, or the journal was cut.
        case empty
        /// There is no file, though a run has one before it has its plan: the journal was lost.
        case missing
        /// A line that is not the last cannot be read; the first such line, counted from 1, and what is wrong with it.
        case damaged(line: Int, reason: String)
    }

    /// What the lines that can be read tell.
    package let state: RunState
    package let condition: Condition
}

extension ArchivedRun {
    /// Reads the journal as far as it can be read.
    package func journal() throws -> JournalRecord {
        guard let file = try open(ArchivedRun.journalName) else {
            return JournalRecord(state: RunState(), condition: .missing)
        }
        return try JournalRecord(reading: file)
    }
}

extension JournalRecord {
    fileprivate init(reading file: OpenFile) throws(FileError) {
        var state = RunState()
        var condition = Condition.empty
        var lines = LineReader(file)
        var number = 0
        while let line = try lines.next(), line.isTerminated {
            number += 1
            do throws(JSONMembers.Mismatch) {
                state.add(try JournalEntry(decoding: line.bytes))
                if condition == .empty { condition = .whole }
            } catch {
                if case .damaged = condition { continue }
                condition = .damaged(line: number, reason: error.reason)
            }
        }
        self.init(state: state, condition: condition)
    }
}

extension RunState {
    /// Reads a journal.
    ///
    /// - Throws: ``RolloutError/damagedJournal(path:line:reason:)`` when a line that is not the last cannot be read.
    package init(reading path: String) throws {
        let record = try JournalRecord(reading: OpenFile(path, for: .reading))
        if case .damaged(let line, let reason) = record.condition {
            throw RolloutError.damagedJournal(path: path, line: line, reason: reason)
        }
        self = record.state
    }
}

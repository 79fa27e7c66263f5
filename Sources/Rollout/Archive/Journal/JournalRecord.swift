import SharePlan

/// What is left of a run's journal.
package struct JournalRecord: Hashable, Sendable {
    /// How much of the journal can be read.
    package enum Condition: Hashable, Sendable {
        /// Every line can be read. A last line without its newline is what a crash left of it, and is skipped.
        case whole
        /// There is no line, or no file, though a run has both before it has its plan: the journal was lost.
        case missing
        /// A line that is not the last cannot be read; the first such line, counted from 1, and what is wrong with it.
        case damaged(line: Int, reason: String)
    }

    /// What the readable lines record.
    package let state: RunState
    package let condition: Condition
}

extension JournalRecord {
    /// With a `run`, the first line must be that run's.
    init(reading file: OpenFile, of run: RunID? = nil) throws(FileError) {
        var reading = Reading(of: run)
        var lines = LineReader(file)
        while let line = try lines.next(), line.isTerminated { reading.add(line.bytes) }
        self = reading.record
    }

    /// A journal that is being read, line by line.
    struct Reading {
        private let run: RunID?
        private var state = RunState()
        private var condition = Condition.missing
        private var number = 0

        /// With a `run`, the first line must be that run's.
        init(of run: RunID?) {
            self.run = run
        }

        var record: JournalRecord { JournalRecord(state: state, condition: condition) }

        /// Takes the next line, without its newline.
        mutating func add(_ line: ArraySlice<UInt8>) {
            number += 1
            do throws(JSONMembers.Mismatch) {
                let entry = try JournalEntry(decoding: line)
                state.add(entry)
                if condition == .missing { condition = .whole }
                if number == 1, let run { try entry.requireBeginning(of: run) }
            } catch {
                damage(error.reason)
            }
        }

        /// Says that what comes next, or should have come, cannot be read. Only the first such place is kept.
        mutating func damage(_ reason: String) {
            if case .damaged = condition { return }
            condition = .damaged(line: max(number, 1), reason: reason)
        }
    }
}

extension JournalEntry {
    /// - Throws: `Mismatch` unless the entry is the first of this run's journal.
    func requireBeginning(of run: RunID) throws(JSONMembers.Mismatch) {
        guard case .created(let owner) = event else {
            throw JSONMembers.Mismatch(reason: "the journal's beginning is missing")
        }
        guard owner == run else { throw JSONMembers.Mismatch(reason: "it is the journal of run \(owner)") }
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

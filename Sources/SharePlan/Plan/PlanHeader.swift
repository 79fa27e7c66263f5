package import AWSValues

/// The first line of a plan: which run it is for and what it was made from.
package struct PlanHeader: Hashable, Sendable {
    /// What a plan is made to do.
    package enum Operation: String, Hashable, Sendable {
        case share, rollback
    }

    /// The matrix that a `share` plan was made from.
    package struct Source: Hashable, Sendable {
        /// As the user named it.
        package let path: String
        /// Of the file's bytes, 64 lower-case hexadecimal digits.
        package let sha256: String
        /// Rows that grant something, comments and blank lines not counted.
        package let rows: Int

        package init(path: String, sha256: String, rows: Int) {
            self.path = path
            self.sha256 = sha256
            self.rows = rows
        }
    }

    /// Something about a registry that whoever reads the plan should know, a sentence.
    package struct Note: Hashable, Sendable {
        package let registry: Registry
        package let message: String

        package init(_ registry: Registry, _ message: String) {
            self.registry = registry
            self.message = message
        }
    }

    /// A name for the plan; in an archive, the id of the run that executes it.
    package private(set) var id: String
    /// RFC 3339, UTC, whole seconds, such as `2026-11-24T21:03:59Z`.
    package let createdAt: String
    /// The day on which the plan was made, in UTC.
    package var day: CalendarDate? { CalendarDate(createdAt.prefix(10)) }
    package let operation: Operation
    package let mode: MergeMode
    /// The start of every managed Sid.
    package let sidPrefix: String
    /// nil for a rollback.
    package let matrix: Source?
    /// What was not seen while the plan was made. Sorted by registry; no digest covers them.
    package private(set) var notes: [Note]
    /// The run that a rollback undoes; nil otherwise.
    package let undoes: String?
    /// The bytes of the journals of that run and of those that were started after it, up to ``newestRun``, when the
    /// rollback was planned: a run that went on since has a longer one.
    package let journalSize: Int?
    /// The run that was started last when the rollback was planned: what later ones wrote is not undone.
    package let newestRun: String?

    package init(
        id: String, createdAt: String, operation: Operation, mode: MergeMode, sidPrefix: String, matrix: Source?,
        notes: [Note] = [], undoes: String? = nil, journalSize: Int? = nil,
        newestRun: String? = nil
    ) {
        self.id = id
        self.createdAt = createdAt
        self.operation = operation
        self.mode = mode
        self.sidPrefix = sidPrefix
        self.matrix = matrix
        self.notes = notes
        self.undoes = undoes
        self.journalSize = journalSize
        self.newestRun = newestRun
    }

    /// The same header under another id.
    package func with(id: String) -> PlanHeader {
        var header = self
        header.id = id
        return header
    }

    /// The same header with other notes.
    package func with(notes: [Note]) -> PlanHeader {
        var header = self
        header.notes = notes.sorted { $0.registry < $1.registry }
        return header
    }
}

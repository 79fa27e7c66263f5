/// What a plan amounts to: its last line, without the digest.
package struct PlanSummary: Hashable, Sendable {
    package private(set) var create = 0
    package private(set) var update = 0
    package private(set) var delete = 0
    package private(set) var unchanged = 0
    /// Of repositories and of registries.
    package private(set) var problems = 0
    private var registryProblems = 0
    /// Repositories that the matrix has lost. They are counted nowhere else, and not in the plan's last line.
    package private(set) var orphans = 0
    /// How often somebody gains access, for certain or perhaps.
    package private(set) var grantsAdded = 0
    /// As ``Change/revocations``.
    package private(set) var grantsRemoved = 0
    /// How many of ``grantsRemoved`` are only possible.
    package private(set) var grantsPerhapsRemoved = 0

    package init() {}

    /// The summary of `entries`.
    package init(_ entries: some Sequence<PlanEntry>) {
        for entry in entries { count(entry) }
    }

    /// How many repositories the plan mentions; a registry that is a problem is not among them.
    package var repositories: Int { changes + unchanged + problems - registryProblems }

    /// How many repositories would be written.
    package var changes: Int { create + update + delete }

    /// Counts one more entry.
    package mutating func count(_ entry: PlanEntry) {
        switch entry {
        case .unchanged: unchanged += 1
        case .orphan: orphans += 1
        case .problem(let problem):
            problems += 1
            if problem.subject.repository == nil { registryProblems += 1 }
        case .change(let change):
            switch change.action {
            case .create: create += 1
            case .update: update += 1
            case .delete: delete += 1
            }
            grantsAdded += change.access.gained.count
            grantsRemoved += change.revocations
            grantsPerhapsRemoved += change.access.lost.count { $0.afterwards == .depends }
        }
    }
}

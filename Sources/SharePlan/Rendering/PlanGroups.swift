/// A plan's entries gathered for people: repositories that change in the same way are one group, equal warnings and
/// problems are said once.
///
/// Holds names and grants, never documents.
package struct PlanGroups: Sendable {
    /// Repositories where the same consumers gain and lose the same access.
    package struct Group: Sendable {
        /// Counts the plan's groups from 0, in the order of their first repository.
        package let id: Int
        package let difference: AccessDifference
        package fileprivate(set) var repositories = RepositorySet()
        /// How many of the repositories get their first policy.
        package fileprivate(set) var created = 0
        /// How many of the repositories lose their policy altogether.
        package fileprivate(set) var deleted = 0
        /// The remark of each removed grant; nil where it differs between the repositories.
        fileprivate(set) var removedReasons: [String?]
        /// The remark of each added grant; nil where it differs between the repositories.
        fileprivate(set) var addedReasons: [String?]

        /// The group of one change.
        package init(_ change: Change) {
            self.init(id: 0, AccessDifference(change), change)
        }

        fileprivate init(id: Int, _ difference: AccessDifference, _ change: Change) {
            self.id = id
            self.difference = difference
            removedReasons = change.grants.removed.map(\.remark)
            addedReasons = change.grants.added.map(\.remark)
            add(change)
        }

        fileprivate mutating func add(_ change: Change) {
            repositories.append(change.repository)
            if change.action == .create { created += 1 }
            if change.action == .delete { deleted += 1 }
            Group.keepEqual(&removedReasons, change.grants.removed)
            Group.keepEqual(&addedReasons, change.grants.added)
        }

        private static func keepEqual(_ reasons: inout [String?], _ grants: [WantedGrant]) {
            for (index, grant) in grants.enumerated() where reasons[index] != grant.remark { reasons[index] = nil }
        }
    }

    /// A sentence and the repositories, or else the whole registries, that it is true of.
    package struct Note: Sendable {
        /// A problem's code; nil for a warning.
        package let code: String?
        package let message: String
        package fileprivate(set) var repositories = RepositorySet()
        /// Empty when the note is about repositories.
        package fileprivate(set) var registries: [Registry] = []

        /// Whole registries first, then what concerns the most repositories.
        fileprivate func isBefore(_ other: Note) -> Bool {
            (registries.count, repositories.count) > (other.registries.count, other.repositories.count)
        }
    }

    private struct NoteKey: Hashable {
        let code: String?
        let message: String
        let isOfRegistry: Bool
    }

    private var groups: [Group] = []
    private var groupPlaces: [AccessDifference: Int] = [:]
    private var recent: [Region: RecentChanges<Int>] = [:]
    private var notes: [Note] = []
    private var notePlaces: [NoteKey: Int] = [:]
    /// The largest document to be written; nil when nothing is.
    package private(set) var largest: (repository: RepositoryID, size: Int)?

    package init() {}

    /// Takes the next entry, in the plan's order. Returns the id of the group that a change belongs to.
    @discardableResult
    package mutating func add(_ entry: PlanEntry) -> Int? {
        var group: Int?
        switch entry {
        case .change(let change):
            group = addToGroup(change)
            for warning in change.warnings { addNote(code: nil, warning, .repository(change.repository)) }
            if change.size > largest?.size ?? 0 { largest = (change.repository, change.size) }
        case .unchanged(let unchanged):
            for warning in unchanged.warnings { addNote(code: nil, warning, .repository(unchanged.repository)) }
        case .problem(let problem):
            addNote(code: problem.code, problem.message, problem.subject)
        }
        return group
    }

    private mutating func addToGroup(_ change: Change) -> Int {
        // What is said of a grant may depend on the repository's region.
        let region = change.repository.region
        if let known = recent[region]?.value(of: change) {
            groups[known].add(change)
            return known
        }
        let group = group(of: change)
        recent[region, default: RecentChanges()].remember(group, of: change)
        return group
    }

    private mutating func group(of change: Change) -> Int {
        let difference = AccessDifference(change)
        if let place = groupPlaces[difference] {
            groups[place].add(change)
            return place
        }
        groupPlaces[difference] = groups.count
        groups.append(Group(id: groups.count, difference, change))
        return groups.count - 1
    }

    private mutating func addNote(code: String?, _ message: String, _ subject: PlanSubject) {
        let key = NoteKey(code: code, message: message, isOfRegistry: subject.repository == nil)
        let place = notePlaces[key] ?? notes.count
        if place == notes.count {
            notePlaces[key] = place
            notes.append(Note(code: code, message: message))
        }
        switch subject {
        case .repository(let repository): notes[place].repositories.append(repository)
        case .registry(let registry): notes[place].registries.append(registry)
        }
    }

    /// Groups in which somebody loses access, the one with the most repositories first.
    package var losing: [Group] { sorted(groups.filter(\.difference.takesAway)) }

    /// Groups in which access is only gained, the one with the most repositories first.
    package var gaining: [Group] {
        sorted(groups.filter { !$0.difference.takesAway && !$0.difference.added.isEmpty })
    }

    /// Repositories whose statements change while nobody's access does, if any.
    package var rewritten: Group? { groups.first { $0.difference.isEmpty } }

    /// What could not be planned: whole registries, then the message with the most repositories first.
    package var problems: [Note] { sorted(notes.filter { $0.code != nil }) }

    /// What a reviewer should know, the message with the most repositories first.
    package var warnings: [Note] { sorted(notes.filter { $0.code == nil }) }

    private func sorted(_ groups: [Group]) -> [Group] {
        groups.enumerated().sorted { left, right in
            (right.element.repositories.count, left.offset) < (left.element.repositories.count, right.offset)
        }.map(\.element)
    }

    private func sorted(_ notes: [Note]) -> [Note] {
        notes.sorted { $0.isBefore($1) }
    }
}

package import AWSValues

/// A plan's entries gathered for people: repositories that change in the same way are one group, equal warnings and
/// problems with one cause are reported once.
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
        /// The remark on each item of the difference, as far as it is the same for all repositories.
        private(set) var remarks: AccessRemarks

        /// The group of one change.
        package init(_ change: Change) {
            self.init(id: 0, AccessDifference(change), change)
        }

        fileprivate init(id: Int, _ difference: AccessDifference, _ change: Change) {
            self.id = id
            self.difference = difference
            remarks = AccessRemarks(change)
            add(change, isKnown: true)
        }

        /// `isKnown`: whether an equal change of another repository is in the group.
        fileprivate mutating func add(_ change: Change, isKnown: Bool = false) {
            repositories.append(change.repository)
            if change.action == .create { created += 1 }
            if change.action == .delete { deleted += 1 }
            if isKnown { return }
            remarks = remarks.common(with: AccessRemarks(change))
        }
    }

    private var groups: [Group] = []
    private var groupPlaces: [Key: Int] = [:]

    /// What distinguishes the changes of one group from those of another.
    private struct Key: Hashable {
        let difference: AccessDifference
        /// Which losses have an end: what has expired is not told together with what was deleted.
        let ended: [Bool]
        /// Deletions are groups of their own, so that a reader sees which policies are deleted.
        let deletes: Bool
    }

    /// What is reported about a grant may depend on the repository's region.
    private struct Place: Hashable {
        let region: Region
        let content: SameCase
    }

    private var known = BoundedTable<Place, Int>()
    private var notes = PlanNotes()
    /// The largest document to be written; nil when nothing is.
    package private(set) var largest: (repository: RepositoryID, size: Int)?

    /// `notes` are those of the plan's header.
    package init(notes header: [PlanHeader.Note] = []) {
        for note in header { notes.add(warning: note.message, of: note.registry) }
    }

    /// Takes the next entry, in the plan's order. Returns the id of the group that a change belongs to.
    @discardableResult
    package mutating func add(_ entry: PlanEntry) -> Int? {
        var group: Int?
        switch entry {
        case .change(let change):
            group = addToGroup(change)
            for warning in change.warnings { notes.add(warning: warning, of: change.repository) }
            if change.size > largest?.size ?? 0 { largest = (change.repository, change.size) }
        case .unchanged(let unchanged):
            for warning in unchanged.warnings { notes.add(warning: warning, of: unchanged.repository) }
        case .problem(let problem):
            notes.add(problem)
        case .orphan(let orphan): notes.add(warning: orphan.sentence, of: orphan.repository)
        }
        return group
    }

    private mutating func addToGroup(_ change: Change) -> Int {
        let place = Place(region: change.repository.region, content: SameCase(change.case))
        if let known = known[place] {
            groups[known].add(change, isKnown: true)
            return known
        }
        let group = group(of: change)
        known.insert(group, for: place, size: change.case.size)
        return group
    }

    private mutating func group(of change: Change) -> Int {
        let difference = AccessDifference(change)
        let key = Key(
            difference: difference, ended: AccessRemarks(change).lost.map { $0.end != nil },
            deletes: change.action == .delete)
        if let place = groupPlaces[key] {
            groups[place].add(change)
            return place
        }
        groupPlaces[key] = groups.count
        groups.append(Group(id: groups.count, difference, change))
        return groups.count - 1
    }

    /// Groups in which somebody loses access, the one with the most repositories first.
    package var losing: [Group] { sorted(groups.filter(\.difference.takesAway)) }

    /// Groups in which access is only gained, the one with the most repositories first.
    package var gaining: [Group] {
        sorted(groups.filter { !$0.difference.takesAway && !$0.difference.gained.isEmpty })
    }

    /// Groups whose statements change while nobody's access does, the one with the most repositories first.
    package var rewritten: [Group] { sorted(groups.filter(\.difference.isEmpty)) }

    /// The heading above ``problems`` in every form. Of a registry that could not be listed only a part is left out.
    static let titleOfProblems = "Problems: left out of the plan"

    /// What could not be planned: whole registries, then the message with the most repositories first.
    package var problems: [PlanNotes.Note] { notes.problems }

    /// What a reviewer should know, the message with the most repositories first.
    package var warnings: [PlanNotes.Note] { notes.warnings }

    private func sorted(_ groups: [Group]) -> [Group] {
        groups.enumerated().sorted { left, right in
            (right.element.repositories.count, left.offset) < (left.element.repositories.count, right.offset)
        }.map(\.element)
    }
}

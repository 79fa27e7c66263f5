package import AWSValues
import OrderedCollections

/// Repositories that share something, by registry; filled in sorted order.
package struct RepositorySet: Hashable, Sendable {
    package private(set) var registries: [Registry] = []
    /// The names in each registry, parallel to ``registries``.
    package private(set) var names: [[RepositoryName]] = []
    package private(set) var count = 0

    package init() {}

    /// Adds a repository, which must be sorted behind all that are there.
    package mutating func append(_ repository: RepositoryID) {
        if registries.last != repository.registry {
            registries.append(repository.registry)
            names.append([])
        }
        names[names.count - 1].append(repository.name)
        count += 1
    }

    /// The only repository; nil when there are none or several.
    package var single: RepositoryID? {
        guard count == 1 else { return nil }
        return RepositoryID(registry: registries[0], name: names[0][0])
    }

    /// Registries that hold the same names.
    package struct Fold: Hashable, Sendable {
        package let registries: [Registry]
        package let names: [RepositoryName]

        /// Whose names appear in how many registries.
        package var count: Int { registries.count * names.count }

        /// The registries, see `folded`.
        package var place: String { registries.folded }
    }

    /// The registries, those with the same names folded into one, in the order of their first registry.
    package var folds: [Fold] {
        OrderedDictionary(grouping: zip(registries, names), by: \.1).map { names, alike in
            Fold(registries: alike.map(\.0), names: names)
        }
    }
}

extension [Registry] {
    /// `111122223333 us-east-1`, or `111122223333 {eu-west-1,us-east-1}`; accounts with other regions follow after a
    /// comma. The registries must be sorted.
    var folded: String {
        let regions = OrderedDictionary(grouping: self, by: \.account).mapValues { $0.map(\.region.name) }
        let accounts = OrderedDictionary(grouping: regions.keys) { regions[$0] ?? [] }
        func braced(_ texts: [String]) -> String {
            texts.count == 1 ? texts[0] : "{" + texts.joined(separator: ",") + "}"
        }
        return accounts.map { braced($1.map(\.description)) + " " + braced($0) }.joined(separator: ", ")
    }
}

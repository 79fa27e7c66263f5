package import AWSValues

/// One repository that the matrix covers, and the rows' places that cover it.
package struct Target: Hashable, Sendable {
    package let repository: RepositoryID
    /// The names and globs of the matrix that cover it, as numbers of its index; ascending.
    let subjects: [Int]
}

extension Matrix {
    /// The targets of a registry, sorted by name, and a warning for each glob that covers no repository.
    ///
    /// `live` are the names of all its repositories, in any order; nil when they were not listed: then no glob is
    /// warned of. A repository that the matrix names is a target even if it is not live: that it does not exist is then
    /// found when its policy is read. Globs cover such repositories too, so that a listing that failed, or that lacks a
    /// repository which is there, takes nothing away that a glob grants.
    package func targets(in registry: Registry, live: [RepositoryName]?) -> (targets: [Target], warnings: [Diagnostic])
    {
        var subjectsOfName: [RepositoryName: [Int]] = [:]
        var warnings: [Diagnostic] = []
        var globs: [(subject: Int, pattern: RepositoryPattern)] = []
        for subject in index.subjects(in: registry) {
            let pattern = pattern(of: subject)
            if let name = pattern.name {
                subjectsOfName[name, default: []].append(subject)
            } else {
                globs.append((subject, pattern))
            }
        }
        let names = globs.isEmpty ? [] : Set(subjectsOfName.keys).union(live ?? []).sorted()
        for (subject, pattern) in globs {
            let covered = self.names(in: names, coveredBy: pattern)
            for name in covered { subjectsOfName[name, default: []].append(subject) }
            if covered.isEmpty, live != nil { warnings.append(unmatched(subject, pattern, registry)) }
        }
        let targets = subjectsOfName.map { name, subjects in
            Target(repository: RepositoryID(registry: registry, name: name), subjects: subjects.sorted())
        }
        return (targets.sorted { $0.repository.name < $1.repository.name }, warnings)
    }

    /// The names that a glob covers. Only those that start with its literal prefix are looked at.
    private func names(in sorted: [RepositoryName], coveredBy pattern: RepositoryPattern) -> [RepositoryName] {
        let prefix = pattern.literalPrefix
        let start = sorted.sortedStart { $0.text < prefix }
        return sorted[start...].prefix { $0.text.hasPrefix(prefix) }.filter(pattern.matches)
    }

    private func unmatched(_ subject: Int, _ pattern: RepositoryPattern, _ registry: Registry) -> Diagnostic {
        let origin = vocabulary.origins[Int(index.subjects[subject].entry)]
        return Diagnostic(
            file: source.path, line: Int(origin.line), column: Int(origin.column), severity: .warning,
            kind: .unmatchedGlob,
            message:
                "\(pattern) covers no repository of account \(registry.account) in \(registry.region); correct the "
                + "glob, or delete the row")
    }
}

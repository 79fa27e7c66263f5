import AWSValues

/// The rows of a matrix by registry and repository.
struct MatrixIndex: Sendable {
    /// One repository or glob of one registry.
    struct Subject: Sendable {
        let registry: UInt32
        let pattern: UInt32
        /// The entry that names it first.
        let entry: UInt32
    }

    /// Sorted.
    let registries: [Registry]
    /// Sorted by registry, then by the pattern's text.
    let subjects: [Subject]
    /// By registry: where its subjects start; one more at the end.
    let subjectStarts: [Int]
    private let subjectRows: SubjectRows

    init(_ rows: MatrixRows, _ vocabulary: Vocabulary) {
        var registries = NumberTable<Registry>()
        var table = PairTable()
        var firstEntry: [UInt32] = []
        // The subjects of each entry: one for each of its regions.
        var subjectsOfEntry: [UInt32] = []
        var starts: [Int] = [0]
        for entry in 0..<UInt32(vocabulary.entries.count) {
            let (place, pattern) = vocabulary.entries[entry]
            let (account, regions) = vocabulary.places[place]
            for region in vocabulary.regionSets[regions] {
                let registry = registries.number(of: Registry(account: vocabulary.accounts[account], region: region))
                let subject = table.number(of: registry, pattern)
                if Int(subject) == firstEntry.count { firstEntry.append(entry) }
                subjectsOfEntry.append(subject)
            }
            starts.append(subjectsOfEntry.count)
        }

        let registryRanks = MatrixIndex.ranks(of: registries.values)
        let patternRanks = MatrixIndex.ranks(of: vocabulary.patterns.values)
        func key(_ subject: Int) -> UInt64 {
            let (registry, pattern) = table[UInt32(subject)]
            return UInt64(registryRanks[Int(registry)]) << 32 | UInt64(patternRanks[Int(pattern)])
        }
        let order = firstEntry.indices.map { (key: key($0), subject: $0) }.sorted { $0.key < $1.key }
        var position = [UInt32](repeating: 0, count: order.count)
        for (index, item) in order.enumerated() { position[item.subject] = UInt32(index) }

        self.registries = registries.values.sorted()
        subjects = order.map { item in
            let (registry, pattern) = table[UInt32(item.subject)]
            return Subject(
                registry: registryRanks[Int(registry)], pattern: pattern, entry: firstEntry[item.subject])
        }
        var subjectStarts = [Int](repeating: 0, count: registries.values.count + 1)
        for subject in subjects { subjectStarts[Int(subject.registry) + 1] += 1 }
        for index in subjectStarts.indices.dropFirst() { subjectStarts[index] += subjectStarts[index - 1] }
        self.subjectStarts = subjectStarts

        for index in subjectsOfEntry.indices { subjectsOfEntry[index] = position[Int(subjectsOfEntry[index])] }
        subjectRows =
            switch rows.form {
            case .long:
                SubjectRows(
                    rows.long.lazy.map { $0.entry }, subjectsOfEntry, starts: starts, count: subjects.count)
            case .wide:
                SubjectRows(
                    rows.wide.rows.lazy.map { $0.entry }, subjectsOfEntry, starts: starts, count: subjects.count)
            }
    }

    /// The records of a subject, in the order of the file.
    func records(of subject: Int) -> SubjectRows.Numbers { subjectRows[subject] }

    /// The subjects of a registry; none for a registry that the matrix does not name.
    func subjects(in registry: Registry) -> Range<Int> {
        guard let number = registries.sortedIndex(of: registry) else { return 0..<0 }
        return subjectStarts[number]..<subjectStarts[number + 1]
    }

    /// By position in `values`: the position that the value has when they are sorted.
    private static func ranks(of values: [some Comparable]) -> [UInt32] {
        var ranks = [UInt32](repeating: 0, count: values.count)
        for (rank, index) in values.indices.sorted(by: { values[$0] < values[$1] }).enumerated() {
            ranks[index] = UInt32(rank)
        }
        return ranks
    }
}

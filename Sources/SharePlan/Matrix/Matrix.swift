package import AWSValues

/// A matrix that was read without errors: who is to have which access to which repository.
///
/// It keeps numbers, not text: 16 bytes a row, 4 more for each region of the row, and each distinct value once; of a
/// wide matrix one byte a cell.
package struct Matrix: Sendable {
    /// Where the matrix came from, for the plan's header. `rows` are the file's rows with content.
    package let source: PlanHeader.Source
    /// The day for which expiry was decided.
    package let today: CalendarDate

    let rows: MatrixRows
    let vocabulary: Vocabulary
    let index: MatrixIndex
    private(set) var consumerIndex: ConsumerIndex
    /// All regions that the matrix names, sorted: packed numbers hold a region's position.
    let regionRanks: [Region]
    /// By number of a region set: the positions of its regions, plus one.
    let rankSets: [[Int]]
    /// By number of an expiry: whether it has come.
    let areExpired: [Bool]
    /// Whether a row of a long matrix grants Lambda functions without naming their region.
    let usesOwnRegion: Bool
    private var counts = Counts()

    /// What only a pass over all rows can find.
    struct Counts: Sendable {
        var grants = 0
        var expiredRows = 0
    }

    init(source: PlanHeader.Source, rows: MatrixRows, vocabulary: Vocabulary, today: CalendarDate) {
        self.source = source
        self.today = today
        self.rows = rows
        self.vocabulary = vocabulary
        index = MatrixIndex(rows, vocabulary)
        consumerIndex = ConsumerIndex(vocabulary.consumers.values)
        regionRanks = Set(vocabulary.regionSets.values.joined()).sorted()
        let regionRanks = regionRanks
        rankSets = vocabulary.regionSets.values.map { set in
            set.compactMap { regionRanks.sortedIndex(of: $0).map { $0 + 1 } }
        }
        usesOwnRegion = (0..<UInt32(vocabulary.scopes.count)).contains { number in
            let (words, regions) = vocabulary.scopes[number]
            return regions == 0 && AccessWords(rawValue: UInt8(words)).usesLambda
        }
        areExpired = vocabulary.expiries.values.map { expiry in expiry.map { $0 <= today } ?? false }
    }

    func counted(_ counts: Counts) -> Matrix {
        var matrix = self
        matrix.counts = counts
        return matrix
    }

    /// The registries that the matrix names, sorted.
    package var registries: [Registry] { index.registries }

    /// The repositories and globs that the matrix names in a registry, sorted by their text.
    package func selectors(in registry: Registry) -> [RepositoryPattern] {
        index.subjects(in: registry).map { pattern(of: $0) }
    }

    /// Whether the repositories of a registry must be listed, since a glob is to be matched against them.
    package func needsListing(of registry: Registry) -> Bool {
        index.subjects(in: registry).contains { pattern(of: $0).isGlob }
    }

    /// The units whose accounts must be looked up before any grant is known; sorted.
    package var openUnits: [OrganizationalUnitID] { consumerIndex.openUnits }

    /// The matrix with each unit standing for the given accounts. Units that `accounts` lacks stay open.
    package func resolving(_ accounts: [OrganizationalUnitID: [AccountID]]) -> Matrix {
        var matrix = self
        matrix.consumerIndex = ConsumerIndex(vocabulary.consumers.values, accounts: accounts)
        return matrix
    }

    /// What the matrix amounts to.
    package var summary: Summary {
        Summary(
            rows: source.rows, registries: registries.count, repositories: index.subjects.count { !isGlob($0) },
            globs: index.subjects.count { isGlob($0) }, consumers: consumerIndex.consumers.count,
            grants: counts.grants, expiredRows: counts.expiredRows)
    }

    /// Counts for a person who checks a matrix.
    package struct Summary: Hashable, Sendable {
        /// Rows of the file with content, expired ones included.
        package let rows: Int
        package let registries: Int
        /// Repositories that are named, each once in every registry.
        package let repositories: Int
        package let globs: Int
        /// Distinct consumers, members of groups included.
        package let consumers: Int
        /// Grants that have not expired; those of a glob are counted once, however many repositories it covers.
        package let grants: Int
        /// Rows, or cells of a wide matrix, that grant nothing any more.
        package let expiredRows: Int
    }

    func isExpired(_ row: MatrixRow) -> Bool { areExpired[Int(row.expiry)] }

    func pattern(of subject: Int) -> RepositoryPattern {
        vocabulary.patterns[index.subjects[subject].pattern]
    }

    private func isGlob(_ subject: MatrixIndex.Subject) -> Bool {
        vocabulary.patterns[subject.pattern].isGlob
    }
}

extension Matrix {
    /// Reads a matrix.
    ///
    /// `path` is what the diagnostics call the file; `today` is the day in UTC that decides what has expired.
    package static func parse(
        _ bytes: [UInt8], path: String, groups: Groups? = nil, today: CalendarDate,
        options: MatrixOptions = MatrixOptions()
    ) -> MatrixResult {
        bytes.withUnsafeBytes { parse($0, path: path, groups: groups, today: today, options: options) }
    }

    /// Reads a matrix from memory that the caller holds, such as a mapped file. Nothing of it is kept.
    package static func parse(
        _ bytes: UnsafeRawBufferPointer, path: String, groups: Groups? = nil, today: CalendarDate,
        options: MatrixOptions = MatrixOptions()
    ) -> MatrixResult {
        do throws(UnreadableMatrix) {
            let reader = try MatrixReader(bytes, path: path, groups: groups, today: today, options: options)
            let chunks = reader.stretches(of: bytes, count: 1).map { reader.chunk(of: bytes, in: $0) }
            return reader.join(consume chunks, of: bytes)
        } catch {
            return MatrixResult(matrix: nil, diagnostics: error.diagnostics)
        }
    }
}

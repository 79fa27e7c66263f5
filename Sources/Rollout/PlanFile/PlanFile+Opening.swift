package import SharePlan

extension PlanFile {
    /// Opens a saved plan and checks all of it: each line, the order, the counts and the digest.
    ///
    /// `visit` sees every entry on the way, before it is known that the plan is whole.
    /// - Throws: ``RolloutError/plan(path:_:)`` when it is not a whole plan, ``FileError``, and what `visit` throws.
    package convenience init(opening path: String, visiting visit: (PlanEntry) throws -> Void = { _ in }) throws {
        try self.init(opening: OpenFile(path, for: .reading), visiting: visit)
    }

    /// Opens a saved plan that is open as a file, as one that is given by its path.
    package convenience init(opening file: OpenFile, visiting visit: (PlanEntry) throws -> Void = { _ in }) throws {
        var lines = LineReader(file)
        var reader = PlanReader()
        var slots: [Slot] = []
        let cases = Book<Int, Case>()
        // Equal lines have the same case as long as the reader knows it.
        var numbers = BoundedTable<SameCase, Int>()
        var registryProblems: [Problem] = []
        while let line = try lines.next() {
            let entry: PlanEntry?
            do { entry = try reader.read(line.bytes, isTerminated: line.isTerminated) } catch {
                throw RolloutError.plan(path: file.path, error)
            }
            guard let entry else { continue }
            var number = 0
            if case .change(let change) = entry {
                number = numbers[SameCase(change.case)] ?? slots.count + 1
                numbers.insert(number, for: SameCase(change.case), size: change.case.size)
                cases.insert(change.case, for: number, size: change.case.size)
            }
            if let repository = entry.repository {
                slots.append(
                    Slot(
                        repository: repository, kind: entry.kind, offset: line.offset, length: line.bytes.count,
                        number: number))
            } else if case .problem(let problem) = entry {
                registryProblems.append(problem)
            }
            try visit(entry)
        }
        let whole: PlanReader.Whole
        do { whole = try reader.finish() } catch { throw RolloutError.plan(path: file.path, error) }
        self.init(
            header: whole.header, summary: whole.summary, digest: whole.digest, slots: slots,
            registryProblems: registryProblems, lines: EntryLines(file, changes: .whole, cases))
    }
}

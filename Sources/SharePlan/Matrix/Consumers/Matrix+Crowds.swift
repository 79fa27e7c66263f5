extension Matrix {
    /// A cell that represents many accounts: a group (`@name`) or an organizational unit (`ou-…`).
    package struct Crowd: Hashable, Sendable {
        package let cell: MatrixConsumer
        package let accounts: Int
    }

    /// The groups and units whose accounts a target is shared with: the largest first, equal ones by their text.
    package func crowds(on target: Target) -> [Crowd] {
        var cells: Set<UInt32> = []
        for record in records(of: target) {
            forEachRow(of: record) { _, row in
                if !isExpired(row) { cells.insert(row.consumer) }
            }
        }
        return cells.compactMap { number -> Crowd? in
            let cell = vocabulary.consumers[number]
            if case .consumer = cell { return nil }
            let accounts = consumerIndex.members(of: number).count { consumerIndex.consumers[Int($0)].isAccount }
            return accounts == 0 ? nil : Crowd(cell: cell, accounts: accounts)
        }
        .sorted { ($1.accounts, $0.cell.description) < ($0.accounts, $1.cell.description) }
    }
}

extension PlanEntry {
    /// The entry; for a policy that is too large it also says which groups and units fill it, since one grant to an
    /// organization path may take the place of each. `crowds` is asked for only then.
    package func naming(crowds: () -> [Matrix.Crowd]) -> PlanEntry {
        guard case .problem(let problem) = self, problem.code == PolicyTooLarge.code else { return self }
        let crowds = crowds()
        guard !crowds.isEmpty else { return self }
        let named = crowds.map { "\($0.cell.description) (\($0.accounts))" }.listed(atMost: 3)
        return .problem(
            Problem(
                problem.subject, code: problem.code,
                message: problem.message + ". Its accounts come from \(named)"))
    }
}

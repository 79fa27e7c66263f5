package import AWSValues

extension Matrix {
    /// The accounts that gain something by rows that have not run out, sorted, each with the lines that name it:
    /// itself, through a role or user, through a group or through a unit that was looked up.
    package func consumerAccounts() -> [(account: AccountID, lines: [Int])] {
        var lines: [AccountID: [Int]] = [:]
        forEachRow { row in
            if isExpired(row) { return }
            for member in consumerIndex.members(of: row.consumer) {
                let account: AccountID
                switch consumerIndex.consumers[Int(member)] {
                case .account(let id): account = id
                case .principal(let arn): account = arn.account
                case .organization, .organizationPath: continue
                }
                if lines[account]?.last != Int(row.line) { lines[account, default: []].append(Int(row.line)) }
            }
        }
        return lines.sorted { $0.key < $1.key }.map { ($0.key, Set($0.value).sorted()) }
    }

    /// The units that the matrix names and that must be looked up, with the lines that name them.
    package func linesOfOpenUnits() -> [OrganizationalUnitID: [Int]] {
        let open = Set(openUnits)
        guard !open.isEmpty else { return [:] }
        var lines: [OrganizationalUnitID: Set<Int>] = [:]
        forEachRow { row in
            guard case .unit(let unit) = vocabulary.consumers[row.consumer], open.contains(unit) else { return }
            lines[unit, default: []].insert(Int(row.line))
        }
        return lines.mapValues { $0.sorted() }
    }
}

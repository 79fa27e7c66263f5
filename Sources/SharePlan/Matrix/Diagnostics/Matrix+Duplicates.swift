import AWSValues

extension Matrix {
    /// Reports rows that give a grant again, and counts what a pass over all rows can count. `bytes` are the file.
    ///
    /// A glob and a name, or a group and one of its members, may overlap: that is how exceptions are written. The cost
    /// grows with the rows, not with their square: where ``DistinctGrantCounts`` cannot show that each consumer appears
    /// once, a repository's rows are sorted by consumer as packed numbers.
    func checkDuplicates(of bytes: UnsafeRawBufferPointer, _ diagnostics: inout Diagnostics) -> Counts {
        var counts = Counts()
        counts.expiredRows = expiredRowCount
        var distinct = DistinctGrantCounts(self)
        var check = DuplicateCheck(self, of: bytes)
        var keys: [UInt64] = []
        for subject in index.subjects.indices {
            let records = index.records(of: subject)
            if let grants = distinct?.grants(of: records, subject: subject) {
                counts.grants += grants
                continue
            }
            let rank = rank(of: index.registries[Int(index.subjects[subject].registry)].region)
            keys.removeAll(keepingCapacity: true)
            for record in records {
                forEachRow(of: record) { cell, row in keys.append(UInt64(row.consumer) << 32 | UInt64(cell)) }
            }
            if !keys.isAscending { keys.sort() }
            var start = 0
            while start < keys.count {
                var end = start + 1
                while end < keys.count, keys[end] >> 32 == keys[start] >> 32 { end += 1 }
                if end - start > 1 {
                    let cells = keys[start..<end].map { UInt32(truncatingIfNeeded: $0) }
                    check.check(cells, inRegionOfRank: rank, &diagnostics)
                }
                start = end
            }
            check.endSubject()
            counts.grants += countGrants(records, inRegionOfRank: rank, &keys)
        }
        return counts
    }

    /// How many grants records of one repository give; `keys` is room to count in.
    private func countGrants(_ records: SubjectRows.Numbers, inRegionOfRank rank: Int, _ keys: inout [UInt64]) -> Int {
        keys.removeAll(keepingCapacity: true)
        for record in records {
            forEachRow(of: record) { _, row in
                forEachGrant(of: row, inRegionOfRank: rank) { keys.append($0) }
            }
        }
        if !keys.isAscending { keys.sort() }
        var count = 0
        for (position, key) in keys.enumerated() {
            let next = position + 1 < keys.count ? keys[position + 1] : nil
            if next == key { continue }
            if GrantKey.access(key) == .pull, next == GrantKey.push(insteadOfPull: key) { continue }
            count += 1
        }
        return count
    }

    private var expiredRowCount: Int {
        guard areExpired.contains(true) else { return 0 }
        var count = 0
        forEachRow { row in if isExpired(row) { count += 1 } }
        return count
    }
}

extension [UInt64] {
    /// Whether no number is smaller than the one before.
    fileprivate var isAscending: Bool {
        var last: UInt64 = 0
        for number in self {
            if number < last { return false }
            last = number
        }
        return true
    }
}

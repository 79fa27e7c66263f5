extension Matrix {
    /// Reports rows that give a grant again, and counts what a pass over all rows can count.
    ///
    /// A glob and a name, or a group and one of its members, may overlap: that is how exceptions are written. The cost
    /// grows with the rows, not with their square: each repository's rows are sorted by consumer as packed numbers.
    func checkDuplicates(_ diagnostics: inout Diagnostics) -> Counts {
        var counts = Counts()
        counts.expiredRows = rows.count { isExpired($0) }
        var check = DuplicateCheck(self)
        var keys: [UInt64] = []
        for subject in index.subjects.indices {
            let rank = rank(of: index.registries[Int(index.subjects[subject].registry)].region)
            let numbers = index.rows(of: subject)
            keys.removeAll(keepingCapacity: true)
            for (position, number) in numbers.enumerated() {
                keys.append(UInt64(rows[Int(number)].consumer) << 32 | UInt64(position))
            }
            if !keys.isAscending { keys.sort() }
            var start = 0
            while start < keys.count {
                var end = start + 1
                while end < keys.count, keys[end] >> 32 == keys[start] >> 32 { end += 1 }
                let first = numbers.startIndex
                if end - start > 1 {
                    let group = keys[start..<end].map { numbers[first + Int($0 & 0xFFFF_FFFF)] }
                    check.check(group, inRegionOfRank: rank, &diagnostics)
                }
                start = end
            }
            counts.grants += countGrants(numbers, inRegionOfRank: rank, &keys)
        }
        return counts
    }

    /// How many grants rows of one repository give; `keys` is room to count in.
    private func countGrants(_ numbers: SubjectRows.Numbers, inRegionOfRank rank: Int, _ keys: inout [UInt64]) -> Int {
        keys.removeAll(keepingCapacity: true)
        for number in numbers { forEachGrant(of: rows[Int(number)], inRegionOfRank: rank) { keys.append($0) } }
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
}

/// Finds rows of one consumer and one repository that say the same, or contradict each other.
private struct DuplicateCheck {
    private let matrix: Matrix
    /// A bit for each row that was reported already, for another of its regions.
    private var reported: [UInt64] = []

    init(_ matrix: Matrix) {
        self.matrix = matrix
    }

    mutating func check(_ numbers: [UInt32], inRegionOfRank rank: Int, _ diagnostics: inout Diagnostics) {
        var firstRow: [UInt64: UInt32] = [:]
        for number in numbers {
            let row = matrix.rows[Int(number)]
            var earlier: UInt32?
            for key in keys(of: row, inRegionOfRank: rank) {
                if let first = firstRow[key] {
                    earlier = min(earlier ?? first, first)
                } else {
                    firstRow[key] = number
                }
            }
            if let earlier, mark(number) { report(row, matrix.rows[Int(earlier)], &diagnostics) }
        }
    }

    /// A number for each access word and region of Lambda functions.
    private func keys(of row: MatrixRow, inRegionOfRank rank: Int) -> [UInt64] {
        let (words, consumerRegions) = matrix.vocabulary.scopes[
            matrix.vocabulary.terms[matrix.vocabulary.terms(of: row)].first]
        var keys: [UInt64] = []
        for (_, word) in AccessWords.spellings where AccessWords(rawValue: UInt8(words)).contains(word) {
            guard word.usesLambda else {
                keys.append(UInt64(word.rawValue))
                continue
            }
            for rank in consumerRegions == 0 ? [rank] : matrix.rankSets[Int(consumerRegions)] {
                keys.append(UInt64(rank) << 8 | UInt64(word.rawValue))
            }
        }
        return keys
    }

    private func report(_ row: MatrixRow, _ first: MatrixRow, _ diagnostics: inout Diagnostics) {
        let vocabulary = matrix.vocabulary
        let terms = (vocabulary.terms[vocabulary.terms(of: row)], vocabulary.terms[vocabulary.terms(of: first)])
        let isSameGrant = row.entry == first.entry && terms.0.first == terms.1.first
        let differences = [
            terms.0.second != terms.1.second ? "expires" : nil,
            vocabulary.reasons.isEqual(vocabulary.reason(of: row), vocabulary.reason(of: first)) ? nil : "reason",
        ].compactMap { $0 }
        let line = Diagnostics.otherLine
        let wording: Diagnostics.Wording =
            if !isSameGrant {
                .init(
                    severity: .warning, kind: .duplicate,
                    message: "line \(line) gives part of this access already; leave it out of one of them")
            } else if differences.isEmpty {
                .init(
                    severity: .warning, kind: .duplicate, message: "line \(line) is the same grant; delete one of them")
            } else {
                .init(
                    severity: .error, kind: .conflict,
                    message:
                        "this grant and that of line \(line) differ only in \(differences.joined(separator: " and "))"
                        + "; delete one of them")
            }
        diagnostics.add(
            diagnostics.keep(wording), line: Int(row.line), column: Int(vocabulary.column(of: row)), other: first.line)
    }

    /// Marks a row as reported; false if it was before.
    private mutating func mark(_ number: UInt32) -> Bool {
        if reported.isEmpty { reported = [UInt64](repeating: 0, count: matrix.rows.count / 64 + 1) }
        let bit: UInt64 = 1 << UInt64(number % 64)
        let isNew = reported[Int(number / 64)] & bit == 0
        reported[Int(number / 64)] |= bit
        return isNew
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

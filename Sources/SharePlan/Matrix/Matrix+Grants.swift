import AWSValues

extension Matrix {
    /// The grants that the matrix lists on a target: sorted, each once. Where several rows list one grant, the reason
    /// is that of the first of them that has one.
    ///
    /// In `match` and `add` they are what is wanted: a row that has expired grants nothing, a consumer with `push` is
    /// not repeated under `pull`, and a grant expires with the last of its rows. In `remove` they are what is to go, so
    /// that every row and each of its words counts, and nothing expires.
    ///
    /// `known` has what was worked out before, of this matrix and mode.
    package func wantedGrants(
        for target: Target, mode: MergeMode = .match, known: Book<RowsQuestion, [WantedGrant]>? = nil
    ) -> [WantedGrant] {
        // Silence would take the units' accounts for revoked, so asking too early must end the process.
        precondition(openUnits.isEmpty, "the accounts of units must be looked up before grants are asked for")
        let records = records(of: target)
        let rank = rank(of: target.repository.region)
        let removes = mode == .remove
        func compute() -> [WantedGrant] { grants(of: removes ? .toRemove : .valid, records, inRegionOfRank: rank) }
        guard let known else { return compute() }
        let question = RowsQuestion(target, records: records, in: self)
        return known.value(for: question, size: question.size * 4, orElse: compute)
    }

    /// The grants that only expired rows list on a target, sorted, each with a reason, the last of its days and its
    /// row.
    package func endedGrants(for target: Target) -> [WantedGrant] {
        guard areExpired.contains(true) else { return [] }
        let records = records(of: target)
        let rank = rank(of: target.repository.region)
        let ended = grants(of: .expired, records, inRegionOfRank: rank)
        guard !ended.isEmpty else { return [] }
        let valid = GrantSet(grants(of: .valid, records, inRegionOfRank: rank).map(\.grant))
        return ended.filter { !valid.allows($0.grant) }
    }

    /// Which rows are read, and how.
    private enum Rows {
        case valid, expired, toRemove
    }

    private func grants(of rows: Rows, _ records: [UInt32], inRegionOfRank rank: Int) -> [WantedGrant] {
        let removes = rows == .toRemove
        var keys: [(key: UInt64, record: UInt32)] = []
        var lines: [UInt32: UInt32] = [:]
        for record in records {
            forEachRow(of: record) { _, row in
                switch rows {
                case .valid: forEachGrant(of: row, inRegionOfRank: rank) { keys.append(($0, record)) }
                case .expired:
                    guard isExpired(row) else { return }
                    lines[record] = lines[record] ?? row.line
                    for member in consumerIndex.members(of: row.consumer) {
                        forEachGrant(to: member, row.words, row.consumerRegions, inRegionOfRank: rank) {
                            keys.append(($0, record))
                        }
                    }
                case .toRemove: forEachGrantToRemove(of: row, inRegionOfRank: rank) { keys.append(($0, record)) }
                }
            }
        }
        keys.sort { ($0.key, $0.record) < ($1.key, $1.record) }
        var wanted: [WantedGrant] = []
        wanted.reserveCapacity(keys.count)
        var start = 0
        while start < keys.count {
            let key = keys[start].key
            let end = keys[start...].firstIndex { $0.key != key } ?? keys.count
            let grant = grant(of: key)
            // A pull sorts directly before the push of the same consumer.
            let isCovered =
                !removes && grant.access == .pull && end < keys.count
                && keys[end].key == GrantKey.push(insteadOfPull: key)
            if !isCovered {
                let records = keys[start..<end].lazy.map(\.record)
                let reason = records.map { self.reason(ofRecord: $0) }.first { $0 != 0 }
                wanted.append(
                    WantedGrant(
                        grant, reason: reason.map { vocabulary.reasons[$0] } ?? "",
                        expires: removes ? nil : lastExpiry(of: records),
                        row: records.compactMap { lines[$0] }.last.map { Int($0) }))
            }
            start = end
        }
        return wanted
    }

    /// The latest expiry of some records; nil when one of them has none.
    private func lastExpiry(of records: some Sequence<UInt32>) -> CalendarDate? {
        var last: CalendarDate?
        for record in records {
            guard let expiry = vocabulary.expiries[expiry(ofRecord: record)] else { return nil }
            last = max(last ?? expiry, expiry)
        }
        return last
    }

    /// The lines of the rows that grant something to `consumer` on a target, ascending, each once; expired rows do not.
    package func lines(granting consumer: Consumer, to target: Target) -> [Int] {
        guard let position = consumerIndex.consumers.sortedIndex(of: consumer) else { return [] }
        var lines: [Int] = []
        for record in records(of: target) {
            forEachRow(of: record) { _, row in
                guard !isExpired(row),
                    consumerIndex.members(of: row.consumer).contains(UInt32(position))
                else { return }
                if lines.last != Int(row.line) { lines.append(Int(row.line)) }
            }
        }
        return lines
    }

    /// The records that cover a target, in the order of the file.
    func records(of target: Target) -> [UInt32] {
        if target.subjects.count == 1 { return Array(index.records(of: target.subjects[0])) }
        return target.subjects.flatMap { index.records(of: $0) }.sorted()
    }

    /// Calls `body` with the key of each grant that a row gives in the region of the given rank; an expired row gives
    /// none.
    @inline(__always)
    func forEachGrant(of row: MatrixRow, inRegionOfRank rank: Int, _ body: (UInt64) -> Void) {
        guard !isExpired(row) else { return }
        for member in consumerIndex.members(of: row.consumer) {
            forEachGrant(to: member, row.words, row.consumerRegions, inRegionOfRank: rank, body)
        }
    }

    /// Calls `body` with the key of each grant that a row takes away where rows say what is to go: `push` beside `pull`
    /// hides nothing then.
    private func forEachGrantToRemove(of row: MatrixRow, inRegionOfRank rank: Int, _ body: (UInt64) -> Void) {
        for member in consumerIndex.members(of: row.consumer) {
            forEachGrant(
                to: member, row.words.subtracting(.push), row.consumerRegions, inRegionOfRank: rank, body)
            guard row.words.contains(.push) else { continue }
            body(GrantKey.key(consumer: member, access: .push, region: 0))
        }
    }

    /// Calls `body` with the key of each grant that access words give to one consumer.
    @inline(__always)
    func forEachGrant(
        to member: UInt32, _ words: AccessWords, _ consumerRegions: UInt32, inRegionOfRank rank: Int,
        _ body: (UInt64) -> Void
    ) {
        if words.contains(.push) {
            body(GrantKey.key(consumer: member, access: .push, region: 0))
        } else if !words.isDisjoint(with: [.pull, .lambda]) {
            body(GrantKey.key(consumer: member, access: .pull, region: 0))
        }
        guard words.usesLambda else { return }
        if consumerRegions == 0 {
            body(GrantKey.key(consumer: member, access: .lambdaOnly, region: rank))
        } else {
            for rank in rankSets[Int(consumerRegions)] {
                body(GrantKey.key(consumer: member, access: .lambdaOnly, region: rank))
            }
        }
    }

    /// The number of a region in keys: its position plus one.
    func rank(of region: Region) -> Int {
        regionRanks.sortedIndex(of: region).map { $0 + 1 } ?? 0
    }

    private func grant(of key: UInt64) -> Grant {
        let region = GrantKey.region(key)
        return Grant(
            consumer: consumerIndex.consumers[GrantKey.consumer(key)], access: GrantKey.access(key),
            consumerRegion: region == 0 ? nil : regionRanks[region - 1])
    }
}

/// A grant as one number, in the order of grants: the consumer's position, the access, the region's position plus one.
enum GrantKey {
    static func key(consumer: UInt32, access: Access, region: Int) -> UInt64 {
        UInt64(consumer) << 32 | UInt64(access.rank) << 24 | UInt64(region)
    }

    static func push(insteadOfPull key: UInt64) -> UInt64 { key | 1 << 24 }

    static func consumer(_ key: UInt64) -> Int { Int(key >> 32) }

    static func region(_ key: UInt64) -> Int { Int(key & 0xFF_FFFF) }

    static func access(_ key: UInt64) -> Access {
        switch key >> 24 & 3 {
        case 0: .pull
        case 1: .push
        default: .lambdaOnly
        }
    }
}

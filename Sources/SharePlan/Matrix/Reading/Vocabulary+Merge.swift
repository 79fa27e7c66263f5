extension Vocabulary {
    /// The numbers that another vocabulary's values have in this one.
    struct Renumbering {
        fileprivate var entries: [UInt32]
        fileprivate var consumers: [UInt32]
        fileprivate var remarks: [UInt32]
        fileprivate var expiries: [UInt32]
        fileprivate var reasonsBefore: UInt32

        /// Turns a row of the other vocabulary into one of this.
        func apply(to row: inout LongRow) {
            row.entry = entries[Int(row.entry)]
            row.consumer = consumers[Int(row.consumer)]
            row.remark = remarks[Int(row.remark)]
        }

        /// Turns a row of the other vocabulary into one of this.
        func apply(to row: inout WideRows.Row) {
            row.entry = entries[Int(row.entry)]
            row.expiry = expiries[Int(row.expiry)]
            row.reason = reason(row.reason)
        }

        /// Number 0 is the empty text in every vocabulary.
        func reason(_ number: UInt32) -> UInt32 { number == 0 ? 0 : number + reasonsBefore }
    }

    /// Takes over the values of a later part of the file, whose lines were counted from 1.
    mutating func merge(_ later: Vocabulary, linesBefore: UInt32) -> Renumbering {
        let accounts = later.accounts.values.map { self.accounts.number(of: $0) }
        let regionSets = later.regionSets.values.map { self.regionSets.number(of: $0) }
        let patterns = later.patterns.values.map { self.patterns.number(of: $0) }
        let consumers = later.consumers.values.map { self.consumers.number(of: $0) }
        let expiries = later.expiries.values.map { self.expiries.number(of: $0) }

        func renumber(_ table: PairTable, into own: inout PairTable, _ first: [UInt32]?, _ second: [UInt32]) -> [UInt32]
        {
            (0..<UInt32(table.count)).map { number in
                let pair = table[number]
                return own.number(of: first.map { $0[Int(pair.first)] } ?? pair.first, second[Int(pair.second)])
            }
        }
        let places = renumber(later.places, into: &self.places, accounts, regionSets)
        let entries = renumber(later.entries, into: &self.entries, places, patterns)
        for (number, origin) in zip(entries, later.origins) where Int(number) == origins.count {
            origins.append((origin.line + linesBefore, origin.column))
        }
        // The first of a scope's pair are access words, which mean the same everywhere.
        let scopes = renumber(later.scopes, into: &self.scopes, nil, regionSets)
        let terms = renumber(later.terms, into: &self.terms, scopes, expiries)
        let marks = (0..<UInt32(later.marks.count)).map { number in
            let (first, column) = later.marks[number]
            return self.marks.number(of: terms[Int(first)], column)
        }
        var renumbering = Renumbering(
            entries: entries, consumers: consumers, remarks: [], expiries: expiries,
            reasonsBefore: reasons.append(later.reasons))
        renumbering.remarks = (0..<UInt32(later.remarks.count)).map { number in
            let (mark, reason) = later.remarks[number]
            return self.remarks.number(of: marks[Int(mark)], renumbering.reason(reason))
        }
        return renumbering
    }
}

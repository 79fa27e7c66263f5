import AWSValues

/// What is remarked on one grant, or on the same grant of several repositories.
struct AccessRemark: Hashable, Sendable {
    /// Empty where there is none or where it differs.
    private(set) var reason = ""
    /// The first day without the grant; of several the earliest.
    private(set) var end: CalendarDate?
    /// Whether all end on that day.
    private(set) var allEnd = true
    /// The row of the matrix that has expired; nil where it differs.
    private(set) var row: Int?
    private let isRemoval: Bool

    static let none = AccessRemark(isRemoval: false)

    private init(isRemoval: Bool) { self.isRemoval = isRemoval }

    init(_ grant: WantedGrant, isRemoved: Bool) {
        isRemoval = isRemoved
        reason = grant.reason
        end = grant.expires
        row = grant.row
    }

    var isEmpty: Bool { reason.isEmpty && end == nil }

    /// Such as `TICKET-42; expires 2027-01-31`, `expired 2026-11-20; TICKET-9; row 12`; empty when there is nothing to
    /// say.
    var words: String {
        let reason = reason.isEmpty ? nil : reason
        let parts = isRemoval ? [endInWords, reason, row.map { "row \($0)" }] : [reason, endInWords]
        return parts.compactMap(\.self).joined(separator: "; ")
    }

    /// Such as `expires 2027-01-31`, `some expired, the first on 2026-11-20`.
    var endInWords: String? {
        let verb = isRemoval ? "expired" : allEnd ? "expires" : "expire"
        return end.map { end in
            // Losses with and without an end are not in one group.
            allEnd ? "\(verb) \(end)" : "\(isRemoval ? "" : "some ")\(verb), the first on \(end)"
        }
    }

    /// What holds of this and of the remark on the same grant of another repository.
    func common(with other: AccessRemark) -> AccessRemark {
        if self == other { return self }
        var common = self
        if reason != other.reason { common.reason = "" }
        if row != other.row { common.row = nil }
        common.allEnd = allEnd && other.allEnd && end == other.end
        common.end = [end, other.end].compactMap(\.self).min()
        return common
    }
}

/// The remarks on what a change gives and takes: those of its grants.
struct AccessRemarks: Sendable {
    let lost: [AccessRemark]
    let gained: [AccessRemark]
    /// Of what ``AccessDifference/kept(of:)`` has.
    let kept: [AccessRemark]

    init(_ change: Change) {
        let removed = Lookup(change.grants.removed) { AccessRemark($0, isRemoved: true) }
        let added = Lookup(change.grants.added) { AccessRemark($0, isRemoved: false) }
        lost = change.access.lost.map { removed[$0] ?? .none }
        gained = change.access.gained.map { added[$0] ?? .none }
        kept = AccessDifference.kept(of: change).map { removed[$0] ?? added[$0] ?? .none }
    }

    private init(lost: [AccessRemark], gained: [AccessRemark], kept: [AccessRemark]) {
        (self.lost, self.gained, self.kept) = (lost, gained, kept)
    }

    /// What holds of these and of the remarks on the same change of another repository.
    func common(with other: AccessRemarks) -> AccessRemarks {
        func common(_ own: [AccessRemark], _ others: [AccessRemark]) -> [AccessRemark] {
            zip(own, others).map { $0.common(with: $1) }
        }
        return AccessRemarks(
            lost: common(lost, other.lost), gained: common(gained, other.gained), kept: common(kept, other.kept))
    }

    /// Remarks by grant.
    private struct Lookup {
        private var exact: [Grant: AccessRemark] = [:]
        private var ofConsumers: [Consumer: AccessRemark] = [:]

        init(_ grants: [WantedGrant], _ remark: (WantedGrant) -> AccessRemark) {
            for wanted in grants {
                let remark = remark(wanted)
                if remark.isEmpty { continue }
                exact[wanted.grant] = remark
                if ofConsumers[wanted.grant.consumer] == nil { ofConsumers[wanted.grant.consumer] = remark }
            }
        }

        /// The remark on the grant of the same access, or else on another one of the same consumer.
        subscript(_ entry: AccessChange.Entry) -> AccessRemark? {
            guard !exact.isEmpty, let consumer = entry.consumer else { return nil }
            guard case .access(let access) = entry.extent else { return ofConsumers[consumer] }
            let grant = Grant(consumer: consumer, access: access, consumerRegion: entry.region.flatMap { Region($0) })
            return exact[grant] ?? ofConsumers[consumer]
        }
    }
}

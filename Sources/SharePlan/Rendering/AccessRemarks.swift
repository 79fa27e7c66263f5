/// The remarks on what a change gives and takes: those of its grants.
struct AccessRemarks {
    let lost: [String]
    let gained: [String]
    /// Of what ``AccessDifference/kept(of:)`` has.
    let kept: [String]

    init(_ change: Change) {
        let removed = Lookup(change.grants.removed, \.remarkOfRemoval)
        let added = Lookup(change.grants.added, \.remark)
        lost = change.access.lost.map { removed[$0] ?? "" }
        gained = change.access.gained.map { added[$0] ?? "" }
        kept = AccessDifference.kept(of: change).map { removed[$0] ?? added[$0] ?? "" }
    }

    /// Remarks by grant.
    private struct Lookup {
        private var exact: [Grant: String] = [:]
        private var ofConsumers: [Consumer: String] = [:]

        init(_ grants: [WantedGrant], _ remark: (WantedGrant) -> String) {
            for wanted in grants {
                let remark = remark(wanted)
                if remark.isEmpty { continue }
                exact[wanted.grant] = remark
                if ofConsumers[wanted.grant.consumer] == nil { ofConsumers[wanted.grant.consumer] = remark }
            }
        }

        /// The remark on the grant of the same access, or else on another one of the same consumer.
        subscript(_ entry: AccessChange.Entry) -> String? {
            guard !exact.isEmpty, let consumer = entry.consumer else { return nil }
            guard case .access(let access) = entry.extent else { return ofConsumers[consumer] }
            let grant = Grant(consumer: consumer, access: access, consumerRegion: entry.region.flatMap { Region($0) })
            return exact[grant] ?? ofConsumers[consumer]
        }
    }
}

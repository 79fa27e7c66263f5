import Fencing

extension ShardWorld {
    /// What a store does with a request. A tag is made from the content, as ETags often are.
    mutating func effect(of request: StoreRequest) -> StoreAnswer {
        switch request {
        case .readLease: return .lease(lease.map { .found($0, tag(of: $0)) } ?? .missing)
        case .createLease(let new):
            guard lease == nil else { return .write(.alreadyThere) }
            lease = new
            return .write(.done(tag(of: new)))
        case .replaceLease(let new, let tag):
            guard let lease else { return .write(.missing) }
            guard self.tag(of: lease) == tag || limits.flaws.contains(.replacedPlainly) else {
                return .write(.changed)
            }
            self.lease = new
            return .write(.done(self.tag(of: new)))
        case .readSegment(let name):
            return .segment(segment(name).map { .found($0, ObjectTag("s")) } ?? .missing)
        case .createSegment(let name, let segment):
            guard self.segment(name) == nil else { return .write(.alreadyThere) }
            while segments.count <= name.epoch { segments.append([]) }
            precondition(segments[name.epoch].count == name.number, "a gap in the journal")
            segments[name.epoch].append(segment)
            return .write(.done(ObjectTag("s")))
        }
    }

    func segment(_ name: SegmentName) -> ModelSegment? {
        guard name.epoch < segments.count, name.number < segments[name.epoch].count else { return nil }
        return segments[name.epoch][name.number]
    }

    func tag(of lease: Lease) -> ObjectTag {
        let revision = limits.flaws.contains(.sameContent) && lease.state == .held ? 0 : lease.revision
        return ObjectTag("\(lease.epoch)\(lease.worker.text)\(revision)\(lease.state == .held ? "" : "-")")
    }

    /// Whether the epoch is sealed.
    func isSealed(_ epoch: Int) -> Bool {
        guard epoch < segments.count, case .seal = segments[epoch].last else { return false }
        return true
    }
}

import Fencing

extension ShardWorld {
    var brokenRule: String? {
        for number in workers.indices where workers[number].isReady {
            if let rule = brokenRule(ofReady: number) { return rule }
        }
        if let report { return brokenRule(of: report) }
        guard limits.rates != nil else { return nil }
        let senders = workers.indices.count { workers[$0].mode == .running && workers[$0].maySend(limits) }
        return senders > 1 ? "\(senders) workers may send" : nil
    }

    private func brokenRule(of report: Report) -> String? {
        for repository in 0..<limits.repositories
        where !report.done.contains(repository) && !report.inDoubt.contains(repository) {
            if applied.contains(repository) { return "the report does not know that \(repository) was written" }
            if wire.contains(where: { $0.repository == repository }) {
                return "the report does not know that \(repository) may be written"
            }
        }
        return nil
    }

    /// A worker whose journal is ready knows of every write that an earlier epoch has on the wire, or may still send.
    private func brokenRule(ofReady taker: Int) -> String? {
        guard let epoch = workers[taker].epoch else { return nil }
        for write in wire where write.epoch < epoch && !knows(write.repository, of: write.epoch, taker, epoch) {
            return "\(workers[taker].id.text) does not know of a write of epoch \(write.epoch) on the wire"
        }
        for other in workers.indices where other != taker && workers[other].isReady {
            guard let earlier = workers[other].epoch, earlier <= epoch else { continue }
            if earlier == epoch { return "two workers share an epoch" }
            guard workers[other].maySend(limits) else { continue }
            for repository in 0..<limits.repositories where !workers[other].sent.contains(repository) {
                guard workers[other].hasAnnounced(repository, limits) else { continue }
                if !knows(repository, of: earlier, taker, epoch) {
                    return "\(workers[taker].id.text) does not know what \(workers[other].id.text) may still send"
                }
            }
        }
        return nil
    }

    /// Whether a taker has a write in doubt, or an epoch between recorded its end: that one's worker had looked at it
    /// after its time.
    private func knows(_ repository: UInt8, of earlier: Int, _ taker: Int, _ epoch: Int) -> Bool {
        if workers[taker].journal?.inDoubt.contains(repository) ?? false { return true }
        return segments.indices.contains { between in
            earlier < between && between < epoch
                && segments[between].contains {
                    if case .entries(let entries, _) = $0 { entries.contains(.ended(repository)) } else { false }
                }
        }
    }

    /// Forgets lost requests that can have no effect any more.
    mutating func prune() {
        guard limits.flaws.isDisjoint(with: [.sameContent, .replacedPlainly, .noSeal]) else { return }
        guard !strays.isEmpty else { return }
        strays = strays.filter { stray in
            switch stray.request {
            case .createLease: lease == nil
            case .replaceLease(_, let tag): lease.map { self.tag(of: $0) == tag } ?? false
            case .createSegment(let name, _): segment(name) == nil
            case .readLease, .readSegment: false
            }
        }
    }
}

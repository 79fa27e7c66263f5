import AWSValues
import SharePlan

/// Which changes are made first.
struct Canary {
    let first: [PlanFile.Slot]
    let rest: [PlanFile.Slot]

    /// Chooses this many of `changes`, spread over the registries: the first of each registry, then the second of each,
    /// so that every owner account's permissions are tried.
    init(_ bound: PlanLimits.Bound?, of changes: [PlanFile.Slot]) {
        let number = bound?.number(of: changes.count) ?? 0
        var queue = FairQueue<Registry, Int>()
        for (index, slot) in changes.enumerated() { queue.add(index, to: slot.repository.registry) }
        var chosen: Set<Int> = []
        while chosen.count < number, let (_, index) = queue.next() { chosen.insert(index) }
        first = changes.indices.filter { chosen.contains($0) }.map { changes[$0] }
        rest = changes.indices.filter { !chosen.contains($0) }.map { changes[$0] }
    }
}

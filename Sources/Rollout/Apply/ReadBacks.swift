import AWSValues
import Synchronization

/// Which writes of a run are to be read back, and when: those of a registry after its last write, so that whoever wrote
/// at the same moment has done so by then.
final class ReadBacks: Sendable {
    /// A change that was written.
    struct Written: Sendable {
        let slot: PlanFile.Slot
        let answer: ApplyStep.UnexpectedAnswer?
    }

    private struct State {
        /// By registry: how many changes are not over.
        var left: [Registry: Int] = [:]
        /// By registry: what nobody has begun to read back.
        var written: [Registry: [RepositoryID: Written]] = [:]
        var seen = 0
    }

    private let state: Mutex<State>

    /// `slots` are all changes that are to be made.
    init(of slots: [PlanFile.Slot]) {
        var left: [Registry: Int] = [:]
        for slot in slots { left[slot.repository.registry, default: 0] += 1 }
        state = Mutex(State(left: left))
    }

    /// Takes how a change ended, and returns what is to be read back now, sorted: all writes of the registry when
    /// this was its last change.
    func didWrite(_ slot: PlanFile.Slot, _ ending: ApplyStep.Ending) -> [Written] {
        let registry = slot.repository.registry
        return state.withLock { state in
            state.seen += 1
            if case .written(let answer) = ending {
                state.written[registry, default: [:]][slot.repository] = Written(slot: slot, answer: answer)
            }
            state.left[registry, default: 0] -= 1
            return state.left[registry] == 0 ? sorted((state.written[registry] ?? [:]).values) : []
        }
    }

    /// To be called before a change is read back.
    func begin(_ written: Written) {
        let repository = written.slot.repository
        state.withLock { $0.written[repository.registry]?[repository] = nil }
    }

    /// What nobody has begun to read back, sorted.
    var rest: [Written] { sorted(state.withLock { $0.written.values.flatMap(\.values) }) }

    /// How many changes were taken up, whatever came of them.
    var seen: Int { state.withLock { $0.seen } }

    private func sorted(_ written: some Sequence<Written>) -> [Written] {
        written.sorted { $0.slot.repository < $1.slot.repository }
    }
}

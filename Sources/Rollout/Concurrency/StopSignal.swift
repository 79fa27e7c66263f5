import Synchronization

/// A request to stop that a run honours at the next safe point: nothing new is started, what is in flight ends.
package final class StopSignal: Sendable {
    private struct State {
        var isRequested = false
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        var number = 0
        /// Asked too when this one is.
        var followers: [StopSignal] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// A signal that is also requested when `leader` is.
    convenience init(following leader: StopSignal) {
        self.init()
        let isLate = leader.state.withLock { state in
            state.followers.append(self)
            return state.isRequested
        }
        if isLate { request() }
    }

    /// Asks the run to stop. Safe to call from anywhere, any number of times.
    package func request() {
        let (waiting, followers) = state.withLock { state in
            state.isRequested = true
            defer { state.waiting = [:] }
            return (state.waiting.sorted { $0.key < $1.key }.map(\.value), state.followers)
        }
        for continuation in waiting { continuation.resume() }
        for follower in followers { follower.request() }
    }

    package var isRequested: Bool { state.withLock { $0.isRequested } }

    /// Does `body`, and cancels it when the run is asked to stop. Returns nil when that came first, or before.
    func unlessRequested<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) async -> Value? {
        guard !isRequested else { return nil }
        return await withTaskGroup(of: Value?.self) { group in
            group.addTask { await body() }
            group.addTask {
                await self.requested()
                return nil
            }
            // Whichever comes first ends the other; when both come at once, the stop counts.
            let first = await group.next() ?? nil
            group.cancelAll()
            let second = await group.next() ?? nil
            return isRequested ? nil : first ?? second
        }
    }

    /// Returns when the run is asked to stop or the task is cancelled.
    private func requested() async {
        let number = state.withLock { state in
            state.number += 1
            return state.number
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isRequested || Task.isCancelled { return true }
                    state.waiting[number] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
        }
    }
}

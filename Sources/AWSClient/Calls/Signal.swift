import Synchronization

/// Lets one task wait until another one fires. A firing before the wait is kept; one wait takes one firing.
final class Signal: Sendable {
    private enum State {
        case idle
        case fired
        case waiting(CheckedContinuation<Bool, Never>)
        case cancelled
    }

    private let state = Mutex(State.idle)

    /// Returns when the signal has fired; throws when the task is cancelled before. Only one task may wait.
    func wait() async throws(CancellationError) {
        let hasFired = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
                let result: Bool? = state.withLock { state in
                    switch state {
                    case .idle:
                        state = .waiting(continuation)
                        return nil
                    case .fired:
                        state = .idle
                        return true
                    case .waiting, .cancelled:
                        return false
                    }
                }
                if let result { continuation.resume(returning: result) }
            }
        } onCancel: {
            let waiting: CheckedContinuation<Bool, Never>? = state.withLock { state in
                switch state {
                case .waiting(let continuation):
                    state = .cancelled
                    return continuation
                case .idle:
                    state = .cancelled
                    return nil
                case .fired, .cancelled:
                    return nil
                }
            }
            waiting?.resume(returning: false)
        }
        guard hasFired else { throw CancellationError() }
    }

    /// Wakes the waiting task. Returns false when it has been cancelled, so that another one can be woken instead.
    @discardableResult
    func fire() -> Bool {
        let (isAlive, waiting): (Bool, CheckedContinuation<Bool, Never>?) = state.withLock { state in
            switch state {
            case .waiting(let continuation):
                state = .idle
                return (true, continuation)
            case .idle, .fired:
                state = .fired
                return (true, nil)
            case .cancelled:
                return (false, nil)
            }
        }
        waiting?.resume(returning: true)
        return isAlive
    }
}

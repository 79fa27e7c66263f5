import Synchronization

/// What the loop is to send, and who awaits the result.
struct TransferOrder: Sendable {
    let request: HTTPRequest
    let ticket: TransferTicket
    /// When it is too late to send it; nil for never.
    private let latestStart: ContinuousClock.Instant?
    private let continuation: CheckedContinuation<Result<HTTPResponse, HTTPError>, Never>

    init(
        request: HTTPRequest,
        ticket: TransferTicket,
        continuation: CheckedContinuation<Result<HTTPResponse, HTTPError>, Never>
    ) {
        self.request = request
        self.ticket = ticket
        latestStart = request.maximumWait.map { .now + $0 }
        self.continuation = continuation
    }

    /// Whether it has waited longer than it may.
    var isTooLate: Bool { latestStart.map { .now > $0 } ?? false }

    /// To be called once.
    func finish(_ result: Result<HTTPResponse, HTTPError>) {
        continuation.resume(returning: result)
    }

    /// Instead of ``finish(_:)``, for what is not sent.
    func fail(_ kind: HTTPError.Kind, _ reason: String = "") {
        finish(.failure(HTTPError(kind, notSending: request, reason)))
    }
}

/// Names one transfer, and settles which came first: its submission or its cancellation.
final class TransferTicket: Sendable {
    private static let fresh: UInt8 = 0
    private static let submitted: UInt8 = 1
    private static let cancelled: UInt8 = 2

    private let state = Atomic<UInt8>(fresh)

    /// False when the task was cancelled before.
    func submit() -> Bool {
        exchange(to: TransferTicket.submitted) == TransferTicket.fresh
    }

    /// True when the loop already has the transfer and must be notified.
    func cancel() -> Bool {
        exchange(to: TransferTicket.cancelled) == TransferTicket.submitted
    }

    private func exchange(to new: UInt8) -> UInt8 {
        state.compareExchange(expected: TransferTicket.fresh, desired: new, ordering: .acquiringAndReleasing).original
    }
}

/// The loop's letter box: anybody posts, the loop empties it.
final class TransferMailbox: Sendable {
    /// What the loop found in the box.
    struct Contents {
        var orders: [TransferOrder] = []
        var cancellations: [TransferTicket] = []
        var isClosing = false
    }

    private struct State {
        var contents = Contents()
        /// Whether the loop waits, or is about to, and must be woken. One ring is enough until it has looked.
        var mustRing = false
        var hasEnded = false
        var waitingForEnd: CheckedContinuation<Void, Never>?
    }

    /// Why orders fail that come too late.
    static let closed = "the HTTP client was closed"

    /// Wakes the loop.
    let pipe = WakePipe()
    private let state = Mutex(State())

    func post(_ order: TransferOrder) {
        let isTooLate = state.withLock { state in
            guard !state.contents.isClosing else { return true }
            state.contents.orders.append(order)
            ringIfNeeded(&state)
            return false
        }
        if isTooLate { order.fail(.unusable, TransferMailbox.closed) }
    }

    func cancel(_ ticket: TransferTicket) {
        state.withLock { state in
            state.contents.cancellations.append(ticket)
            ringIfNeeded(&state)
        }
    }

    /// Asks the loop to end, and resumes the continuation when it has.
    func close(whenDone continuation: CheckedContinuation<Void, Never>) {
        let hasEnded = state.withLock { state in
            state.contents.isClosing = true
            if !state.hasEnded { state.waitingForEnd = continuation }
            ringIfNeeded(&state)
            return state.hasEnded
        }
        if hasEnded { continuation.resume() }
    }

    /// Empties the box. Nil when there was nothing, in which case later posts ring.
    func take() -> Contents? {
        state.withLock { state in
            let contents = state.contents
            guard !contents.orders.isEmpty || !contents.cancellations.isEmpty || contents.isClosing else {
                state.mustRing = true
                return nil
            }
            state.contents.orders = []
            state.contents.cancellations = []
            return contents
        }
    }

    /// The loop's last word.
    func end() {
        let waiting = state.withLock { state in
            state.hasEnded = true
            return state.waitingForEnd
        }
        waiting?.resume()
    }

    private func ringIfNeeded(_ state: inout State) {
        guard state.mustRing else { return }
        state.mustRing = false
        pipe.wake()
    }
}

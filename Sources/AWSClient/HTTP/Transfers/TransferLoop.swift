import CCurl
import DequeModule
import Platform

/// Runs the transfers of one client. It is created, runs and ends on the client's queue and never leaves it.
final class TransferLoop {
    private let configuration: HTTPConfiguration
    private let mailbox: TransferMailbox
    private let multi: MultiHandle
    private var running: [ObjectIdentifier: EasyHandle] = [:]
    private var idle: [EasyHandle] = []
    /// Orders that wait for a connection, each line from the oldest. Writes come first: what they replace was looked at
    /// a moment ago, and the longer they wait, the more may have changed.
    private var waitingWrites: Deque<TransferOrder> = []
    private var waitingReads: Deque<TransferOrder> = []

    init(_ configuration: HTTPConfiguration, mailbox: TransferMailbox) {
        self.configuration = configuration
        self.mailbox = mailbox
        multi = MultiHandle(wokenBy: mailbox.pipe)
    }

    /// A round costs a wake-up and some calls of the system, so with many transfers it waits for several events at
    /// once: this many microseconds per transfer, from ``crowd`` transfers on. With 256 calls of 50 ms that is 0.8
    /// ms.
    private static let pauseForEach = 3
    private static let crowd = 32

    /// Returns when the mailbox is closed.
    func run() {
        multi.keepConnections(max(configuration.maximumConnections, 1))
        while true {
            if running.count >= TransferLoop.crowd {
                usleep(UInt32(min(running.count * TransferLoop.pauseForEach, 5_000)))
            }
            if let contents = mailbox.take() {
                for order in contents.orders {
                    if order.request.mayBeRepeated { waitingReads.append(order) } else { waitingWrites.append(order) }
                }
                contents.cancellations.forEach(cancel)
                if contents.isClosing { break }
                startWaiting()
            } else {
                multi.wait()
            }
            multi.perform(finished: finish)
            startWaiting()
            // Not after the next pause: libcurl sends the first bytes when it is called again.
            multi.runTimers()
        }
        failAll()
        mailbox.end()
    }

    private func startWaiting() {
        while running.count < max(configuration.maximumConnections, 1),
            let order = waitingWrites.popFirst() ?? waitingReads.popFirst()
        {
            if order.isTooLate { order.fail(.timedOut, "no connection was free") } else { start(order) }
        }
    }

    private func start(_ order: TransferOrder) {
        let easy = idle.popLast() ?? EasyHandle(configuration)
        if let easy, easy.prepare(order), multi.add(easy) {
            running[ObjectIdentifier(order.ticket)] = easy
            return
        }
        _ = easy?.release()
        let usual = "libcurl could not set up the transfer (out of memory, or a libcurl older than 7.85)"
        order.fail(.unusable, MultiHandle.problem ?? usual)
    }

    private func finish(_ easy: EasyHandle, _ result: CURLcode) {
        multi.remove(easy)
        let outcome = easy.outcome(result)
        recycle(easy)?.finish(outcome)
    }

    private func cancel(_ ticket: TransferTicket) {
        if let easy = running[ObjectIdentifier(ticket)] {
            let error = easy.failure(.cancelled, reason: "")
            multi.remove(easy)
            recycle(easy)?.finish(.failure(error))
        } else if let order = waitingWrites.remove(ticket) ?? waitingReads.remove(ticket) {
            order.fail(.cancelled)
        }
        // Else the answer came first.
    }

    private func recycle(_ easy: EasyHandle) -> TransferOrder? {
        guard let order = easy.release() else { return nil }
        running[ObjectIdentifier(order.ticket)] = nil
        idle.append(easy)
        return order
    }

    private func failAll() {
        for easy in running.values {
            let error = easy.failure(.unusable, reason: TransferMailbox.closed)
            multi.remove(easy)
            easy.release()?.finish(.failure(error))
        }
        while let order = waitingWrites.popFirst() ?? waitingReads.popFirst() {
            order.fail(.unusable, TransferMailbox.closed)
        }
        running = [:]
        idle = []
    }
}

extension Deque<TransferOrder> {
    fileprivate mutating func remove(_ ticket: TransferTicket) -> TransferOrder? {
        guard let index = firstIndex(where: { $0.ticket === ticket }) else { return nil }
        return remove(at: index)
    }
}

import Dispatch
import Platform

/// The signals that a sandbox listens to.
struct Signals {
    enum Event: Hashable, Sendable {
        /// SIGTERM, SIGINT, or the end of the parent.
        case end
        /// SIGHUP.
        case dump
    }

    private let stream: AsyncStream<Event>
    private let continuation: AsyncStream<Event>.Continuation
    private let sources: [any DispatchSourceSignal]

    /// Listens from now on.
    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: Event.self)
        self.stream = stream
        self.continuation = continuation
        sources = [(SIGTERM, Event.end), (SIGINT, .end), (SIGHUP, .dump)].map { number, event in
            // Dispatch only watches: the default action must be switched off first.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { continuation.yield(event) }
            source.resume()
            return source
        }
        // A reader of our output that went away must not end the server.
        signal(SIGPIPE, SIG_IGN)
    }

    /// The events as they come; with a parent, its end is one.
    func events(endingWith parent: ParentProcess?) -> AsyncStream<Event> {
        if let parent { Signals.watch(parent, continuation) }
        return stream
    }

    /// Looks at the parent four times a second for as long as both live.
    private static func watch(_ parent: ParentProcess, _ continuation: AsyncStream<Event>.Continuation) {
        guard !parent.hasEnded else {
            continuation.yield(.end)
            return
        }
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(250)) { watch(parent, continuation) }
    }
}

import AWSValues
import Synchronization
import Testing

@testable import AWSClient

@Suite struct CredentialCacheTests {
    /// Gives credentials when a test says so, and counts how often it was asked.
    private final class Source: Sendable {
        private let state = Mutex((asked: 0, waiting: [Signal]()))
        let clock: ManualClock
        /// Nil for credentials that do not expire.
        let lifetime: Duration?

        init(_ clock: ManualClock, lifetime: Duration? = .seconds(3_600)) {
            self.clock = clock
            self.lifetime = lifetime
        }

        var asked: Int { state.withLock { $0.asked } }

        func release() {
            for signal in state.withLock({ $0.waiting }) { signal.fire() }
        }

        func give(isHeldBack: Bool) async throws(CredentialFailure) -> SessionCredentials {
            let signal = Signal()
            let number = state.withLock { state in
                state.asked += 1
                state.waiting.append(signal)
                return state.asked
            }
            if isHeldBack {
                do throws(CancellationError) {
                    try await signal.wait()
                } catch {
                    throw .cancelled
                }
            }
            let credentials = Credentials(accessKeyID: "KEY\(number)", secretAccessKey: "s")
            return SessionCredentials(credentials, expiration: lifetime.map { clock.now + $0 })
        }
    }

    private let clock = ManualClock()

    private func cache(_ source: Source, isHeldBack: Bool = false) -> CredentialCache {
        CredentialCache(clock: clock.clock) { () async throws(CredentialFailure) in
            try await source.give(isHeldBack: isHeldBack)
        }
    }

    private static let broken = CredentialFailure.credentials(.broken(source: "s", problem: "p"))

    @Test func `Credentials are fetched once for all who wait`() async throws {
        let source = Source(clock)
        let cache = cache(source, isHeldBack: true)
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<100 { group.addTask { try await cache.credentials().accessKeyID } }
            group.addTask {
                while source.asked == 0 { await Task.yield() }
                for _ in 0..<1_000 { await Task.yield() }
                source.release()
                return "KEY1"
            }
            for try await key in group { #expect(key == "KEY1") }
        }
        #expect(source.asked == 1)
    }

    @Test func `They are renewed five minutes before they expire, not earlier`() async throws {
        let source = Source(clock)
        let cache = cache(source)
        _ = try await cache.credentials()
        clock.advance(.seconds(3_600 - 5 * 60 - 1))
        #expect(try await cache.credentials().accessKeyID == "KEY1")
        clock.advance(.seconds(1))
        #expect(try await cache.credentials().accessKeyID == "KEY2")
        #expect(source.asked == 2)
    }

    @Test func `Credentials without an end are never renewed`() async throws {
        let source = Source(clock, lifetime: nil)
        let cache = cache(source)
        for _ in 0..<10 {
            clock.advance(.seconds(1_000_000))
            #expect(try await cache.credentials().accessKeyID == "KEY1")
        }
    }

    @Test func `A cancelled waiter does not cancel the others, whether it fetches or waits`() async throws {
        for cancelled in [0, 1] {
            let source = Source(clock)
            let cache = cache(source, isHeldBack: true)
            var tasks: [Task<Result<Credentials, CredentialFailure>, Never>] = []
            for index in 0..<10 {
                tasks.append(
                    Task {
                        await Result { () async throws(CredentialFailure) in try await cache.credentials() }
                    }
                )
                // The first one is the one that fetches.
                while index == 0, source.asked == 0 { await Task.yield() }
            }
            for _ in 0..<200 { await Task.yield() }
            tasks[cancelled].cancel()
            guard case .failure(.cancelled) = await tasks[cancelled].value else {
                Issue.record("not cancelled")
                return
            }
            while source.asked < (cancelled == 0 ? 2 : 1) { await Task.yield() }
            source.release()
            for (index, task) in tasks.enumerated() where index != cancelled {
                let key = try await task.value.get().accessKeyID
                #expect(key == (cancelled == 0 ? "KEY2" : "KEY1"))
            }
            #expect(source.asked == (cancelled == 0 ? 2 : 1))
        }
    }

    @Test func `A failure goes to those who waited and is not remembered`() async throws {
        let asked = Mutex(0)
        let cache = CredentialCache(clock: clock.clock) { () async throws(CredentialFailure) in
            let number = asked.withLock { asked in
                asked += 1
                return asked
            }
            if number == 1 { throw Self.broken }
            return SessionCredentials(.example)
        }
        let failure = await error { () async throws(CredentialFailure) in try await cache.credentials() }
        guard case .credentials(.broken) = failure else {
            Issue.record("no failure")
            return
        }
        #expect(try await cache.credentials() == .example)
    }

    @Test func `A renewal that fails early leaves the old credentials in use until they end`() async throws {
        let mayFail = Mutex(false)
        let clock = clock
        let cache = CredentialCache(clock: clock.clock) { () async throws(CredentialFailure) in
            if mayFail.withLock({ $0 }) { throw Self.broken }
            return SessionCredentials(.example, expiration: clock.now + .seconds(3_600))
        }
        _ = try await cache.credentials()
        mayFail.withLock { $0 = true }
        clock.advance(.seconds(3_600 - 200))
        #expect(try await cache.credentials() == .example)
        clock.advance(.seconds(150))
        let failure = await error { () async throws(CredentialFailure) in try await cache.credentials() }
        #expect(failure != nil)
    }

    @Test func `Refused credentials are forgotten, newer ones are kept`() async throws {
        let source = Source(clock)
        let cache = cache(source)
        let first = try await cache.credentials()
        cache.invalidate(first)
        let second = try await cache.credentials()
        #expect(second.accessKeyID == "KEY2")
        cache.invalidate(first)
        #expect(try await cache.credentials() == second)
    }
}

extension Result where Success: Sendable {
    fileprivate init(_ body: () async throws(Failure) -> Success) async {
        do throws(Failure) {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}

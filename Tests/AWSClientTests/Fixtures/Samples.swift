import AWSValues
import Synchronization
import Testing

@testable import AWSClient

extension AccountID: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) {
        guard let account = AccountID(text) else { preconditionFailure("\(text) is not an account id") }
        self = account
    }
}

extension RepositoryName: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) {
        guard let name = RepositoryName(text) else { preconditionFailure("\(text) is not a repository's name") }
        self = name
    }
}

extension Registry {
    static func sample() throws -> Registry {
        Registry(account: "111122223333", region: try #require(Region("eu-west-1")))
    }
}

extension Credentials {
    /// The key pair of AWS's own examples.
    static let example = Credentials(
        accessKeyID: "AKIDEXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    )
    static let temporaryExample = Credentials(
        accessKeyID: "AKIDEXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        sessionToken: "TOKEN+/="
    )
}

extension CredentialCache {
    /// Always the same.
    static func fixed(_ credentials: Credentials = .temporaryExample) -> CredentialCache {
        CredentialCache(clock: .live) { () async throws(CredentialFailure) in SessionCredentials(credentials) }
    }
}

extension AWSClock {
    /// The real time, but whoever sleeps moves the clock ahead instead of waiting.
    static var impatient: AWSClock {
        let offset = Offset()
        var clock = AWSClock.live
        clock.uptime = { AWSClock.live.uptime() + offset.value.withLock { $0 } }
        clock.sleep = { (span) async throws(CancellationError) in
            guard !Task.isCancelled else { throw CancellationError() }
            offset.value.withLock { $0 += span }
            await Task.yield()
        }
        return clock
    }

    private final class Offset: Sendable {
        let value = Mutex(Duration.zero)
    }
}

/// Runs `body` with a caller on a client of its own.
func withCaller<Value>(
    _ clock: AWSClock = .impatient,
    configuration: HTTPConfiguration = HTTPConfiguration(),
    _ body: (AWSCaller) async throws -> Value
) async throws -> Value {
    var configuration = configuration
    configuration.now = clock.wall
    return try await withHTTPClient(configuration) { client in
        try await body(AWSCaller(client, clock: clock))
    }
}

/// The error that `body` throws; nil when it throws none.
func error<Failure: Error, Value>(of body: () async throws(Failure) -> Value) async -> Failure? {
    do throws(Failure) {
        _ = try await body()
        return nil
    } catch {
        return error
    }
}

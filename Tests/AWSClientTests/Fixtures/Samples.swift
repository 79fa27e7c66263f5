@testable import AWSClient

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
    /// The real time, but no wait takes longer than a moment.
    static let impatient: AWSClock = {
        var clock = AWSClock.live
        clock.sleep = { (_) async throws(CancellationError) in
            guard !Task.isCancelled else { throw CancellationError() }
            await Task.yield()
        }
        return clock
    }()
}

/// Runs `body` with a caller on a client of its own.
func withCaller<Value>(
    _ clock: AWSClock = .impatient,
    configuration: HTTPConfiguration = HTTPConfiguration(),
    _ body: (AWSCaller) async throws -> Value
) async throws -> Value {
    try await withHTTPClient(configuration) { client in
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

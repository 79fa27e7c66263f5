import AWSValues
import SimulatedAWS
import Synchronization
import Testing

@testable import AWSClient

/// What a test of the client has at hand: the client, and the simulated AWS behind it.
struct SimulatedS3 {
    let client: S3Client
    let cloud: Cloud
    let caller: AWSCaller
    let endpoint: Endpoint

    /// By attempt, as the simulation counts them: the code of its failure, nil for a success.
    var attempts: [String?] { cloud.calls.map(\.error) }

    /// A client of the same server for another bucket, or for this one with other options.
    func client(
        _ bucket: S3Bucket, credentials: AWSClient.Credentials = .platform, region: String? = nil
    ) -> S3Client {
        let endpoint = Endpoint(
            url: endpoint.url, signingRegion: region ?? bucket.region, origin: endpoint.origin)
        return S3Client(caller, bucket: bucket, endpoint: endpoint, credentials: .fixed(credentials))
    }

    static let owner = AccessKey.platform.account
    static let region = "eu-west-1"
}

extension AWSClient.Credentials {
    /// The key of every simulated world.
    static let platform = AWSClient.Credentials(
        accessKeyID: AccessKey.platform.id, secretAccessKey: AccessKey.platform.secret)
}

extension S3BucketName: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) {
        guard let name = S3BucketName(text) else { preconditionFailure("\(text) is not a bucket's name") }
        self = name
    }
}

/// Runs `body` with a client of the bucket `team` in eu-west-1, which belongs to the account of the key. Nobody waits:
/// whoever sleeps moves the clock on.
func withSimulatedS3(
    faults: Faults = Faults(), timeout: Duration = .seconds(10), maximumAttempts: Int = 3,
    world change: (inout World) -> Void = { _ in },
    _ body: @Sendable (SimulatedS3) async throws -> Void
) async throws {
    var world = World()
    world.buckets = [Bucket("team", region: SimulatedS3.region, account: SimulatedS3.owner)]
    change(&world)
    try await withSimulatedAWS(world, faults: faults) { server in
        var configuration = HTTPConfiguration()
        configuration.limit(to: timeout)
        try await withHTTPClient(configuration) { http in
            var policy = RetryPolicy()
            policy.maximumAttempts = maximumAttempts
            let caller = AWSCaller(http, policy: policy, clock: .impatient)
            let endpoint = Endpoint(
                url: try HTTPURL(parsing: server.endpoint), signingRegion: SimulatedS3.region, origin: "a test")
            let client = S3Client(
                caller, bucket: S3Bucket("team", region: SimulatedS3.region), endpoint: endpoint,
                credentials: .fixed(.platform), requestTimeout: timeout)
            try await body(
                SimulatedS3(
                    client: client, cloud: server.cloud, caller: caller, endpoint: endpoint))
        }
    }
}

/// The outcome in one word, with the tag's place held by nothing.
extension S3PutOutcome {
    var word: String {
        switch self {
        case .stored: "stored"
        case .conditionFailed: "conditionFailed"
        case .missing: "missing"
        case .conflict(let error): "conflict \(error.code)"
        case .lost(let error): "lost \(error.code)"
        }
    }

    var tag: S3Tag? { if case .stored(let tag) = self { tag } else { nil } }
}

extension S3DeleteOutcome {
    var word: String {
        switch self {
        case .deleted: "deleted"
        case .conditionFailed: "conditionFailed"
        case .missing: "missing"
        case .conflict(let error): "conflict \(error.code)"
        case .lost(let error): "lost \(error.code)"
        }
    }
}

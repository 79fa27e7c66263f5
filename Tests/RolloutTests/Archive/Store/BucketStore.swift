@testable import AWSClient
import AWSValues
import Rollout
import SimulatedAWS

@testable import ecr_share

/// Gives `body` the store that the program makes of a bucket, twice, over a simulated S3.
func withBucketStore<Result>(
    spoolFolder: Folder, faults: Faults = Faults(),
    _ body: (_ store: S3ArchiveStore, _ other: S3ArchiveStore, _ cloud: Cloud) async throws -> Result
) async throws -> Result {
    var world = SimulatedAWS.World()
    world.buckets = [Bucket("team", region: "eu-west-1", account: AccessKey.platform.account)]
    let server = try await SimulatedAWSServer.start(Cloud(world, faults: faults))
    do {
        let result = try await withHTTPClient { http in
            var endpoints = EndpointResolver()
            try endpoints.redirect(.s3, to: server.endpoint, from: "a test")
            let endpoint = try endpoints.endpoint(for: .s3, region: "eu-west-1")
            let credentials = CredentialCache(clock: .live) { () async throws(CredentialFailure) in
                SessionCredentials(
                    Credentials(accessKeyID: AccessKey.platform.id, secretAccessKey: AccessKey.platform.secret))
            }
            guard let name = S3BucketName("team") else { preconditionFailure("team is a bucket's name") }
            let client = S3Client(
                AWSCaller(http, clock: .live), bucket: S3Bucket(name, region: "eu-west-1"), endpoint: endpoint,
                credentials: credentials)
            let store = S3ArchiveStore(client, prefix: "deep/archive/", spoolFolder: spoolFolder)
            return try await body(store, store, server.cloud)
        }
        await server.stop()
        return result
    } catch {
        await server.stop()
        throw error
    }
}

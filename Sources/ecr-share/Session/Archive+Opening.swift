import AWSClient
import AWSValues
import Platform
import Rollout
import SharePlan
import Synchronization

extension Archive {
    /// The archive that was chosen, over an open AWS; runs that cannot be read are reported as a warning, once.
    ///
    /// One in a bucket that is to be written to is tested first, so that nothing is asked or written where runs could
    /// not be kept apart. Nothing is sent for one in a folder.
    /// - Throws: `CommandError` without credentials or region; ``RolloutError`` when the bucket cannot be used.
    static func open(
        _ options: ArchiveOptions, _ configuration: ConfigurationFile, _ aws: AWS,
        allowing permission: BucketPermission,
        environment: [String: String], _ messages: Messages
    ) async throws -> Archive {
        switch Settings.archive.value(options.archive, configuration) {
        case .folder(let path): return Archive(path, messages)
        case .bucket(let name, let prefix):
            try await aws.requireCredentials()
            let store = try S3ArchiveStore(
                options, configuration, aws, allowing: permission, name, prefix: prefix, environment)
            var claimant = Claimant(who: environment["USER"] ?? "an unknown user", host: hostName())
            if case .writing = permission, let identity = try? await aws.baseIdentity() {
                claimant = Claimant(who: identity.arn, host: claimant.host)
            }
            let archive = Archive(
                store, claimant: claimant, spoolFolder: .temporary(environment), warn: messages.warningOnce)
            if case .writing = permission { try await archive.test() }
            return archive
        }
    }

    fileprivate init(_ path: String, _ messages: Messages) {
        self.init(path, warn: messages.warningOnce)
    }
}

/// Opens the archive for a command that asks nothing else of AWS, for the time of `body`. For one in a folder, no
/// setting of AWS matters.
func withArchive<Value: Sendable>(
    _ options: ArchiveOptions, _ connection: ConnectionOptions, _ configuration: ConfigurationFile,
    allowing permission: BucketPermission, environment: [String: String], _ messages: Messages,
    _ body: (Archive) async throws -> Value
) async throws -> Value {
    if case .folder(let path) = Settings.archive.value(options.archive, configuration) {
        return try await body(Archive(path, messages))
    }
    return try await withAWS(AWSSettings(connection, configuration)) { aws in
        try await body(
            .open(
                options, configuration, aws, allowing: permission, environment: environment, messages))
    }
}

extension S3ArchiveStore {
    /// The objects behind a prefix of a bucket, which is reached with the options of the archive. Nothing is sent yet.
    init(
        _ options: ArchiveOptions, _ configuration: ConfigurationFile, _ aws: AWS,
        allowing permission: BucketPermission,
        _ name: S3BucketName, prefix: String, _ environment: [String: String]
    ) throws {
        let role = Settings.archiveRole.value(options.archiveRole, configuration)
        guard let region = Settings.archiveRegion.value(options.archiveRegion, configuration) ?? aws.region else {
            throw CommandError(
                .failed,
                "the region of the archive's bucket \(name) is not known: pass --archive-region, or set AWS_REGION")
        }
        let bucket = S3Bucket(
            name, region: region, owner: Settings.archiveBucketOwner.value(options.archiveBucketOwner, configuration),
            kmsKey: Settings.archiveKMSKey.value(options.archiveKMSKey, configuration))
        let policy = permission.policy(
            for: name.description, prefix: prefix, in: Partition(ofRegionNamed: region))
        do throws(AWSError) {
            self.init(
                try aws.s3(bucket, role: role, policy: policy), prefix: prefix, spoolFolder: .temporary(environment))
        } catch {
            throw CommandError(.failed, "the archive s3://\(name)/\(prefix) cannot be used: \(error.explanation)")
        }
    }
}

/// The name of this machine.
private func hostName() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "an unknown host" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

extension Messages {
    /// Says of what is found again and again that somebody should look at it, once.
    fileprivate var warningOnce: @Sendable (String) -> Void {
        let said = SaidWarnings()
        return { [self] text in
            if said.isNew(text) { warning(text) }
        }
    }
}

/// Remembers which warnings were shown.
private final class SaidWarnings: Sendable {
    private let texts = Mutex<Set<String>>([])

    func isNew(_ text: String) -> Bool { texts.withLock { $0.insert(text).inserted } }
}

import AWSClient
import ArgumentParser
import Rollout
import SharePlan

/// Where a plan is saved or read: a file, or an object of a bucket, `s3://BUCKET/NAME`.
enum PlanPlace: Sendable {
    case file(String)
    /// The name of the object behind the prefix, which is empty or ends with a slash.
    case object(S3BucketName, prefix: String, name: String)

    /// - Throws: `ValueProblem` for what is meant to be an object and cannot be one.
    init(_ text: String) throws(ValueProblem) {
        guard case .bucket(let bucket, let prefix) = try ArchivePlace(text) else {
            self = .file(text)
            return
        }
        var parts = prefix.split(separator: "/").map(String.init)
        guard !text.hasSuffix("/"), let name = parts.popLast(), !name.hasPrefix(".") else {
            throw ValueProblem(message: "\"\(text)\" does not name an object; expected s3://BUCKET/PREFIX/NAME.jsonl")
        }
        self = .object(bucket, prefix: parts.map { "\($0)/" }.joined(), name: name)
    }

    /// As an option gives it. What archives keep for themselves is not saved over.
    init(option: String, _ text: String) throws {
        do throws(ValueProblem) { try self.init(text) } catch {
            throw ValidationError("\(option): \(error.message)")
        }
        guard option == "--out", case .object(_, let prefix, let name) = self else { return }
        if name == "lock.json" || name.hasPrefix("probe-") || prefix.split(separator: "/").contains("runs") {
            throw ValidationError("\(option): \"\(text)\" is a name that archives use for themselves; give another one")
        }
    }
}

extension PlanFile {
    /// Opens a saved plan and checks all of it. That of a bucket is reached with the options of the archive.
    ///
    /// - Throws: `CommandError` when there is no such object; as ``init(opening:visiting:)``.
    static func open(
        _ place: PlanPlace, _ options: ArchiveOptions, _ configuration: ConfigurationFile, _ aws: AWS,
        environment: [String: String]
    ) async throws -> PlanFile {
        switch place {
        case .file(let path): return try PlanFile(opening: path)
        case .object(let bucket, let prefix, let name):
            try await aws.requireCredentials()
            let store = try S3ArchiveStore(
                options, configuration, aws, allowing: .reading, bucket, prefix: prefix, environment)
            guard let file = try await store.open(name) else {
                throw CommandError(.failed, "there is no plan \(store.location(of: name)); check the name in --plan")
            }
            return try PlanFile(opening: file)
        }
    }

    /// Saves the plan as a file, or as a new object of a bucket: there a plan is never replaced.
    func save(
        as place: PlanPlace, _ options: ArchiveOptions, _ configuration: ConfigurationFile, _ aws: AWS,
        environment: [String: String]
    ) async throws {
        switch place {
        case .file(let path): try save(as: path)
        case .object(let bucket, let prefix, let name):
            let store = try S3ArchiveStore(
                options, configuration, aws, allowing: .writing, bucket, prefix: prefix, environment)
            guard try await store.create(name, writing: { _ = try write(to: $0) }) != nil else {
                throw CommandError(
                    .failed,
                    "\(store.location(of: name)) is there already, and nothing is replaced in a bucket; give "
                        + "another name to --out")
            }
        }
    }
}

import Foundation
import Testing

@testable import ecr_share

/// A command line of a manifest, and the file system that the manifest gives it.
struct ManifestCommand: Sendable {
    /// A folder that is there for the command; everything else is read-only.
    enum Mount: Sendable {
        case readOnly(String, URL)
        case writable(String, URL)
        /// A new folder, removed with the command.
        case empty(String)
    }

    let name: String
    /// Without the program itself.
    let arguments: [String]
    /// Where it runs.
    let folder: String
    let mounts: [Mount]

    /// The jobs of `manifests/batch/kubernetes`: `volumes` are the folders that replace what is mounted, by the names
    /// of config maps and claims.
    static func ofPods(_ volumes: [String: URL]) throws -> [ManifestCommand] {
        let text = try text(of: "batch/kubernetes/cronjobs.yaml")
        let objects = try text.split(separator: "\n---\n").compactMap { try YAMLReader.read(Array($0.utf8)) }
        let pods = objects.filter { $0["kind"]?.text == "CronJob" }
        return try pods.map { job in
            let pod = try #require(job["spec"]?["jobTemplate"]?["spec"]?["template"]?["spec"])
            let container = try #require(pod["containers"]?.elements.first)
            #expect(container["securityContext"]?["readOnlyRootFilesystem"]?.text == "true")
            let mounts = try (container["volumeMounts"]?.elements ?? []).map { mount in
                let path = try #require(mount["mountPath"]?.text)
                let volume = try #require(pod["volumes"]?.elements.first { $0["name"]?.text == mount["name"]?.text })
                if volume["emptyDir"] != nil { return Mount.empty(path) }
                let source = volume["configMap"]?["name"] ?? volume["persistentVolumeClaim"]?["claimName"]
                let folder = try #require(volumes[source?.text ?? ""])
                return mount["readOnly"]?.text == "true" ? .readOnly(path, folder) : .writable(path, folder)
            }
            return ManifestCommand(
                name: try #require(job["metadata"]?["name"]?.text),
                arguments: container["args"]?.elements.compactMap(\.text) ?? [],
                folder: try #require(container["workingDir"]?.text), mounts: mounts)
        }
    }

    /// The jobs of `manifests/batch/systemd`, with the folders that replace `/etc/ecr-share` and the state directory.
    static func ofUnits(configuration: URL, state: URL) throws -> [ManifestCommand] {
        let unit = try settings("batch/systemd/ecr-share@.service")
        #expect(unit["ProtectSystem"] == "strict" && unit["PrivateTmp"] == "yes")
        let folder = try #require(unit["WorkingDirectory"])
        let mounts: [Mount] = [
            .readOnly(folder, configuration), .writable("/var/lib/\(try #require(unit["StateDirectory"]))", state),
            .empty("/tmp"),
        ]
        return try ["drift", "expire"].map { job in
            let words = try #require(settings("batch/systemd/\(job).env")["ECR_SHARE_ARGUMENTS"])
            return ManifestCommand(
                name: job, arguments: words.split(separator: " ").map(String.init), folder: folder, mounts: mounts)
        }
    }

    /// The lines of a text that call the program, as a shell runs them; what only keeps their status is left out.
    static func lines(of text: String) -> [String] {
        text.replacing("\\\n", with: " ").split(separator: "\n").compactMap { line in
            // A comment that marks the program's own text in a pull request is not a command.
            guard !line.contains("<!--"), let start = line.firstRange(of: /(^|\s)ecr-share (plan|apply|rollback)\b/)
            else { return nil }
            return line[start.lowerBound...].split(separator: "||")[0].trimmingCharacters(in: .whitespaces)
        }
    }

    /// A file of `manifests`.
    static func text(of name: String) throws -> String {
        try String(contentsOf: URL.project.appending(path: "manifests/\(name)"), encoding: .utf8)
    }

    /// The `NAME=VALUE` lines of a file.
    private static func settings(_ name: String) throws -> [String: String] {
        let lines = try text(of: name).split(separator: "\n").filter { !$0.hasPrefix("#") && $0.contains("=") }
        return Dictionary(
            lines.map { line in
                let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (String(parts[0]), String(parts[1]))
            }, uniquingKeysWith: { $1 })
    }
}

// MARK: - Running

extension ManifestCommand {
    /// Whether this machine lets the tests make file systems: as root, with namespaces and overlays.
    static let canMount: Bool = {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/unshare")
        process.arguments = ["--mount", "sh", "-c", "mount --make-rprivate / && mount -t tmpfs tmpfs /mnt"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    /// Makes the file system in a mount namespace of its own, and runs the program there, as the user of the manifests.
    private static let script = """
        set -eu
        base=$1 products=$2 folder=$3
        shift 3
        mount --make-rprivate /
        mount -t tmpfs tmpfs "$base"
        mkdir "$base/upper" "$base/work" "$base/files"
        mount -t overlay overlay -o "lowerdir=/,upperdir=$base/upper,workdir=$base/work" "$base/files"
        for system in /proc /dev; do mount --rbind $system "$base/files$system"; done
        mkdir -p "$base/files/program"
        mount --bind "$products" "$base/files/program"
        while [ "$1" != -- ]; do
            mkdir -p "$base/files$2"
            case $1 in
                empty) mount -t tmpfs -o mode=1777 tmpfs "$base/files$2" ;;
                *) mount --bind "$3" "$base/files$2" ;;
            esac
            [ "$1" != read-only ] || mount -o remount,bind,ro "$base/files$2"
            shift 3
        done
        shift
        mount -o remount,ro "$base/files"
        exec chroot --userspec=65532:65532 "$base/files" /usr/bin/env -C "$folder" /program/ecr-share "$@"
        """

    func run(environment: [String: String]) async throws -> Program.Result {
        try await withScratchFolder { base in
            let products = Program.ecrShare.executable.deletingLastPathComponent().path
            let words = mounts.flatMap { mount in
                switch mount {
                case .readOnly(let path, let folder): ["read-only", path, folder.path]
                case .writable(let path, let folder): ["writable", path, folder.path]
                case .empty(let path): ["empty", path, ""]
                }
            }
            return try await Program(executable: URL(filePath: "/usr/bin/unshare")).run(
                ["--mount", "sh", "-c", Self.script, "sh", base.path, products, folder] + words + ["--"] + arguments,
                environment: environment.merging(["PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"]) { $1 })
        }
    }
}

extension YAMLNode {
    /// The value of a key of a mapping.
    subscript(key: String) -> YAMLNode? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.key.text == key }?.value
    }

    /// The elements of a sequence, or the values of a mapping; none of anything else.
    var elements: [YAMLNode] {
        switch content {
        case .scalar: []
        case .sequence(let elements): elements
        case .mapping(let entries): entries.map(\.value)
        }
    }
}

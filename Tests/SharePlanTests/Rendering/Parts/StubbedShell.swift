import AWSValues
import Foundation
import SharePlan

/// A folder with an `aws` that records its arguments, and a bash that finds no other.
struct StubbedShell {
    private let folder: URL

    /// An `aws` that answers `get-repository-policy` with the `before` of each change in `entries`.
    init(policies entries: [PlanEntry]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "ecr-share-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appending(path: "policies"), withIntermediateDirectories: true)
        for case .change(let change) in entries {
            guard let before = change.before else { continue }
            try Data(before.text.utf8).write(to: folder.appending(path: "policies/\(Self.key(change.repository))"))
        }
        let aws = """
            #!/bin/bash
            printf '%s\\0' "$#" "$@" >> "$STUB_FOLDER/calls"
            case "$2" in
                get-caller-identity) echo "$STUB_ACCOUNT" ;;
                get-repository-policy)
                    policy="$STUB_FOLDER/policies/$4 $6 ${8//\\//+}"
                    if [ ! -e "$policy" ]; then
                        echo "An error occurred (RepositoryPolicyNotFoundException)" >&2
                        exit 254
                    fi
                    cat "$policy"
                    echo ;;
            esac
            """
        let file = folder.appending(path: "aws")
        try Data(aws.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }

    private static func key(_ repository: RepositoryID) -> String {
        repository.description.replacing("/", with: "+")
    }

    /// Checks and runs `script`; the calls are the arguments of every `aws`, in order.
    func run(_ script: String, as account: AccountID) throws -> (status: Int32, calls: [[String]], messages: String) {
        try? FileManager.default.removeItem(at: folder.appending(path: "calls"))
        try Data(script.utf8).write(to: folder.appending(path: "script.sh"))
        for arguments in [["-n", "script.sh"], ["script.sh"]] {
            let bash = Process()
            bash.executableURL = URL(filePath: "/bin/bash")
            bash.arguments = arguments
            bash.currentDirectoryURL = folder
            bash.environment = [
                "PATH": folder.path + ":/usr/bin:/bin", "STUB_FOLDER": folder.path,
                "STUB_ACCOUNT": account.description, "HOME": folder.path,
            ]
            let messages = Pipe()
            bash.standardError = messages
            try bash.run()
            let text = String(decoding: messages.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            bash.waitUntilExit()
            if bash.terminationStatus != 0 || arguments.count == 1 {
                return (bash.terminationStatus, try calls(), text)
            }
        }
        return (0, [], "")
    }

    private func calls() throws -> [[String]] {
        guard let data = try? Data(contentsOf: folder.appending(path: "calls")) else { return [] }
        var words = data.split(separator: 0, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }[...]
        var calls: [[String]] = []
        while let count = words.first.flatMap({ Int($0) }) {
            calls.append(Array(words.dropFirst().prefix(count)))
            words = words.dropFirst(count + 1)
        }
        return calls
    }

    /// The text of a file that a script wrote.
    func file(_ path: String) throws -> String {
        try String(decoding: Data(contentsOf: folder.appending(path: path)), as: UTF8.self)
    }

    func remove() {
        try? FileManager.default.removeItem(at: folder)
    }
}

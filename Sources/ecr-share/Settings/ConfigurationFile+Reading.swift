import AWSClient
import SharePlan

/// What is wrong with a configuration file: every problem with its line.
struct ConfigurationError: Error, Hashable, Sendable {
    let path: String
    /// `line: message`, in the order of the lines.
    let problems: [Problem]

    struct Problem: Hashable, Sendable {
        let line: Int
        let message: String
    }

    var lines: [String] {
        problems.map { "\(path):\($0.line): \($0.message)" }
    }
}

extension ConfigurationFile {
    /// Reads the YAML of a configuration file; `path` is for messages only.
    init(parsing bytes: [UInt8], path: String) throws(ConfigurationError) {
        self.init()
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        var reader = ConfigurationReader(folder: folder)
        do throws(YAMLError) {
            guard let root = try YAMLReader.read(bytes) else { return }
            reader.read(root, into: &self)
        } catch {
            throw ConfigurationError(path: path, problems: [.init(line: error.line, message: error.message)])
        }
        let problems = reader.problems.sorted { $0.line < $1.line }
        guard problems.isEmpty else { throw ConfigurationError(path: path, problems: problems) }
    }
}

/// Reads the keys of a configuration file and collects what is wrong with them.
private struct ConfigurationReader {
    private(set) var problems: [ConfigurationError.Problem] = []
    /// Where relative paths start.
    let folder: String

    init(folder: String) {
        self.folder = folder
    }

    mutating func read(_ root: YAMLNode, into file: inout ConfigurationFile) {
        forEachKey(of: root, known: ConfigurationReader.keys) { reader, key, node in
            switch key {
            case "role": file.role = reader.role(node, mayBeNone: true)
            case "via": file.via = reader.role(node, mayBeNone: false)
            case "external-id": file.externalID = reader.text(node)
            case "session-name": file.sessionName = reader.text(node)
            case "session-duration": file.sessionDuration = reader.number(node, in: 900...43_200)
            case "profile": file.profile = reader.text(node)
            case "region": file.region = reader.text(node)
            case "endpoint-url": file.endpointURL = reader.text(node)
            case "timeout": file.timeout = reader.number(node, in: 1...600)
            case "concurrency": file.concurrency = reader.number(node, in: 1...4096)
            case "archive": file.archive = reader.text(node).map(reader.path)
            case "groups": file.groups = reader.text(node).map(reader.path)
            case "allow-region":
                file.newRegions = reader.texts(node)
                for name in file.newRegions where Region(name) == nil {
                    reader.report(node, "\"\(name)\" does not have the form of a region's name, such as us-east-1")
                }
            case "check-accounts": file.checkAccounts = reader.flag(node)
            case "merge": file.merge = reader.value(node, "match, add or remove") { MergeMode(rawValue: $0) }
            case "adopt": file.adopt = reader.flag(node)
            case "adopt-sid": file.adoptedSids = reader.texts(node)
            case "take-over": file.takeOver = reader.flag(node)
            case "prune": file.prune = reader.flag(node)
            case "sid-prefix":
                file.sidPrefix = reader.value(node, "letters and digits") {
                    SharingOptions.isSidPrefix($0) ? $0 : nil
                }
            case "max-policy-size": file.maximumPolicySize = reader.number(node, in: 1_000...10_240)
            case "allow-revocations": file.allowRevocations = reader.flag(node)
            case "max-changes": file.maximumChanges = reader.bound(node)
            case "max-revocations": file.maximumRevocations = reader.bound(node)
            case "max-failures": file.maximumFailures = reader.number(node, in: 1...1_000_000)
            case "canary": file.canary = reader.bound(node)
            case "rollback-on-failure": file.rollbackOnFailure = reader.flag(node)
            case "protect": file.protectedRepositories = reader.texts(node)
            case "allow":
                file.allowedConsumers = reader.texts(node).map { $0.hasSuffix(".csv") ? reader.path($0) : $0 }
            case "accounts": reader.accounts(node, into: &file)
            default: break
            }
        }
    }

    private static let keys = [
        "role", "via", "external-id", "session-name", "session-duration", "profile", "region", "endpoint-url",
        "timeout", "concurrency", "archive", "groups", "allow-region", "check-accounts", "merge", "adopt",
        "adopt-sid", "take-over", "prune", "sid-prefix", "max-policy-size", "allow-revocations", "max-changes",
        "max-revocations", "max-failures", "canary",
        "rollback-on-failure", "protect", "allow", "accounts",
    ]

    private mutating func accounts(_ node: YAMLNode, into file: inout ConfigurationFile) {
        forEachKey(of: node, known: nil) { reader, key, node in
            guard let id = AccountID(key) else {
                reader.report(node, "\"\(key)\" is not a 12-digit account id; write it in quotes")
                return
            }
            var account = ConfigurationFile.Account()
            reader.forEachKey(of: node, known: ["role", "external-id"]) { reader, key, node in
                switch key {
                case "role": account.role = reader.role(node, mayBeNone: true)
                case "external-id": account.externalID = reader.text(node)
                default: break
                }
            }
            file.accounts[id] = account
        }
    }

    private mutating func forEachKey(
        of node: YAMLNode, known: [String]?, _ body: (inout ConfigurationReader, String, YAMLNode) -> Void
    ) {
        guard case .mapping(let entries) = node.content else {
            report(node, "expected a mapping of keys to values")
            return
        }
        var seen: Set<String> = []
        for entry in entries {
            guard let name = entry.key.text else {
                report(entry.key, "expected a key")
                continue
            }
            if !seen.insert(name).inserted {
                report(entry.key, "\"\(name)\" appears more than once")
            } else if let known, !known.contains(name) {
                report(entry.key, "unknown key \"\(name)\"; known are \(known.sorted().joined(separator: ", "))")
            } else {
                body(&self, name, entry.value)
            }
        }
    }

    private mutating func report(_ node: YAMLNode, _ message: String) {
        problems.append(.init(line: node.line, message: message))
    }

    private mutating func text(_ node: YAMLNode) -> String? {
        guard let text = node.text, !text.isEmpty else {
            report(node, "expected text")
            return nil
        }
        return text
    }

    private mutating func role(_ node: YAMLNode, mayBeNone: Bool) -> String? {
        guard let text = text(node) else { return nil }
        guard RoleTemplate.isRole(text), mayBeNone || text != "none" else {
            let none = mayBeNone ? ", nor none" : ""
            report(node, "\"\(text)\" is not the ARN of a role, such as \(AWSSettings.defaultRole)\(none)")
            return nil
        }
        return text
    }

    /// A path of the file as the program takes it: one that is not absolute starts where the file is.
    private func path(_ text: String) -> String {
        text.hasPrefix("/") ? text : folder + text
    }

    private mutating func texts(_ node: YAMLNode) -> [String] {
        guard case .sequence(let elements) = node.content else { return text(node).map { [$0] } ?? [] }
        return elements.compactMap { text($0) }
    }

    private mutating func value<Value>(_ node: YAMLNode, _ expected: String, _ parse: (String) -> Value?) -> Value? {
        if let value = node.text.flatMap(parse) { return value }
        report(node, "expected \(expected)")
        return nil
    }

    private mutating func flag(_ node: YAMLNode) -> Bool? {
        value(node, "true or false") { ["true": true, "false": false][$0] }
    }

    private mutating func number(_ node: YAMLNode, in range: ClosedRange<Int>) -> Int? {
        value(node, "a number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    private mutating func bound(_ node: YAMLNode) -> PlanLimits.Bound? {
        value(node, "a number or a share such as 10%") { PlanLimits.Bound($0) }
    }
}

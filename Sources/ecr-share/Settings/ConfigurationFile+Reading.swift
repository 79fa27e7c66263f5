import AWSClient
import AWSValues

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
        let settings = Dictionary(uniqueKeysWithValues: Settings.all.map { ($0.name, $0) })
        forEachKey(of: root, known: settings.keys + ["accounts"]) { reader, key, node in
            guard let setting = settings[key] else { return reader.accounts(node, into: &file) }
            reader.read(node, as: setting, into: &file)
        }
    }

    private mutating func read(_ node: YAMLNode, as setting: any AnySetting, into file: inout ConfigurationFile) {
        let nodes: [YAMLNode] =
            if setting.takesMany, case .sequence(let elements) = node.content { elements } else { [node] }
        let before = problems.count
        for node in nodes {
            if let text = node.text {
                if let problem = setting.problem(with: text) { report(node, problem) }
            } else {
                report(node, "expected \(setting.takesMany ? "text" : setting.words)")
            }
        }
        guard problems.count == before else { return }
        setting.set(nodes.compactMap(\.text), in: &file) { $0.hasPrefix("/") ? $0 : folder + $0 }
    }

    private mutating func accounts(_ node: YAMLNode, into file: inout ConfigurationFile) {
        forEachKey(of: node, known: nil) { reader, key, node in
            guard let id = AccountID(key) else {
                reader.report(node, "\"\(key)\" is not a 12-digit account id; write it in quotes")
                return
            }
            var account = ConfigurationFile.Account()
            reader.forEachKey(of: node, known: ["role", "external-id"]) { reader, key, node in
                switch key {
                case "role": account.role = reader.value(node, of: Settings.role)
                case "external-id": account.externalID = reader.value(node, of: Settings.externalID)
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

    /// The value of a setting that an account has of its own.
    private mutating func value<Result>(_ node: YAMLNode, of setting: Setting<String, Result>) -> String? {
        var own = ConfigurationFile()
        read(node, as: setting, into: &own)
        return own[setting]
    }
}

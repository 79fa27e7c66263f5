import AWSValues
import Rollout
import SharePlan

/// A matrix as the histories draw it: its rows, what the program reads of them, and what they mean, computed
/// independently.
struct HistoryMatrix {
    struct Row: Hashable {
        let registry: Registry
        /// A name, or a glob with `*` at its end.
        let pattern: String
        let consumer: String
        /// `pull`, `push`, `lambda` or `lambda-only`.
        let access: String
        let isExpired: Bool

        func covers(_ repository: RepositoryID) -> Bool {
            guard repository.registry == registry else { return false }
            guard let star = pattern.firstIndex(of: "*") else { return pattern == repository.name.text }
            return repository.name.text.hasPrefix(String(pattern[..<star]))
        }

        /// What the row names, whatever its access includes.
        var atoms: Set<PolicyModel.Atom> {
            func atom(_ what: String) -> PolicyModel.Atom { PolicyModel.Atom(consumer: consumer, what: what) }
            return switch access {
            case "pull": [atom("pull")]
            case "push": [atom("pull"), atom("push")]
            case "lambda": [atom("pull"), atom("lambda \(registry.region.name)")]
            default: [atom("lambda \(registry.region.name)")]
            }
        }
    }

    let rows: [Row]

    /// What is wanted on a repository.
    func wanted(_ repository: RepositoryID) -> Set<PolicyModel.Atom> {
        rows.reduce(into: []) { if !$1.isExpired, $1.covers(repository) { $0.formUnion($1.atoms) } }
    }

    /// What `remove` takes there at least, and at most: who loses pull loses push; who loses push may keep pull.
    func removed(_ repository: RepositoryID) -> (least: Set<PolicyModel.Atom>, most: Set<PolicyModel.Atom>) {
        var least: Set<PolicyModel.Atom> = []
        var most: Set<PolicyModel.Atom> = []
        for row in rows where row.covers(repository) {
            most.formUnion(row.atoms)
            switch row.access {
            case "push": least.insert(PolicyModel.Atom(consumer: row.consumer, what: "push"))
            default: least.formUnion(row.atoms)
            }
            if row.access != "lambda-only" {
                most.insert(PolicyModel.Atom(consumer: row.consumer, what: "push"))
                if row.access != "push" { least.insert(PolicyModel.Atom(consumer: row.consumer, what: "push")) }
            }
        }
        return (least, most)
    }

    /// Whether the matrix names the repository itself.
    func names(_ repository: RepositoryID) -> Bool {
        rows.contains { !$0.pattern.contains("*") && $0.covers(repository) }
    }

    func covers(_ repository: RepositoryID) -> Bool { rows.contains { $0.covers(repository) } }

    func hasGlob(in registry: Registry) -> Bool {
        rows.contains { $0.registry == registry && $0.pattern.contains("*") }
    }

    var registries: Set<Registry> { Set(rows.map(\.registry)) }

    var text: String {
        "owner_account,region,repository,consumer,access,consumer_region,expires,reason\n"
            + rows.map { row in
                "\(row.registry.account),\(row.registry.region.name),\(row.pattern),\(row.consumer),\(row.access),,"
                    + "\(row.isExpired ? "2026-01-31" : ""),\n"
            }.joined()
    }

    var summary: String {
        rows.map { "\($0.pattern) \($0.consumer) \($0.access)\($0.isExpired ? " (expired)" : "")" }
            .joined(separator: "; ")
    }

    /// The program's own reading of it.
    func targets(mode: MergeMode, prunes: Bool) throws -> HistoryTargets {
        let result = Matrix.parse(Array(text.utf8), path: "m.csv", today: HistoryMatrix.today)
        guard let matrix = result.matrix else { throw Unreadable(description: "\(result.diagnostics)\n\(text)") }
        return HistoryTargets(matrix, mode: mode, prunes: prunes)
    }

    /// A matrix that the histories drew and that the program does not take: a mistake of one of them.
    struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }

    // swift-format-ignore: NeverForceUnwrap
    /// The day of the histories, a literal.
    private static let today = CalendarDate("2026-11-24")!

    static func drawn(_ dice: inout Dice, for repositories: [RepositoryID], consumers: [String]) -> HistoryMatrix {
        var rows: [Row] = []
        var seen: Set<[String]> = []
        var expired: [[String]: Bool] = [:]
        let few = dice.subset(of: consumers, percent: 60)
        let consumers = few.isEmpty ? consumers : few
        var subjects = dice.subset(of: repositories, percent: 75).map { ($0.registry, $0.name.text) }
        if dice.percent(35) {
            subjects.append((dice.pick(repositories).registry, dice.pick(["base/*", "*", "app/*"])))
        }
        if subjects.isEmpty { subjects = [(repositories[0].registry, repositories[0].name.text)] }
        for (registry, pattern) in subjects {
            for _ in 0..<dice.between(1, 3) {
                let consumer = dice.pick(consumers)
                let isAccount = Int(consumer) != nil
                let access = dice.pick(
                    isAccount ? ["pull", "pull", "pull", "push", "push", "lambda", "lambda-only"] : ["pull", "push"])
                let isExpired = expired[[pattern, consumer], default: dice.percent(6)]
                expired[[pattern, consumer]] = isExpired
                guard seen.insert(["\(registry)", pattern, consumer, access]).inserted else { continue }
                rows.append(
                    Row(
                        registry: registry, pattern: pattern, consumer: consumer, access: access,
                        isExpired: isExpired))
            }
        }
        return HistoryMatrix(rows: rows)
    }
}

/// A matrix as the planner asks for it.
final class HistoryTargets: TargetSource, @unchecked Sendable {
    // Unchecked: used by the simulation's thread alone.

    let matrix: Matrix
    private let mode: MergeMode
    let prunes: Bool
    private var targets: [RepositoryID: Target] = [:]

    init(_ matrix: Matrix, mode: MergeMode, prunes: Bool) {
        self.matrix = matrix
        self.mode = mode
        self.prunes = prunes
    }

    var registries: [Registry] { matrix.registries }

    func needsListing(of registry: Registry) -> Bool { prunes || matrix.needsListing(of: registry) }

    func targets(in registry: Registry, live: [RepositoryName]?) -> [RepositoryID] {
        let found = matrix.targets(in: registry, live: live).targets
        for target in found { targets[target.repository] = target }
        let named = found.map(\.repository)
        guard prunes, let live else { return named }
        return Array(Set(named).union(live.map { RepositoryID(registry: registry, name: $0) }))
    }

    func covers(_ repository: RepositoryID) -> Bool { targets[repository] != nil }

    func wantedGrants(for repository: RepositoryID) -> [WantedGrant] {
        targets[repository].map { matrix.wantedGrants(for: $0, mode: mode) } ?? []
    }
}

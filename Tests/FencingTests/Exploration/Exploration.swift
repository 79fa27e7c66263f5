import Foundation
import Fencing
import Testing

/// A world to explore.
struct Exploration: CustomTestStringConvertible, Sendable {
    /// How deep the larger worlds are explored; nil unless they are asked for.
    static let depth = ProcessInfo.processInfo.environment["ECR_SHARE_LEASE_DEPTH"].flatMap { Int($0) }

    let name: String
    let limits: ShardWorld.Limits
    let checksProgress: Bool

    init(_ name: String, _ limits: ShardWorld.Limits, checksProgress: Bool = false) {
        self.name = name
        self.limits = limits
        self.checksProgress = checksProgress
    }

    var testDescription: String { name }

    func run(depth: Int = .max) -> Explorer<ShardWorld> {
        var explorer: Explorer<ShardWorld>?
        let time = ContinuousClock().measure {
            explorer = Explorer(ShardWorld(limits), depth: depth, checksProgress: checksProgress)
        }
        guard let explorer else { preconditionFailure("nothing was explored") }
        if Exploration.depth != nil {
            let end = explorer.isComplete ? "all" : "part"
            print(
                "\(name): \(end), \(explorer.states) states, \(explorer.steps) steps, depth \(explorer.depth), \(time)")
        }
        return explorer
    }
}

/// A mistake, the world in which it shows, and the rule that it breaks there.
struct Mutation: CustomTestStringConvertible, Sendable {
    let limits: ShardWorld.Limits
    let rule: String

    init(_ flaw: Flaws, _ limits: ShardWorld.Limits, _ rule: String) {
        var limits = limits
        limits.flaws = flaw
        self.limits = limits
        self.rule = rule
    }

    var testDescription: String { "\(limits.flaws) \(rule)" }

    func run() -> Explorer<ShardWorld> { Explorer(ShardWorld(limits)) }
}

extension ShardWorld.Limits {
    /// A world with one time for all; the clock of each worker goes so many units a tick. Times have the proportions of
    /// the standard ones, but that the renewal comes after half of the lease.
    static func timed(_ rates: [Int], ticks: Int, crashes: Int = 0) -> ShardWorld.Limits {
        let unit = rates.max() ?? 1
        return ShardWorld.Limits(
            workers: rates.count, crashes: crashes, ticks: ticks, rates: rates, splitsAnswers: false,
            timing: LeaseTiming(ttl: .ticks(2 * unit), renewal: .ticks(unit), requestTimeout: .ticks(unit)))
    }
}

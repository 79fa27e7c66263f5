import AWSValues
import OrderedCollections
import OrderedJSON
import Rollout
import SharePlan

/// The registries of a simulated world: every policy that ever was live, and who wrote it.
///
/// It answers after a while, and fails as the dice say: it throttles, loses answers, calls failed what it did, and
/// shows for a moment the policy from before a write.
final class SimulatedECR: @unchecked Sendable {
    // Unchecked: used by the simulation's thread alone.

    enum Author: Equatable, CustomStringConvertible {
        case start
        case hand(Int)
        case attempt(Int)

        var description: String {
            switch self {
            case .start: "the beginning"
            case .hand(let number): "edit \(number)"
            case .attempt(let number): "attempt \(number)"
            }
        }
    }

    /// One state of a policy.
    struct Version {
        let at: Int
        /// As ECR prints it.
        let text: String?
        let author: Author
        /// What the writer had seen when it wrote.
        var look: Look?
        /// When its writer learned that it is there.
        var acknowledgedAt: Int?
        /// Whether its writer has read it: from then on it reads nothing older.
        var isSettled = false
    }

    /// One read by a program.
    struct Look {
        let sentAt: Int
        /// When the policy was read in ECR.
        var servedAt = -1
        /// When the reader had the answer.
        var answeredAt = -1
        /// Which version it saw; nil when the read failed.
        var version: Int?
        var text: String?
        var isStale = false
    }

    /// How often what goes wrong, in a thousand calls, and how long calls take, in microseconds.
    struct Weather {
        var latency = 20_000
        var slow = 0
        var failedRead = 0
        var failedList = 0
        var staleRead = 0
        var throttled = 0
        /// Answers that are lost, with and without the write having been done.
        var lostDone = 0
        var lostUndone = 0
        /// Failures that ECR reports, with and without the write having been done.
        var errorDone = 0
        var errorUndone = 0
        var denied = 0
        /// Turns a second that a program takes for itself.
        var turns = 50
        /// Writes a second that a registry takes; nil for any number.
        var limit: Int?

        static let calm = Weather()

        static func drawn(_ dice: inout Dice) -> Weather {
            var weather = Weather()
            weather.latency = dice.pick([2_000, 20_000, 60_000, 200_000])
            weather.turns = dice.pick([2, 4, 10, 50, 1000])
            weather.staleRead = dice.pick([0, 0, 100, 400])
            let level = dice.pick([0, 0, 0, 1, 1, 3, 8])
            weather.slow = 5 * level
            weather.failedRead = 2 * level
            weather.failedList = 20 * level
            weather.throttled = 20 * level
            weather.lostDone = 8 * level
            weather.lostUndone = 8 * level
            weather.errorDone = 8 * level
            weather.errorUndone = 8 * level
            weather.denied = 3 * level
            if dice.percent(10) { weather.limit = dice.between(2, 8) }
            return weather
        }
    }

    let simulation: Simulation
    let judge: Judge
    var weather = Weather.calm
    private(set) var versions: [RepositoryID: [Version]] = [:]
    private(set) var looks: [Int: [RepositoryID: Look]] = [:]
    /// Principals that ECR does not know, and until when; nil: never.
    var unknownPrincipals: [String: Int?] = [:]
    private var writesInSecond: [Registry: (second: Int, count: Int)] = [:]
    private var lastServed: [RepositoryID: Int] = [:]
    private var hands = 0

    init(_ simulation: Simulation, judge: Judge) {
        self.simulation = simulation
        self.judge = judge
    }

    var repositories: [RepositoryID] { versions.keys.sorted() }

    func create(_ repository: RepositoryID, _ text: String?) {
        versions[repository] = [Version(at: simulation.now, text: text.map(SimulatedECR.print), author: .start)]
    }

    func text(of repository: RepositoryID) -> String? { versions[repository]?.last?.text }

    // MARK: Edits by others

    /// Somebody's edit, which happens at once.
    func edit(_ repository: RepositoryID, _ what: String, _ change: (String?) -> String?) {
        guard let last = versions[repository]?.last else { return }
        let text = change(last.text).map(SimulatedECR.print)
        guard text != last.text else { return }
        hands += 1
        versions[repository]?.append(Version(at: simulation.now, text: text, author: .hand(hands)))
        simulation.note([1, hands], "edit \(hands): somebody \(what) on \(repository.name)\(SimulatedECR.brief(text))")
    }

    // MARK: Calls

    /// The time that one way takes.
    private func latency() -> Int {
        let base = simulation.dice.between(weather.latency / 2, weather.latency * 3 / 2)
        return simulation.dice.perMille(weather.slow) ? base * 20 : base
    }

    func list(_ registry: Registry, _ process: SimulatedProcess) async -> Result<[RepositoryName], StoreError> {
        await process.ask(lost: .failure(.lost)) { [self] answer in
            let isFailed = simulation.dice.perMille(weather.failedList)
            simulation.after(latency()) { [self] in
                let names = repositories.filter { $0.registry == registry }.map(\.name)
                let result: Result<[RepositoryName], StoreError> = isFailed ? .failure(.server) : .success(names)
                simulation.note([2, isFailed ? 1 : 0], "\(process.name) lists: \(isFailed ? "fails" : "done")")
                simulation.after(latency(), owner: process) { answer(result) }
            }
        }
    }

    func read(
        _ repository: RepositoryID, _ process: SimulatedProcess, of attempt: Attempt
    ) async -> Result<String?, StoreError> {
        await process.ask(lost: .failure(.lost)) { [self] answer in
            var look = Look(sentAt: simulation.now)
            let isFailed = simulation.dice.perMille(weather.failedRead)
            let maybeStale = simulation.dice.perMille(weather.staleRead)
            simulation.after(latency()) { [self] in
                var result: Result<String?, StoreError> = .failure(isFailed ? .server : .noRepository)
                look.servedAt = simulation.now
                if !isFailed, let all = versions[repository] {
                    look.isStale = maybeStale && isFresh(all, by: attempt)
                    look.version = all.count - (look.isStale ? 2 : 1)
                    look.text = all[all.count - (look.isStale ? 2 : 1)].text
                    result = .success(look.text)
                    if !look.isStale, all.last?.author == .attempt(attempt.number) {
                        versions[repository]?[all.count - 1].isSettled = true
                    }
                }
                if look.version == nil { attempt.failedReads.insert(repository) }
                simulation.note(
                    [3, attempt.number, look.version ?? -1],
                    "\(process.name) reads \(repository.name): "
                        + (look.version.map { "version \($0)\(look.isStale ? " (stale)" : "")" } ?? "fails"))
                simulation.after(latency(), owner: process) { [self] in
                    guard !process.isDead else { return }
                    look.answeredAt = simulation.now
                    looks[attempt.number, default: [:]][repository] = look
                    attempt.lastCall[repository] = .read
                    answer(result)
                }
            }
        }
    }

    /// Whether ECR may still show the version before the last: right after a write, to its writer.
    private func isFresh(_ all: [Version], by attempt: Attempt) -> Bool {
        guard let last = all.last, all.count > 1, last.author == .attempt(attempt.number),
            let acknowledged = last.acknowledgedAt, !last.isSettled
        else { return false }
        return simulation.now - acknowledged < 1_500_000
    }

    func write(
        _ text: String?, to repository: RepositoryID, _ process: SimulatedProcess, of attempt: Attempt
    ) async -> Result<String?, WriteFailure> {
        await process.ask(lost: .failure(WriteFailure(.lost))) { [self] answer in
            let look = looks[attempt.number]?[repository]
            judge.willWrite(text, to: repository, look, by: attempt, self)
            attempt.lastCall[repository] = .write
            let fate = fate(of: text, to: repository)
            simulation.after(latency()) { [self] in
                let fate = versions[repository] == nil ? .refused(.noRepository) : limited(fate, repository.registry)
                if fate.isDone { store(text, in: repository, look, by: attempt) }
                simulation.note(
                    [4, attempt.number, fate.isDone ? 1 : 0],
                    "\(process.name) writes \(repository.name): \(fate)\(SimulatedECR.brief(text))")
                simulation.after(latency(), owner: process) { [self] in
                    guard !process.isDead else { return }
                    if fate == .done { acknowledge(repository, attempt) }
                    if fate.isUnclear { attempt.record.mayHaveWritten.insert(repository) }
                    switch fate {
                    case .done: answer(.success(text.map(SimulatedECR.print)))
                    case .throttled:
                        answer(.failure(WriteFailure(.throttled, mayRepeat: attempt.countThrottled(repository) < 9)))
                    case .refused(let error), .lost(let error, _): answer(.failure(WriteFailure(error)))
                    }
                }
            }
        }
    }

    private func store(_ text: String?, in repository: RepositoryID, _ look: Look?, by attempt: Attempt) {
        let printed = text.map(SimulatedECR.print)
        judge.didWrite(printed, to: repository, look, by: attempt, self)
        versions[repository]?.append(
            Version(at: simulation.now, text: printed, author: .attempt(attempt.number), look: look))
    }

    private func acknowledge(_ repository: RepositoryID, _ attempt: Attempt) {
        guard let index = versions[repository]?.lastIndex(where: { $0.author == .attempt(attempt.number) }) else {
            return
        }
        versions[repository]?[index].acknowledgedAt = simulation.now
    }

    // MARK: What becomes of a write

    private enum Fate: Equatable, CustomStringConvertible {
        case done
        case throttled
        case refused(StoreError)
        case lost(StoreError, isDone: Bool)

        var isDone: Bool {
            switch self {
            case .done, .lost(_, true): true
            case .throttled, .refused, .lost(_, false): false
            }
        }

        /// Whether the writer cannot know that it was not done.
        var isUnclear: Bool {
            switch self {
            case .lost: true
            case .done, .throttled, .refused: false
            }
        }

        var description: String {
            switch self {
            case .done: "done"
            case .throttled: "throttled"
            case .refused(let error): "refused, \(error.code)"
            case .lost(let error, let isDone): "\(error.code), \(isDone ? "though done" : "not done")"
            }
        }
    }

    private func fate(of text: String?, to repository: RepositoryID) -> Fate {
        for (principal, until) in unknownPrincipals where (until ?? .max) > simulation.now {
            if text?.contains(principal) ?? false { return .refused(.noPrincipal) }
        }
        let number = simulation.dice.below(1000)
        var sum = 0
        for (share, fate) in [
            (weather.throttled, Fate.throttled), (weather.lostDone, .lost(.lost, isDone: true)),
            (weather.lostUndone, .lost(.lost, isDone: false)), (weather.errorDone, .lost(.unclear, isDone: true)),
            (weather.errorUndone, .lost(.unclear, isDone: false)), (weather.denied, .refused(.denied)),
        ] {
            sum += share
            if number < sum { return fate }
        }
        return .done
    }

    private func limited(_ fate: Fate, _ registry: Registry) -> Fate {
        guard let limit = weather.limit, fate.isDone else { return fate }
        let second = simulation.now / 1_000_000
        var used = writesInSecond[registry] ?? (second, 0)
        if used.second != second { used = (second, 0) }
        used.count += 1
        writesInSecond[registry] = used
        return used.count > limit ? .throttled : fate
    }

    // MARK: Printing

    /// As ECR prints what it was sent: with white space, and accounts as their root ARNs.
    static func print(_ text: String) -> String {
        guard var document = (try? JSONValue(parsing: text))?.object,
            let statements = document["Statement"]?.array
        else { return text }
        document["Statement"] = .array(
            statements.map { statement in
                guard var members = statement.object, var principal = members["Principal"]?.object,
                    let names = principal["AWS"]
                else { return statement }
                func spelled(_ value: JSONValue) -> JSONValue {
                    guard let text = value.string, text.utf8.count == 12, Int(text) != nil else { return value }
                    return .string("arn:aws:iam::\(text):root")
                }
                principal["AWS"] = names.array.map { .array($0.map(spelled)) } ?? spelled(names)
                members["Principal"] = .object(principal)
                return .object(members)
            })
        return JSONValue.object(document).pretty
    }

    /// A policy in a few words, for a story.
    static func brief(_ text: String?) -> String {
        guard let text else { return " → no policy" }
        let words = PolicyModel(reading: text).statements.map { statement in
            (statement.sid ?? "-") + (statement.atoms.map { "\($0.sorted())" } ?? "[…]")
        }
        return " → " + words.joined(separator: " ")
    }
}

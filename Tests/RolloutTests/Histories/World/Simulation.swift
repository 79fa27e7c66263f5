import Platform
import Synchronization
import TestSupport

/// One seed decides a whole history.
struct Dice: RandomNumberGenerator {
    private var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    mutating func next() -> UInt64 { random.next() }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }

    mutating func between(_ low: Int, _ high: Int) -> Int { low + below(high - low + 1) }

    /// True in this many of a thousand cases.
    mutating func perMille(_ share: Int) -> Bool { below(1000) < share }

    mutating func percent(_ share: Int) -> Bool { below(100) < share }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    mutating func subset<Element>(of elements: [Element], percent: Int) -> [Element] {
        elements.filter { _ in self.percent(percent) }
    }
}

/// A small world of processes in which everything happens on one thread, in an order that one seed decides.
///
/// Which of the jobs that could run is next is drawn; time moves only when none can run. So two runs of one seed are
/// the same, and whatever can happen between two steps of a program happens in some seed.
final class Simulation: @unchecked Sendable {
    // Unchecked: everything but `strays` is used by the thread that made it; `enqueue` sees to that.

    /// Something that happens at a moment.
    private struct Timer {
        let time: Int
        let number: Int
        /// Whose it is: it happens at once when that process dies. nil: it is the world's.
        let owner: SimulatedProcess?
        let action: () -> Void
    }

    /// Microseconds since the beginning.
    private(set) var now = 0
    var dice: Dice
    /// What happened, as a number that two equal histories share.
    private(set) var trace: UInt64 = 0xCBF2_9CE4_8422_2325
    /// What happened, in words, when they are wanted.
    private(set) var story: [String] = []
    /// What must not happen in a simulation: work that left its thread, or that waits for nothing.
    private(set) var flaws: [String] = []

    private let tellsStory: Bool
    private var ready: [(process: SimulatedProcess, job: UnownedJob)] = []
    /// The next is the last.
    private var timers: [Timer] = []
    private var numbers = 0
    private let thread = pthread_self()
    private let strays = Mutex<[(process: SimulatedProcess, job: UnownedJob)]>([])

    init(seed: UInt64, tellsStory: Bool = false) {
        dice = Dice(seed: seed)
        self.tellsStory = tellsStory
    }

    // MARK: What happened

    /// Notes an event: `numbers` for the trace, `words` for the story.
    func note(_ numbers: [Int], _ words: @autoclosure () -> String) {
        for number in [now] + numbers {
            trace = (trace ^ UInt64(bitPattern: Int64(number))) &* 0x0000_0100_0000_01B3
        }
        if tellsStory { tell(words()) }
    }

    func tell(_ words: @autoclosure () -> String) {
        guard tellsStory else { return }
        let milliseconds = String(now / 1000)
        story.append(
            String(repeating: " ", count: max(0, 7 - milliseconds.utf8.count)) + milliseconds + " ms  " + words())
    }

    // MARK: Time

    /// Does `action` in this many microseconds.
    @discardableResult
    func after(_ delay: Int, owner: SimulatedProcess? = nil, _ action: @escaping () -> Void) -> Int {
        numbers += 1
        let timer = Timer(time: now + max(delay, 0), number: numbers, owner: owner, action: action)
        let index = timers.firstIndex { ($0.time, $0.number) < (timer.time, timer.number) } ?? timers.count
        timers.insert(timer, at: index)
        return numbers
    }

    /// Takes a timer out and returns what it was to do; nil when it has been done.
    func cancelTimer(_ number: Int) -> (() -> Void)? {
        timers.firstIndex { $0.number == number }.map { timers.remove(at: $0).action }
    }

    // MARK: Running

    /// Takes a job that can run. Called by the Swift runtime.
    func enqueue(_ job: UnownedJob, of process: SimulatedProcess) {
        if pthread_equal(thread, pthread_self()) != 0 {
            ready.append((process, job))
        } else {
            strays.withLock { $0.append((process, job)) }
        }
    }

    /// Runs the world until `isOver`.
    func run(until isOver: () -> Bool) {
        while !isOver() {
            if !ready.isEmpty {
                ready.swapAt(dice.below(ready.count), ready.count - 1)
                if let process = ready.last?.process, process.isToDie() {
                    kill(process)
                    continue
                }
                let (process, job) = ready.removeLast()
                job.runSynchronously(on: process.asUnownedTaskExecutor())
            } else if let timer = timers.popLast() {
                now = max(now, timer.time)
                timer.action()
            } else if !waitForStrays() {
                flaws.append("the world stands still and somebody still waits")
                return
            }
        }
    }

    /// Lets this many microseconds pass.
    func pass(_ duration: Int) {
        var isOver = false
        after(duration) { isOver = true }
        run { isOver }
    }

    /// Ends a process as a power cut would: whatever it still does has no effect outside itself. Its tasks are unwound,
    /// so that nothing of them stays behind; `run` comes back to the others when that is done.
    func kill(_ process: SimulatedProcess) {
        guard !process.isDead else { return }
        process.die()
        // No time passes and nobody else moves.
        while !process.hasEnded {
            if let index = ready.lastIndex(where: { $0.process === process }) {
                let (_, job) = ready.remove(at: index)
                job.runSynchronously(on: process.asUnownedTaskExecutor())
            } else if let index = timers.lastIndex(where: { $0.owner === process }) {
                timers.remove(at: index).action()
            } else if !waitForStrays() {
                flaws.append("\(process.name) cannot be unwound")
                return
            }
        }
    }

    /// Jobs from other threads: there must be none, since their order is not determined.
    private func waitForStrays() -> Bool {
        for _ in 0..<2000 {
            let found = strays.withLock { strays in
                defer { strays = [] }
                return strays
            }
            if !found.isEmpty {
                flaws.append("\(found[0].process.name) left the simulated thread")
                ready += found
                return true
            }
            usleep(1000)
        }
        return false
    }
}

/// One process of the world: an executor on which all of its tasks run, and which can be killed.
final class SimulatedProcess: TaskExecutor, @unchecked Sendable {
    // Unchecked: used by the simulation's thread alone.

    let simulation: Simulation
    let name: String
    /// After this many of its jobs it dies; nil: it does not.
    var jobsToLive: Int?
    /// Called when it dies, before it is unwound.
    var atDeath: () -> Void = {}
    private(set) var isDead = false
    private(set) var hasEnded = false
    private var cancel: () -> Void = {}
    /// Answers that it waits for, by number: what is called when it dies.
    private var openCalls: [Int: () -> Void] = [:]
    private var calls = 0

    init(_ name: String, in simulation: Simulation) {
        self.name = name
        self.simulation = simulation
    }

    func enqueue(_ job: consuming ExecutorJob) {
        simulation.enqueue(UnownedJob(job), of: self)
    }

    /// Starts the process; `end` is called with what its `body` came to.
    func start<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value, end: @escaping (Result<Value, any Error>) -> Void
    ) {
        let end = Unshared(end)
        let task = Task(executorPreference: self) {
            let result: Result<Value, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            end.value(result)
            self.hasEnded = true
        }
        cancel = { task.cancel() }
    }

    fileprivate func isToDie() -> Bool {
        guard let jobs = jobsToLive else { return false }
        jobsToLive = jobs > 0 ? jobs - 1 : nil
        return jobs == 0
    }

    fileprivate func die() {
        isDead = true
        atDeath()
        cancel()
        for call in openCalls.sorted(by: { $0.key < $1.key }) { call.value() }
    }

    // MARK: Waiting

    /// Waits this many microseconds; throws when the task is cancelled before.
    func sleep(_ duration: Int) async throws {
        try Task.checkCancellation()
        let wait = Unshared(Wait<Void>())
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                wait.value.begin(continuation)
                simulation.after(duration, owner: self) { wait.value.end(()) }
            }
        } onCancel: {
            wait.value.end(())
        }
        try Task.checkCancellation()
    }

    /// Asks something of the world outside: `request` is called at once with what takes the answer. When the process
    /// dies or the task is cancelled, the answer is `lost`; what was sent is on its way all the same.
    func ask<Answer: Sendable>(
        lost: Answer, _ request: @escaping (_ answer: @escaping (Answer) -> Void) -> Void
    ) async -> Answer {
        if isDead || Task.isCancelled { return lost }
        calls += 1
        let number = calls
        let wait = Unshared(Wait<Answer>())
        let request = Unshared(request)
        openCalls[number] = { wait.value.end(lost) }
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                wait.value.begin(continuation)
                request.value { wait.value.end($0) }
            }
        } onCancel: {
            wait.value.end(lost)
        }
        openCalls[number] = nil
        return answer
    }
}

/// Something that only the simulation's thread touches.
struct Unshared<Value>: @unchecked Sendable {
    // Unchecked: nothing leaves the simulation's thread, and a job that does is a flaw that fails the test.
    let value: Value

    init(_ value: Value) {
        self.value = value
    }
}

/// A continuation that is resumed once, by whatever comes first.
private final class Wait<Value: Sendable> {
    private var continuation: CheckedContinuation<Value, Never>?
    private var early: Value?
    private var isOver = false

    func begin(_ continuation: CheckedContinuation<Value, Never>) {
        if let early {
            continuation.resume(returning: early)
        } else {
            self.continuation = continuation
        }
    }

    func end(_ value: Value) {
        guard !isOver else { return }
        isOver = true
        if let continuation {
            self.continuation = nil
            continuation.resume(returning: value)
        } else {
            early = value
        }
    }
}

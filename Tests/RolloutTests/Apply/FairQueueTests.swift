import Rollout
import Synchronization
import TestSupport
import Testing

@Suite struct FairQueueTests {
    private func queue(_ lanes: [(lane: String, count: Int)]) -> FairQueue<String, Int> {
        var queue = FairQueue<String, Int>()
        for (lane, count) in lanes {
            for item in 0..<count { queue.add(item, to: lane) }
        }
        return queue
    }

    @Test func `Lanes take turns, each in its own order`() {
        var queue = queue([("a", 3), ("b", 2), ("c", 1)])
        var taken: [String] = []
        while let (lane, item) = queue.next() { taken.append("\(lane)\(item)") }
        #expect(taken == ["a0", "b0", "c0", "a1", "b1", "a2"])
        #expect(queue.inFlight == 6 && queue.waiting == 0)
    }

    @Test func `A lane that finishes nothing keeps its share`() {
        var queue = queue([("slow", 100), ("fast", 100)])
        var inFlight: [String: Int] = [:]
        var finished = 0
        for _ in 0..<8 { if let (lane, _) = queue.next() { inFlight[lane, default: 0] += 1 } }
        while inFlight["fast", default: 0] > 0 {
            queue.finish(in: "fast")
            inFlight["fast", default: 0] -= 1
            finished += 1
            if let (lane, _) = queue.next() { inFlight[lane, default: 0] += 1 }
            if finished <= 96 { #expect(inFlight["slow"] == 4) }
        }
        #expect(finished == 100)
    }

    /// Against a model that searches all lanes.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func `The next lane is always one with the fewest in flight`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var queue = FairQueue<Int, Int>()
        var waiting: [Int: [Int]] = [:]
        var inFlight: [Int: Int] = [:]
        for step in 0..<2000 {
            let lane = Int.random(in: 0..<6, using: &generator)
            switch Int.random(in: 0..<3, using: &generator) {
            case 0:
                queue.add(step, to: lane)
                waiting[lane, default: []].append(step)
            case 1:
                let fewest = waiting.filter { !$0.value.isEmpty }.keys.map { inFlight[$0, default: 0] }.min()
                let next = queue.next()
                #expect((next == nil) == (fewest == nil))
                guard let (lane, item) = next else { continue }
                #expect(inFlight[lane, default: 0] == fewest)
                #expect(waiting[lane]?.removeFirst() == item)
                inFlight[lane, default: 0] += 1
            default:
                guard inFlight[lane, default: 0] > 0 else { continue }
                queue.finish(in: lane)
                inFlight[lane, default: 0] -= 1
            }
            #expect(queue.waiting == waiting.values.map(\.count).reduce(0, +))
            #expect(queue.inFlight == inFlight.values.reduce(0, +))
        }
    }

    @Test func `Follow-ups are done and the bound holds`() async throws {
        let running = Mutex((now: 0, most: 0, done: 0))
        let left = try await queue([("a", 10), ("b", 10)]).forEach(atMost: 3) { item in
            running.withLock {
                $0.now += 1; $0.most = max($0.most, $0.now)
            }
            await Task.yield()
            running.withLock {
                $0.now -= 1; $0.done += 1
            }
            return item == 9 ? [100, 101] : []
        }
        #expect(left == 0)
        #expect(running.withLock { $0.done } == 24)
        #expect(running.withLock { $0.most } <= 3)
    }

    @Test func `What may not start is left, and what is in flight is waited for`() async throws {
        let done = Mutex(0)
        let left = try await queue([("a", 10)]).forEach(atMost: 2, while: { done.withLock { $0 < 3 } }) { _ in
            await Task.yield()
            done.withLock { $0 += 1 }
            return []
        }
        #expect(left + done.withLock { $0 } == 10)
        #expect(left >= 6)
    }
}

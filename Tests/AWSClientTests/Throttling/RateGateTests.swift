import Synchronization
import Testing

@testable import AWSClient

@Suite struct RateGateTests {
    @Test func `No more calls are let through at once than the window holds`() async throws {
        var tuning = AdaptiveRateLimiter.Tuning()
        tuning.openingWindow = 3
        tuning.calmGrowth = 0
        let gate = RateGate(AdaptiveRateLimiter(tuning))
        let counts = Counts()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    guard let admittedAt = try? await gate.enter(.live) else { return }
                    counts.enter()
                    await Task.yield()
                    counts.leave()
                    gate.leave(.accepted, admittedAt: admittedAt, .live)
                }
            }
        }
        #expect(counts.passed == 50)
        #expect(counts.most <= 3)
    }

    private final class Counts: Sendable {
        private let state = Mutex((inside: 0, most: 0, passed: 0))

        var most: Int { state.withLock { $0.most } }
        var passed: Int { state.withLock { $0.passed } }

        func enter() {
            state.withLock { state in
                state.inside += 1
                state.most = max(state.most, state.inside)
            }
        }

        func leave() {
            state.withLock { state in
                state.inside -= 1
                state.passed += 1
            }
        }
    }

    @Test func `A cancelled call leaves the queue and lets the others pass, wherever it is`() async throws {
        for cancelled in 0..<6 {
            let gate = RateGate()
            // Three are inside, so the others wait.
            var inside: [Duration] = []
            for _ in 0..<3 { inside.append(try await gate.enter(.live)) }
            let tasks = (0..<6).map { _ in
                Task {
                    do {
                        let admittedAt = try await gate.enter(.live)
                        gate.leave(.accepted, admittedAt: admittedAt, .live)
                        return true
                    } catch {
                        return false
                    }
                }
            }
            for _ in 0..<100 { await Task.yield() }
            tasks[cancelled].cancel()
            #expect(await tasks[cancelled].value == false)
            for admittedAt in inside { gate.leave(.accepted, admittedAt: admittedAt, .live) }
            for (index, task) in tasks.enumerated() where index != cancelled {
                #expect(await task.value)
            }
        }
    }

    @Test func `Random cancellations lose nobody else's turn`() async throws {
        let gate = RateGate()
        let results = await withTaskGroup(of: Bool.self, returning: [Bool].self) { group in
            for index in 0..<400 {
                group.addTask {
                    let task = Task {
                        do {
                            let admittedAt = try await gate.enter(.live)
                            await Task.yield()
                            gate.leave(.accepted, admittedAt: admittedAt, .live)
                            return true
                        } catch {
                            return false
                        }
                    }
                    if index % 3 == 0 {
                        for _ in 0..<(index % 7) { await Task.yield() }
                        task.cancel()
                    }
                    let passed = await task.value
                    return passed || index % 3 == 0
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.allSatisfy { $0 })
        // The gate is as good as new.
        let admittedAt = try await gate.enter(.live)
        gate.leave(.accepted, admittedAt: admittedAt, .live)
    }
}

import Fencing

/// An archive's claim, and processes of two runs that claim the archive and give it back.
struct ClaimWorld: ExplorableWorld {
    enum Request: Hashable {
        case read
        case create(Claim)
        case delete(if: ObjectTag)
    }

    enum Stage: Hashable {
        case claiming(ClaimStateMachine)
        case working
        case releasing(ReleaseStateMachine)
        case ended
    }

    struct Process: Hashable {
        let claim: Claim
        var stage: Stage
        var request: Request?
        /// What the store answered, while the answer is on its way.
        var answer: Answer?
    }

    enum Answer: Hashable {
        case read(ReadAnswer<Claim>)
        case write(WriteAnswer)
    }

    enum Step: Hashable {
        case land(Int), deliver(Int), lose(Int), again(Int), release(Int), landStray(Int)
    }

    var lock: Claim?
    var processes: [Process]
    var strays: [Request] = []
    var faults: Int
    /// The runs that somebody has begun to release.
    var released: Set<String> = []
    let flaws: Flaws

    init(runs: [String], faults: Int, flaws: Flaws = []) {
        self.faults = faults
        self.flaws = flaws
        processes = zip(runs, ["a", "b", "c", "d"]).map { run, owner in
            let claim = Claim(run: run, owner: WorkerID(owner), who: "", host: "", since: "")
            let machine = ClaimStateMachine(claim)
            return Process(claim: claim, stage: .claiming(machine), request: .create(claim))
        }
    }

    var steps: [Step] {
        var steps: [Step] = []
        for (number, process) in processes.enumerated() {
            if process.answer != nil { steps.append(.deliver(number)) }
            if process.stage == .working { steps.append(.release(number)) }
            guard let request = process.request, process.answer == nil else { continue }
            steps.append(.land(number))
            guard faults > 0, request != .read else { continue }
            steps.append(.lose(number))
            steps.append(.again(number))
        }
        return steps + strays.indices.map(Step.landStray)
    }

    func description(of step: Step) -> String { "\(step)" }

    var isDone: Bool { processes.allSatisfy { $0.stage == .ended } }
    var isCut: Bool { false }

    /// Whoever works for a run that nobody has begun to release has the archive.
    var brokenRule: String? {
        for process in processes where process.stage == .working && !released.contains(process.claim.run) {
            if lock?.run != process.claim.run { return "\(process.claim.owner.text) works without the archive" }
        }
        return nil
    }

    mutating func take(_ step: Step) -> String? {
        switch step {
        case .land(let number):
            if let request = processes[number].request { processes[number].answer = effect(of: request) }
        case .deliver(let number):
            guard let answer = processes[number].answer else { return nil }
            deliver(answer, number)
        case .lose(let number):
            faults -= 1
            if let request = processes[number].request { strays.append(request) }
            deliver(.write(.lost), number)
        case .again(let number):
            faults -= 1
            deliver(.write(.again), number)
        case .release(let number):
            released.insert(processes[number].claim.run)
            let machine = ReleaseStateMachine(processes[number].claim.run)
            processes[number].stage = .releasing(machine)
            follow(machine.start, number)
        case .landStray(let index): _ = effect(of: strays.remove(at: index))
        }
        return nil
    }

    private mutating func effect(of request: Request) -> Answer {
        switch request {
        case .read: return .read(lock.map { .found($0, tag(of: $0)) } ?? .missing)
        case .create(let claim):
            guard lock == nil else { return .write(.alreadyThere) }
            lock = claim
            return .write(.done(tag(of: claim)))
        case .delete(let tag):
            guard let lock else { return .write(.missing) }
            guard self.tag(of: lock) == tag || flaws.contains(.deletedPlainly) else { return .write(.changed) }
            self.lock = nil
            return .write(.done(tag))
        }
    }

    private func tag(of claim: Claim) -> ObjectTag { ObjectTag(claim.owner.text) }

    private mutating func deliver(_ answer: Answer, _ number: Int) {
        processes[number].request = nil
        processes[number].answer = nil
        switch (processes[number].stage, answer) {
        case (.claiming(let machine), let answer):
            let action: ClaimStateMachine.Action
            switch answer {
            case .read(let answer): action = machine.didRead(answer)
            case .write(let answer): action = machine.didCreate(answer)
            }
            follow(action, number)
        case (.releasing(let machine), let answer):
            let action: ReleaseStateMachine.Action
            switch answer {
            case .read(let answer): action = machine.didRead(answer)
            case .write(let answer): action = machine.didDelete(answer)
            }
            follow(action, number)
        case (.working, _), (.ended, _): break
        }
    }

    private mutating func follow(_ action: ClaimStateMachine.Action, _ number: Int) {
        switch action {
        case .read: processes[number].request = .read
        case .create(let claim): processes[number].request = .create(claim)
        case .end(.claimed): processes[number].stage = .working
        case .end(.refused), .end(.absent): processes[number].stage = .ended
        }
    }

    private mutating func follow(_ action: ReleaseStateMachine.Action, _ number: Int) {
        switch action {
        case .read: processes[number].request = .read
        case .delete(let tag): processes[number].request = .delete(if: tag)
        case .end: processes[number].stage = .ended
        }
    }
}

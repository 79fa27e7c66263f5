import Fencing

extension ShardWorld {
    func description(of step: Step) -> String {
        switch step {
        case .land(let number, let lane): "\(name(number)): \(request(number, lane)) reaches the store"
        case .deliver(let number, let lane): "\(name(number)): the answer to \(request(number, lane)) arrives"
        case .lose(let number, let lane): "\(name(number)): \(request(number, lane)) is given up as lost"
        case .again(let number, let lane): "\(name(number)): \(request(number, lane)) is answered with 409"
        case .wake(let number): "\(name(number)): its wait for the lease ends"
        case .tick(let number): "\(name(number)): its clock ticks"
        case .tickAll: "time passes"
        case .append(let number):
            "\(name(number)): wants to store \(workers[number].nextEntries(limits).map { "\($0)" } ?? "")"
        case .send(let number, let repository): "\(name(number)): sends \(repository) to ECR"
        case .leave(let number): "\(name(number)): leaves"
        case .crash(let number): "\(name(number)): dies and starts again"
        case .landStray(let index):
            "\(strays[index].worker.text)'s lost \(strays[index].request.name) happens after all"
        case .landWrite(let index): "\(wire[index].worker.text)'s write of \(wire[index].repository) lands in ECR"
        }
    }

    private func name(_ number: Int) -> String { workers[number].id.text }

    private func request(_ number: Int, _ lane: Lane) -> String {
        switch workers[number][lane] {
        case .idle, .waiting: ""
        case .asked(let request, _), .answered(let request, _, _): request.name
        }
    }
}

extension StoreRequest {
    var name: String {
        switch self {
        case .readLease: "reading the lease"
        case .createLease(let lease): "creating the lease \(lease.epoch).\(lease.revision)"
        case .replaceLease(let lease, let tag): "replacing lease \(tag.text) by \(lease.epoch).\(lease.revision)"
        case .readSegment(let name): "reading segment \(name.epoch)-\(name.number)"
        case .createSegment(let name, .seal(let by)): "sealing segment \(name.epoch)-\(name.number) by \(by)"
        case .createSegment(let name, .entries(let entries, _)):
            "storing segment \(name.epoch)-\(name.number) with \(entries)"
        }
    }
}

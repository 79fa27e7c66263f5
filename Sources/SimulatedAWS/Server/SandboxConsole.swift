import OrderedCollections

/// What scripts may ask over plain HTTP beside the AWS protocols, under `/_sandbox/`.
struct SandboxConsole {
    let cloud: Cloud

    func reply(to request: WireRequest) -> Reply {
        let query = FormBody.parse(request.query.utf8) ?? [:]
        switch (request.method, request.path) {
        case ("GET", "/_sandbox/state"): return json(cloud.stateDump)
        case ("GET", "/_sandbox/calls"): return json(cloud.callsDump)
        case ("GET", "/_sandbox/policy"):
            guard let repository = address(query) else { return wrongAddress }
            guard let policy = cloud.policyText(of: repository) else { return text(404, "no policy") }
            return text(200, policy)
        case ("PUT", "/_sandbox/policy"):
            guard let repository = address(query) else { return wrongAddress }
            let policy = String(decoding: request.body, as: UTF8.self)
            guard (try? JSON(parsing: policy))?.object != nil else {
                return text(400, "the policy is not a JSON object")
            }
            cloud.editPolicy(of: repository, to: policy)
            return text(200, "done")
        case ("DELETE", "/_sandbox/policy"):
            guard let repository = address(query) else { return wrongAddress }
            cloud.editPolicy(of: repository, to: nil)
            return text(200, "done")
        case ("PUT", "/_sandbox/faults"):
            do {
                cloud.setFaults(try Faults(json: String(decoding: request.body, as: UTF8.self)))
                return text(200, "done")
            } catch {
                return text(400, "\(error)")
            }
        case ("PUT", "/_sandbox/clock"):
            guard let seconds = query["advance"].flatMap(Double.init), seconds.isFinite else {
                return text(400, "name the seconds: ?advance=3600")
            }
            cloud.advanceClock(bySeconds: seconds)
            return text(200, cloud.now.extended)
        default: return text(404, "there is no such page")
        }
    }

    private func address(_ query: [String: String]) -> RepositoryAddress? {
        guard let account = query["account"], let region = query["region"], let name = query["repository"] else {
            return nil
        }
        return RepositoryAddress(account: account, region: region, name: name)
    }

    private var wrongAddress: Reply {
        text(400, "name the repository: ?account=…&region=…&repository=…")
    }

    private func text(_ status: Int, _ text: String) -> Reply {
        Reply(status: status, contentType: "text/plain; charset=utf-8", body: Array((text + "\n").utf8))
    }

    private func json(_ value: JSON) -> Reply {
        Reply(status: 200, contentType: "application/json", body: value.compactBytes)
    }
}

extension Cloud {
    /// Every repository with its policy: `{"repositories":[{"account","region","name","policy": text or null}]}`; where
    /// there are buckets, also `"buckets":[{"name","objects":[{"key","size"}]}]`.
    package var stateDump: JSON {
        let repositories = policies().map { entry -> JSON in
            [
                "account": .string(entry.repository.registry.account),
                "region": .string(entry.repository.registry.region), "name": .string(entry.repository.name),
                "policy": entry.policy.map(JSON.string) ?? .null,
            ]
        }
        let names = bucketNames
        guard !names.isEmpty else { return ["repositories": .array(repositories)] }
        let buckets = names.map { name -> JSON in
            let objects = keys(in: name).map { key -> JSON in
                ["key": .string(key), "size": .number(String(object(at: key, in: name)?.count ?? 0))]
            }
            return ["name": .string(name), "objects": .array(objects)]
        }
        return ["repositories": .array(repositories), "buckets": .array(buckets)]
    }

    /// The counters: `{"total":{…},"operations":{NAME:{…}},"calls":[{"account","region","operation",…}]}`.
    package var callsDump: JSON {
        let operations = countsByOperation.sorted { $0.key < $1.key }
        let calls = counts.sorted { $0.key < $1.key }.map { key, count -> JSON in
            var members: OrderedDictionary<String, JSON> = [
                "account": .string(key.account), "region": .string(key.region), "operation": .string(key.operation),
            ]
            members.merge(count.members) { first, _ in first }
            return .object(members)
        }
        return [
            "total": .object(totalCount.members),
            "operations": .object(.init(uniqueKeysWithValues: operations.map { ($0.key, .object($0.value.members)) })),
            "calls": .array(calls),
        ]
    }
}

extension CallCount {
    fileprivate var members: OrderedDictionary<String, JSON> {
        [
            "total": .number(String(total)), "refused": .number(String(refused)),
            "inFlight": .number(String(inFlight)), "maximumInFlight": .number(String(maximumInFlight)),
        ]
    }
}

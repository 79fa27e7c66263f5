import TestSupport

/// One document with every request of the world that it may distinguish, and what the judge says about each.
struct JudgedCase {
    /// What the judge says of each request, by action as ``JudgedWorld/actions`` has them.
    let answers: [[JudgedFit]]

    /// `countsOwner`: whether the owner account may do by its own policies what nothing denies.
    init(_ document: JudgedDocument, _ requests: [JudgedRequest], countsOwner: Bool = false) {
        let judge = PolicyJudge(document: document)
        let speaking = JudgedWorld.actions.map(judge.speaks)
        // Of many actions the statements speak alike.
        let places = speaking.map { speaking.firstIndex(of: $0) ?? 0 }
        answers = zip(judge.fits(requests), requests).map { fits, request in
            let isOwner = countsOwner && request.caller.isOwner
            var answers: [JudgedFit] = []
            for (action, place) in places.enumerated() {
                answers.append(place < action ? answers[place] : judge.allows(fits, speaking[action], isOwner: isOwner))
            }
            return answers
        }
    }

    /// What each statement says of each request, whatever the action.
    static func fits(_ document: JudgedDocument, _ requests: [JudgedRequest]) -> [[JudgedFit]] {
        PolicyJudge(document: document).fits(requests)
    }

    /// The requests of the same caller in the same place, one after another.
    static func parties(_ requests: [JudgedRequest]) -> [Range<Int>] {
        var parties: [Range<Int>] = []
        var start = 0
        for index in requests.indices {
            let (first, next) = (requests[start], index + 1 < requests.count ? requests[index + 1] : nil)
            if next?.caller == first.caller, next?.path == first.path { continue }
            parties.append(start..<index + 1)
            start = index + 1
        }
        return parties
    }

    /// The requests that documents may distinguish.
    static func requests(_ documents: [JudgedDocument], _ random: inout SeededGenerator) -> [JudgedRequest] {
        let text = documents.map(\.text).joined()
        let folded = text.lowercased()
        let memberships = folded.contains("org") ? JudgedWorld.memberships : [JudgedWorld.memberships[0]]
        var callers: [JudgedCaller] = []
        let accounts = ([JudgedWorld.owner] + JudgedWorld.accounts).filter(text.contains) + [JudgedWorld.unnamedAccount]
        for account in accounts { callers += JudgedWorld.identities(of: account) }
        for account in accounts { callers += JudgedWorld.calls(of: JudgedWorld.lambda, for: account) }
        for service in JudgedWorld.services.filter(text.contains) + [JudgedWorld.unnamedService] {
            for account in [accounts[0], JudgedWorld.unnamedAccount, nil] {
                callers += JudgedWorld.calls(of: service, for: account)
            }
        }
        // What a document does not name has no influence.
        let free = JudgedWorld.freeKeys.filter { folded.contains($0.key) }.sorted { $0.key < $1.key }
        var extras: [[String: [String]]] = [[:]]
        for (key, values) in free {
            extras = extras.flatMap { extra in
                values.map { value in
                    var extra = extra
                    extra[key] = value
                    return extra
                }
            }
        }
        if extras.count > 12 { extras = Array(extras.shuffled(using: &random).prefix(12)) }
        let providers = Set(documents.flatMap(\.providers)).sorted()
        var requests: [JudgedRequest] = []
        for caller in callers {
            for membership in memberships where caller.account != nil || membership.organization == nil {
                for keys in JudgedWorld.keys(of: caller, in: membership) {
                    for extra in extras {
                        let request = JudgedRequest(
                            caller: caller, keys: keys.merging(extra) { first, _ in first },
                            organization: membership.organization, path: membership.path)
                        requests.append(request)
                        guard case .role = caller else { continue }
                        for provider in providers {
                            requests.append(request)
                            requests[requests.count - 1].provider = provider
                        }
                    }
                }
            }
        }
        return requests
    }
}

@testable import SharePlan
import AWSValues
import TestSupport
import Testing

/// What ``EffectiveAccess`` says of two policies, held against ``PolicyJudge`` for each concrete request.
///
/// Each pair is a random document and one that somebody changed in some statements. Compared are, for the callers of
/// ``AccessJudgementTests`` and each action of ``JudgedWorld/actions``:
///
/// - what a request surely could do before and surely cannot do after is reported as lost by somebody whom it belongs
///   to, and the other way round as gained;
/// - who is said to lose or gain something without a doubt does so in every request;
/// - who is said to keep something without a doubt may do it before and after.
///
/// Beside every third pair there are denials of a registry's policy, and the owner account may do what nothing denies.
/// Of every second pair the region is known, and only functions there ask.
@Suite struct EffectiveAccessJudgementTests {
    private let named = [
        "200000000003 push", "200000000004 pull", "444455556666 lambda-only us-east-1", "o-a1b2c3d4e5 pull",
    ]
    .map { WantedGrant.fixture($0).grant }

    @Test func `What a new policy takes and gives is reported, and nothing else`() async throws {
        let judgement = try await Judgement.ofAll { number, generator, _ in
            var generator = generator
            let before = generator.document()
            let after = generator.changed(before)
            var registry = generator.document()
            registry.version = before.version
            registry.statements = number % 3 == 0 ? registry.statements.filter { !$0.allows } : []
            var requests = JudgedCase.requests([before, after, registry], &generator.random)
            let region = number % 2 == 0 ? Region(JudgedWorld.region) : nil
            if let region { requests.removeAll { !$0.caller.mayUse(region.name) } }
            return try fault(before, after, registry, in: region, requests).map {
                "\($0)\n\(before.text)\n\(after.text)\n\(registry.text)"
            }
        }
        #expect(judgement.faults == [])
    }

    private func fault(
        _ before: JudgedDocument, _ after: JudgedDocument, _ registry: JudgedDocument, in region: Region?,
        _ requests: [JudgedRequest]
    ) throws -> String? {
        func evaluator(_ document: JudgedDocument) throws -> PolicyEvaluator {
            try PolicyEvaluator(
                of: Policy(document.text), partition: .aws, owner: JudgedWorld.ownerID, today: JudgedWorld.today,
                region: region
            )
            .beside(registry: registry.statements.isEmpty ? nil : Policy(registry.text))
        }
        let change = try EffectiveAccess.difference(
            from: evaluator(before), to: evaluator(after),
            naming: GrantDifference(removed: named.map { WantedGrant($0) }))
        let reading = JudgedReading(before, after, registry)
        func answers(_ document: JudgedDocument) -> [[JudgedFit]] {
            var document = document
            document.statements += registry.statements
            return JudgedCase(document, requests, countsOwner: true).answers
        }
        let (old, new) = (answers(before), answers(after))
        for party in JudgedCase.parties(requests) {
            let first = requests[party.lowerBound]
            func told(_ entries: [AccessChange.Entry]) -> [Told] {
                entries.filter { reading.covers(JudgedName($0), first) }.map { entry in
                    let name = JudgedName(entry)
                    return Told(
                        entry: entry,
                        isCertain: entry.doubts.isEmpty && reading.isAbout(name, first)
                            && !reading.isNamedCloser(name, first),
                        places: JudgedWorld.actions.indices.filter {
                            JudgedReading.speaks(entry.extent, of: JudgedWorld.actions[$0])
                        })
                }
            }
            let (lost, gained, kept) = (told(change.lost), told(change.gained), told(change.kept))
            for number in party {
                if let fault = fault(lost, first, old[number], new[number]) {
                    return "LOSES \(fault), but \(requests[number])"
                }
                if let fault = fault(gained, first, new[number], old[number]) {
                    return "gains \(fault), but \(requests[number])"
                }
                for told in kept where told.isCertain {
                    guard told.places.allSatisfy({ old[number][$0].must && new[number][$0].must }) else {
                        return "keeps \(told.entry), but \(requests[number])"
                    }
                }
            }
        }
        return nil
    }

    /// An entry that a caller finds itself in.
    private struct Told {
        let entry: AccessChange.Entry
        /// Whether it must hold for the caller in every request.
        let isCertain: Bool
        /// The actions that it mentions.
        let places: [Int]
    }

    /// `more` is what the policy allows that the entries are of, `less` what the other one allows.
    private func fault(
        _ told: [Told], _ request: JudgedRequest, _ more: [JudgedFit], _ less: [JudgedFit]
    ) -> String? {
        for told in told where told.isCertain {
            let isWhole = if case .access = told.entry.extent { true } else { false }
            let isLess =
                isWhole ? !told.places.allSatisfy { less[$0].may } : told.places.allSatisfy { !less[$0].may }
            guard isLess, told.places.allSatisfy({ more[$0].must }) else { return "\(told.entry)" }
        }
        for (place, action) in JudgedWorld.actions.enumerated() where more[place].must && !less[place].may {
            // Lambda takes no other action of the grants.
            if case .service(JudgedWorld.lambda, _, _, _) = request.caller, (2..<7).contains(place) { continue }
            guard told.contains(where: { $0.places.contains(place) }) else { return "nobody of \(action)" }
        }
        return nil
    }
}

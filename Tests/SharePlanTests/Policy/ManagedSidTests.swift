import AWSValues
import OrderedJSON
import SharePlan
import TestSupport
import Testing

/// Whose a statement is: prefix and one of seven names, to the letter.
@Suite struct ManagedSidTests {
    private static let names = [
        "AllowPull", "AllowPullAndPush", "AllowLambdaPull", "AllowPullOrg", "AllowPullAndPushOrg", "AllowPullOrgPaths",
        "AllowPullAndPushOrgPaths",
    ]
    private static let pull =
        #""Effect":"Allow","Principal":{"AWS":"222233334444"},"Action":["ecr:GetDownloadUrlForLayer","#
        + #""ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]"#
    private static let repository = RepositoryID.fixture("111122223333 us-east-1 base/go")
    private static let wanted = WantedGrant.fixture("444455556666 pull")

    private static func statement(_ sid: String) throws -> PolicyStatement {
        let text: Policy = #"{"Statement":[{"Sid":\#(JSONValue.string(sid).minified),\#(pull)}]}"#
        return try PolicyDocument(parsing: text).statements[0]
    }

    @Test(arguments: names)
    func `A managed Sid is the prefix and one of the seven names, exactly`(name: String) throws {
        for prefix in ["EcrShare", "E", "EcrShareAllowPull", ""] {
            #expect(try Self.statement(prefix + name).isManaged(prefix: prefix))
            for sid in [prefix + name + "2", prefix + "x" + name, "x" + prefix + name, prefix + name.lowercased()] {
                #expect(try !Self.statement(sid).isManaged(prefix: prefix), "\(sid)")
            }
        }
        // KELVIN SIGN is K to a comparison of characters.
        #expect(try !Self.statement("\u{212A}" + name).isManaged(prefix: "K"))
    }

    @Test(arguments: ["EcrSharedPull", "EcrShareTeamBAllowPull", "EcrShareAllowPullOld", "EcrShare", "EcrSharedDeny"])
    func `A Sid that merely begins with the prefix is somebody else's`(sid: String) throws {
        for effect in ["Allow", "Deny"] {
            let theirs = #"{"Sid":"\#(sid)",\#(Self.pull.replacing("Allow\"", with: "\(effect)\""))}"#
            let live: Policy = #"{"Version":"2008-10-17","Statement":[\#(theirs)]}"#
            for mode in MergeMode.allCases {
                let rules = SharingRules(mode: mode, takeOver: mode == .match)
                for wanted in [[], [Self.wanted], [.fixture("222233334444 pull")]] {
                    switch rules.entry(for: Self.repository, live: live, wanted: wanted) {
                    case .change(let change):
                        #expect(
                            change.after?.contains(theirs.replacing("\"222233334444\"", with: #""222233334444""#))
                                == true)
                        #expect(change.grants.removed.isEmpty && change.replaced.isEmpty)
                    case .unchanged, .orphan: break
                    case .problem(let problem): Issue.record("\(problem.message)")
                    }
                }
            }
        }
    }

    @Test func `A statement of another prefix is adopted only by its Sid`() throws {
        let live: Policy =
            #"{"Statement":[{"Sid":"OtherTeamAllowPull",\#(Self.pull)},{"Sid":"AllowPull",\#(Self.pull)}]}"#
        func adopted(_ rules: SharingRules) throws -> [String] {
            let entry = rules.entry(for: Self.repository, live: live, wanted: [Self.wanted])
            guard case .change(let change) = entry else { throw Broken("\(entry)") }
            try ChangeCheck(PlanSamples.header).check(change)
            return change.warnings
        }
        let all = try adopted(SharingRules(adopt: true))
        #expect(all.contains { $0 == "adopts \"AllowPull\", foreign until now" }, "\(all)")
        #expect(all.contains { $0.contains("\"OtherTeamAllowPull\" has the prefix OtherTeam") }, "\(all)")
        let glob = try #require(SidPattern("OtherTeam*"))
        let one = try adopted(SharingRules(adoptedSids: [glob]))
        #expect(one.contains { $0 == "adopts \"OtherTeamAllowPull\", foreign until now" }, "\(one)")
        #expect(one.contains { $0.contains("\"AllowPull\" could be adopted") }, "\(one)")
        let both = try adopted(SharingRules(adopt: true, adoptedSids: [glob]))
        #expect(both.contains { $0.hasPrefix("adopts \"OtherTeamAllowPull\" and \"AllowPull\"") }, "\(both)")
        let none = try adopted(SharingRules(adoptedSids: [try #require(SidPattern("otherteam*"))]))
        #expect(!none.contains { $0.hasPrefix("adopts") }, "\(none)")
        #expect(try adopted(SharingRules(hintsAtAdoption: false)).isEmpty)
    }

    /// Teams whose prefixes begin alike take turns; each keeps exactly what its own matrix wants.
    @Test func `Prefixes that begin alike never touch each other`() throws {
        let prefixes = ["EcrShare", "EcrShareTeamB", "EcrShareAllowPull", "Ecr"]
        for seed in 0..<UInt64(max(50, PropertySettings.cases / 20)) {
            var generator = PolicyGenerator(seed: PropertySettings.seed &+ seed)
            var live = generator.livePolicy()
            let repository = generator.repository
            for _ in 0..<6 {
                let prefix = generator.random.pick(prefixes)
                let mode = generator.random.pick(MergeMode.allCases)
                let adopts = generator.random.chance(3)
                let wanted = generator.wanted()
                let rules = SharingRules(mode: mode, sidPrefix: prefix, adopt: adopts, takeOver: mode == .match)
                guard case .change(let change) = rules.entry(for: repository, live: live, wanted: wanted) else {
                    continue
                }
                let before = try others(of: live, prefix)
                let after = try others(of: change.after, prefix)
                // Adoption takes none that a team's name precedes.
                let kept =
                    adopts ? before.filter { statement in isOfATeam(statement) || after.contains(statement) } : before
                #expect(kept == after, "seed \(seed) prefix \(prefix): \(live ?? "-") → \(change.after ?? "-")")
                live = try generator.stored(change.after)
            }
        }
    }

    private func others(of text: Policy?, _ prefix: String) throws -> [PolicyStatement] {
        guard let text else { return [] }
        return try PolicyDocument(parsing: text).statements.filter { statement in
            !Self.names.contains { prefix + $0 == statement.sid }
        }
    }

    private func isOfATeam(_ statement: PolicyStatement) -> Bool {
        Self.names.contains { statement.sid?.hasSuffix($0) == true && statement.sid != $0 }
    }
}

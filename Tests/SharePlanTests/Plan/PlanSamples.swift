import AWSValues
import SharePlan
import TestSupport

/// Values that the tests of plans share. The force unwraps are of literals.
enum PlanSamples {
    // swift-format-ignore: NeverForceUnwrap
    static func repository(_ name: String, account: String = "111122223333", region: String = "us-east-1")
        -> RepositoryID
    {
        RepositoryID(
            registry: Registry(account: AccountID(account)!, region: Region(region)!), name: RepositoryName(name)!)
    }

    // swift-format-ignore: NeverForceUnwrap
    static func wanted(
        _ consumer: String, _ access: Access = .pull, in region: String? = nil, reason: String = "",
        expires: String? = nil
    ) -> WantedGrant {
        WantedGrant(
            Grant(consumer: Consumer(consumer)!, access: access, consumerRegion: region.map { Region($0)! }),
            reason: reason, expires: expires.map { CalendarDate($0)! })
    }

    static let header = PlanHeader(
        id: "20261124T210359Z-3f9a1c", createdAt: "2026-11-24T21:03:59Z", operation: .share, mode: .match,
        sidPrefix: "EcrShare",
        matrix: PlanHeader.Source(path: "matrix.csv", sha256: String(repeating: "0", count: 64), rows: 2)
    )

    static let entries: [PlanEntry] = [
        .change(
            Change(
                repository: repository("base/go"), before: nil, after: #"{"é":"\n"}"#,
                grants: GrantDifference(
                    added: [
                        wanted(
                            "444455556666", .lambdaOnly, in: "eu-west-1", reason: "TICKET-42 \"now\"",
                            expires: "2027-01-31"),
                        wanted("o-a1b2c3d4e5"),
                    ]),
                warnings: ["first", "second"])),
        .unchanged(Unchanged(repository: repository("base/java"))),
        .unchanged(Unchanged(repository: repository("base/node"), warnings: ["look"])),
        .problem(Problem(repository: repository("base/php"), code: "AccessDeniedException", message: "no \\ way")),
        .change(
            Change(
                repository: repository("base/python"), before: "{ }", after: nil,
                grants: GrantDifference(removed: [wanted("arn:aws:iam::444455556666:role/ci/build", .push)]))),
        .problem(
            Problem(
                registry: repository("a0", region: "us-west-2").registry, code: "listing", message: "request id 1")),
        .change(Change(repository: repository("a0", region: "us-west-2"), before: "{}", after: "{ }", grants: .init())),
    ]

    /// The lines of a plan, each without its newline.
    static func lines(_ header: PlanHeader = header, _ entries: [PlanEntry] = entries) -> [String] {
        var digest = PlanDigest(header)
        for entry in entries { digest.add(entry) }
        let totals = PlanLine.Totals(PlanSummary(entries), digest: digest.hexadecimal)
        let lines = [PlanLine.header(header)] + entries.map(PlanLine.entry) + [PlanLine.summary(totals)]
        return lines.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    /// Reads lines as a plan.
    static func read(_ lines: [String], lastIsTerminated: Bool = true) throws -> (PlanReader.Whole, [PlanEntry]) {
        var reader = PlanReader()
        var entries: [PlanEntry] = []
        for (index, line) in lines.enumerated() {
            let isTerminated = index < lines.count - 1 || lastIsTerminated
            if let entry = try reader.read(Array(line.utf8)[...], isTerminated: isTerminated) { entries.append(entry) }
        }
        return (try reader.finish(), entries)
    }
}

import Foundation
@testable import SimulatedAWS
import Testing

/// Everything that AWS and networks do wrong, one at a time, against the built program: a run ends with every
/// repository done or named, and never with a lost foreign statement.
@Suite(.timeLimit(.minutes(10))) struct FaultTests {
    /// One thing that goes wrong, and whether a run should get the better of it.
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let faults: Faults
        let isOvercome: Bool
        /// Seconds for one request: short only where an answer never comes, for the sake of busy machines.
        var timeout: Int { name.contains("stalled") ? 3 : 30 }

        init(_ name: String, _ faults: Faults, isOvercome: Bool = true) {
            self.name = name
            self.faults = faults
            self.isOvercome = isOvercome
        }

        init(
            _ name: String, _ effect: FaultRule.Effect, _ count: Int = 2, of operations: String...,
            isOvercome: Bool = true
        ) {
            let target = FaultTarget(operations: operations)
            self.init(
                name, Faults(FaultRule(effect, target: target, count: count, each: .repository)), isOvercome: isOvercome
            )
        }

        var testDescription: String { name }
    }

    private static func faults(_ change: (inout Faults) -> Void) -> Faults {
        var faults = Faults()
        change(&faults)
        return faults
    }

    private static let read = "GetRepositoryPolicy"
    private static let write = "SetRepositoryPolicy"

    private static let cases: [Case] = [
        Case("throttling with 400", .throttle(), 2, of: read, write),
        Case("throttling with 429 and a hint", .throttle(status: 429, retryAfterMilliseconds: 20), 2, of: read, write),
        Case("a low rate", faults { $0.rateLimits = [Faults.RateLimit(perSecond: 20, burst: 2)] }),
        Case("500 in JSON", .serverError(body: .json), 1, of: read, write),
        Case("503 in XML", .serverError(status: 503, body: .xml), 1, of: read, write),
        Case("500 in HTML", .serverError(body: .html), 1, of: read, write),
        Case("502 in HTML after the work", .serverError(status: 502, body: .html, afterWork: true), 1, of: write),
        Case("500 after the work", .serverError(afterWork: true), 1, of: write),
        Case("an empty 504", .serverError(status: 504, body: .empty), 1, of: write),
        Case("reset before the work", .resetBeforeWork, 1, of: read, write),
        Case("reset after the work", .resetAfterWork, 1, of: read, write),
        Case("a cut answer to the write", .cut, 1, of: write),
        Case("a corrupt answer to the write", .corrupt, 1, of: write),
        Case("cut reads", .cut, 1, of: read),
        Case("a corrupt read", .corrupt, 1, of: read, isOvercome: false),
        Case("a stalled read", .stall, 1, of: read),
        Case("a stalled write", .stall, 1, of: write),
        Case("a dripping answer", .drip(milliseconds: 400), 2, of: read, write),
        Case(
            "a session that ends",
            Faults(FaultRule(.expireSession, target: FaultTarget(operations: [write]), skip: 2, count: 1))),
        Case("sessions of forty calls", faults { $0.sessionCalls = 40 }),
        Case("a clock that is 20 minutes ahead", faults { $0.clockOffsetSeconds = 1200 }),
        Case("a clock that is an hour behind", faults { $0.clockOffsetSeconds = -3600 }),
        Case(
            "a skew that says RequestExpired",
            faults {
                $0.clockOffsetSeconds = 1200
                $0.skewErrorCode = "RequestExpired"
            }),
        Case("reads that lag", faults { $0.readLags = [Faults.ReadLag(reads: 2)] }),
        Case("shuffled principals", faults { $0.shufflesPrincipals = true }),
        Case(
            "namespaced errors",
            faults {
                $0.namespacesErrors = true
                $0.rateLimits = [Faults.RateLimit(perSecond: 20, burst: 2)]
            }),
        Case(
            "no permission to write", .refuse(code: "AccessDeniedException", message: "no"), 99, of: write,
            isOvercome: false),
        Case(
            "a quota that is full", .refuse(code: "LimitExceededException", message: "full"), 99, of: write,
            isOvercome: false),
        Case("500 without end", .serverError(), 99, of: write, isOvercome: false),
        Case("STS that throttles", .throttle(), 2, of: "AssumeRole"),
        Case("STS that is reset", .resetAfterWork, 1, of: "AssumeRole"),
    ]

    @Test(arguments: cases) func `Every repository is done or named, and no foreign statement is lost`(fault: Case)
        async throws
    {
        try await withWorkplace(faults: fault.faults) { work in
            try work.rollout()
            let before = try work.readings()
            let result = try await work.ecrShare(
                "apply rollout.csv --yes --timeout \(fault.timeout) --max-failures 1000")
            #expect(result.exitStatus == (fault.isOvercome ? 0 : 3), "\(result.errors)")
            work.server.cloud.setFaults(Faults())
            try work.expectDoneOrNamed(result, before: before)

            let resumed = try await work.ecrShare("apply rollout.csv --yes")
            #expect(resumed.exitStatus == 0, "\(resumed.errors)")
            try work.expectDone(before: before)
            let rollback = try await work.ecrShare("plan rollout.csv --detailed-exitcode")
            #expect(rollback.exitStatus == 0, "a second plan has something to do")
        }
    }

    @Test(arguments: [
        FaultRule.Effect.resetAfterWork, .cut, .corrupt, .stall, .serverError(status: 504, afterWork: true),
    ])
    func `A write whose answer was lost is settled by reading, not by writing again`(effect: FaultRule.Effect)
        async throws
    {
        let faults = Faults(FaultRule(effect, target: FaultTarget(operations: [Self.write])))
        try await withWorkplace(faults: faults) { work in
            try work.rollout()
            let before = try work.readings()
            let result = try await work.ecrShare("apply rollout.csv --yes --timeout 4")
            #expect(result.exitStatus == 0, "\(result.errors)")
            #expect(work.server.cloud.count(Self.write).total == Workplace.rolloutSize)
            try work.expectDone(before: before)
        }
    }

    @Test func `An edit at the worst moment is a conflict with three sides, and is kept`() async throws {
        let policy =
            #"{"Version":"2008-10-17","Statement":[{"Sid":"LambdaECRImageRetrievalPolicy","Effect":"Allow","Principal":"#
            + #"{"Service":"lambda.amazonaws.com"},"Action":["ecr:BatchGetImage","ecr:SetRepositoryPolicy"]}]}"#
        let faults = Self.faults {
            $0.foreignWriters = [
                Faults.ForeignWriter(afterRead: 1, policy: policy, target: FaultTarget(repositories: ["base/go"]))
            ]
        }
        try await withWorkplace(faults: faults) { work in
            try work.rollout()
            let result = try await work.ecrShare("apply rollout.csv --yes")
            #expect(result.exitStatus == 3)
            for part in [
                "base/go: conflict", "planned from: ", "EcrShareAllowPull", "LambdaECRImageRetrievalPolicy",
                "by its Sid from AWS Lambda itself",
            ] {
                #expect(result.errors.contains(part), "\(part) is missing in: \(result.errors)")
            }
            let live = work.server.cloud.policyText(account: "111122223333", region: "us-east-1", name: "base/go")
            #expect(live?.contains("LambdaECRImageRetrievalPolicy") == true && live?.contains("EcrShare") == false)
            #expect(try await work.ecrShare("apply rollout.csv --yes").exitStatus == 0, "a new plan merges it")
        }
    }
}

extension Workplace {
    private static let names = [
        "base/python", "base/python-slim", "base/java", "base/java-jre", "base/go", "base/node", "base/node-slim",
        "base/dotnet",
    ]
    private static let consumers = ["444455556666", "555566667777"]

    /// How many repositories the matrix of ``rollout()`` names.
    static var rolloutSize: Int { names.count * 2 }

    /// The matrix `rollout.csv`: two accounts may pull eight images of two regions.
    func rollout() throws {
        var text = "owner_account,region,repository,consumer,access\n"
        for name in Workplace.names {
            for consumer in Workplace.consumers {
                text += "111122223333,us-east-1;eu-west-1,\(name),\(consumer),pull\n"
            }
        }
        try folder.appending(path: "rollout.csv").write(text)
    }

    /// Whether a repository, as `cloud` names it, is one of ``rollout()``, and how the program names it.
    private func nameInMessages(_ repository: String) -> String? {
        for region in ["us-east-1", "eu-west-1"] {
            for name in Workplace.names where repository == "111122223333/\(region)/\(name)" {
                return "111122223333 \(region) \(name)"
            }
        }
        return nil
    }

    /// Whether an error names a repository, alone or folded with others that failed alike: `base/{go,java}`.
    private func isNamed(_ parts: [String], in errors: String) -> Bool {
        let leaf = parts[2].split(separator: "/").last.map(String.init) ?? parts[2]
        let folded = [",\(leaf),", ",\(leaf)}", "{\(leaf),"]
        return errors.split(separator: "\n").contains { line in
            guard line.hasPrefix("error: "), line.contains(parts[0]), line.contains(parts[1]) else { return false }
            return line.contains(parts[2] + ":") || line.contains(parts[2] + " ") || line.contains(parts[2] + ")")
                || folded.contains { line.contains($0) }
        }
    }

    /// Expects that every repository of the matrix grants it and nothing else has changed.
    func expectDone(before: [String: PolicyReading]) throws {
        for (repository, reading) in try readings() {
            let isOurs = nameInMessages(repository) != nil
            #expect(reading.foreign == before[repository]?.foreign, "\(repository) lost a foreign statement")
            #expect(reading.pullers == (isOurs ? Workplace.consumers : before[repository]?.pullers), "\(repository)")
        }
    }

    /// Expects that every repository is as wanted, or as before and named in the messages.
    func expectDoneOrNamed(_ result: Program.Result, before: [String: PolicyReading]) throws {
        var named = 0
        // The text form of a plan groups its problems; the archived plan has each.
        let plan = try runs().last.map { try text(of: ".ecr-share/runs/\($0)/plan.jsonl") } ?? ""
        let problems = plan.split(separator: "\n").filter { $0.hasPrefix(#"{"kind":"problem""#) }
        for (repository, reading) in try readings() {
            #expect(reading.foreign == before[repository]?.foreign, "\(repository) lost a foreign statement")
            guard let name = nameInMessages(repository) else {
                #expect(reading == before[repository], "\(repository) is not in the matrix")
                continue
            }
            named += 1
            let parts = name.split(separator: " ")
            let json = #"{"account":"\#(parts[0])","region":"\#(parts[1])","name":"\#(parts[2])"}"#
            if isNamed(parts.map(String.init), in: result.errors) || problems.contains(where: { $0.contains(json) }) {
                continue
            }
            // Without any change there is no run, and the plan that was shown folds the names.
            if plan.isEmpty, result.output.contains("Plan: nothing to write: ") || result.output.contains(parts[2]) {
                continue
            }
            #expect(reading.pullers == Workplace.consumers, "\(repository) is neither done nor named: \(result.errors)")
        }
        #expect(named == Workplace.rolloutSize)
    }
}

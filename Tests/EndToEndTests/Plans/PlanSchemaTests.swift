import Foundation
import SharePlan
import TestSupport
import Testing

/// Every line of a plan fits `docs/plan.schema.json`.
@Suite struct PlanSchemaTests {
    @Test(arguments: [SamplePlan.small, .grouped, .hostile])
    func `A sample plan fits the schema`(plan: SamplePlan) async throws {
        var lines = [PlanLine.header(plan.header)] + plan.entries.map { .entry($0) }
        lines.append(.summary(PlanLine.Totals(plan.summary, digest: plan.digest)))
        let text = lines.map { String(decoding: $0.bytes, as: UTF8.self) + "\n" }.joined()
        let kinds = try await kindsOfValidLines(in: text)
        #expect(kinds["plan"] == 1 && kinds["summary"] == 1)
        #expect(kinds["change"] == plan.summary.changes)
    }

    @Test func `The plans of a run and of its rollback fit the schema`() async throws {
        try await withWorkplace { work in
            let matrix = "platform.csv --groups groups.csv"
            let plan = try await work.ecrShare("plan \(matrix) --format json")
            #expect(try await kindsOfValidLines(in: plan.output)["change"] == 20)
            #expect(try await work.ecrShare("apply \(matrix) --yes").exitStatus == 0)
            #expect(try await work.ecrShare("rollback latest --yes").exitStatus == 0)
            for run in try work.runs() {
                #expect(
                    try await kindsOfValidLines(in: work.text(of: ".ecr-share/runs/\(run)/plan.jsonl"))["plan"] == 1)
            }
            // The plan of a repository that does not exist, and one that is as wanted.
            try work.matrix("odd.csv", "111122223333,us-east-1,no/such,444455556666,pull")
            let odd = try await work.ecrShare("plan odd.csv --format json")
            #expect(try await kindsOfValidLines(in: odd.output)["problem"] == 1)
        }
    }

    @Test func `A problem of a registry and a grant that ends fit the schema`() async throws {
        let registry = #""registry":{"account":"111122223333","region":"us-east-1"}"#
        let repository = #""repository":{"account":"111122223333","region":"us-east-1","name":"base/go"}"#
        let grant =
            #"{"consumer":"444455556666","access":"pull","consumerRegion":null,"reason":null,"expires":"2027-01-31"}"#
        let access =
            #"{"gained":[{"consumer":"444455556666","access":"pull","consumerRegion":null,"through":["A"],"doubts":[]}],"#
            + #""lost":[{"consumer":"*","principalKind":"public","access":null,"actions":["ecr:ListImages"],"#
            + #""consumerRegion":null,"through":["oops"],"doubts":["the value of aws:SourceVpce"],"afterwards":"depends"}],"#
            + #""kept":[]}"#
        let text = [
            #"{"kind":"problem",\#(registry),"code":"listing","message":"m"}"#,
            #"{"kind":"change",\#(repository),"action":"create","before":null,"after":"{}","size":2,"#
                + #""grants":{"added":[\#(grant)],"removed":[]},"access":\#(access),"warnings":[]}"#,
        ].map { $0 + "\n" }.joined()
        #expect(try await kindsOfValidLines(in: text) == ["problem": 1, "change": 1])
    }

    @Test func `A line that is not of a plan does not fit`() async throws {
        let repository = #""repository":{"account":"111122223333","region":"us-east-1","name":"base/go"}"#
        for line in [
            #"{"kind":"unchanged",\#(repository),"more":1}"#, #"{"kind":"unchanged"}"#, #"{"kind":"other"}"#,
            #"{"kind":"problem",\#(repository),"code":1,"message":""}"#,
            #"{"kind":"problem",\#(repository),"registry":{"account":"111122223333","region":"us-east-1"},"code":"","#
                + #""message":""}"#,
        ] {
            #expect(try await validate(line + "\n").exitStatus == 1, "\(line)")
        }
    }

    private func kindsOfValidLines(in text: String) async throws -> [String: Int] {
        let result = try await validate(text)
        #expect(result.exitStatus == 0, "\(result.errors)")
        return try JSONDecoder().decode([String: Int].self, from: Data(result.output.utf8))
    }

    private func validate(_ text: String) async throws -> Program.Result {
        try await withScratchFolder { folder in
            let file = folder.appending(path: "lines.jsonl")
            try file.write(text)
            return try await Program.python.run(
                [
                    URL.project.appending(path: "Tests/EndToEndTests/Schema/validate.py").path,
                    URL.project.appending(path: "docs/plan.schema.json").path, file.path,
                ])
        }
    }
}

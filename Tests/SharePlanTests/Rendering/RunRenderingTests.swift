import SharePlan
import Testing

@Suite struct RunRenderingTests {
    @Test func `A run with failures reads as it was approved`() throws {
        let report = RunRendering(
            header: SamplePlan.header(), state: .interrupted, startedAt: "2026-11-24T21:04:10Z", seconds: 185,
            caller: "arn:aws:sts::999988887777:assumed-role/Platform/ana",
            counts: .init(planned: 24, applied: 15, alreadyDone: 1, failed: 3, conflicts: 1),
            failures: [
                .init(
                    repository: try SamplePlan.repository("111122223333 us-east-1 base/go"), code: "conflict",
                    message: "the policy was edited since the plan was made; plan again"),
                .init(
                    repository: try SamplePlan.repository("111122223333 us-east-1 base/java"),
                    code: "InvalidParameterException",
                    message: "Principal not found; rows 4 and 9 of matrix.csv name it",
                    requestID: "11111111-2222-3333-4444-555555555555"),
                .init(
                    repository: try SamplePlan.repository("222233334444 eu-west-1 tools/a"),
                    code: "AccessDeniedException", message: "not authorized to perform ecr:SetRepositoryPolicy",
                    requestID: "aaaa"),
                .init(
                    repository: try SamplePlan.repository("222233334444 eu-west-1 tools/b"),
                    code: "AccessDeniedException", message: "not authorized to perform ecr:SetRepositoryPolicy",
                    requestID: "bbbb"),
            ])
        try GoldenFile.expect(report.text(), in: "run.txt")
        try GoldenFile.expect(report.text(TextOptions(color: true)), in: "run-terminal.txt")
        #expect(
            report.text(TextOptions(verbosity: .quiet))
                == "Run: 15 of 24 repositories written, 1 already done, 3 failed, 1 conflict, 4 not started.\n")
    }

    @Test(arguments: [
        (0, "0 s"), (59, "59 s"), (60, "1 min 0 s"), (3_599, "59 min 59 s"), (3_600, "1 h 0 min"),
        (90_061, "25 h 1 min"),
    ])
    func `The time taken is shown in two units at most`(seconds: Int, words: String) {
        let report = RunRendering(
            header: SamplePlan.header(), state: .finished, startedAt: "2026-11-24T21:04:10Z", seconds: seconds,
            caller: nil, counts: .init(planned: 1, applied: 1), failures: [])
        #expect(report.text().contains("took \(words)\n"))
    }

    @Test(arguments: SamplePlan.hostileTexts)
    func `Hostile texts are made visible`(text: String) throws {
        let report = RunRendering(
            header: SamplePlan.hostile.header, state: .interrupted, startedAt: text, seconds: nil, caller: text,
            counts: .init(planned: 1, failed: 1),
            failures: [
                .init(
                    repository: try SamplePlan.repository("111122223333 us-east-1 base/go"), code: text, message: text,
                    requestID: text)
            ])
        let lines = report.text().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines == lines.map { $0.visible() })
    }
}

import AWSValues
import Foundation
import SharePlan
import TestSupport
import Testing

@Suite struct AWSCLIPlanRendererTests {
    @Test(arguments: [SamplePlan.small, .hostile])
    func `A plan reads as it was approved`(plan: SamplePlan) throws {
        try GoldenFile.expect(script(plan), in: "\(plan.name).sh")
    }

    @Test func `A plan of thousands reads as it was approved`() throws {
        try GoldenFile.expectExcerpt(of: script(.grouped), in: "grouped.sh.txt")
    }

    @Test(arguments: SamplePlan.all)
    func `The script runs exactly the plan's writes, after saving every policy`(plan: SamplePlan) throws {
        // Thousands of processes would take long; a sample of the grouped plan has all its kinds.
        let entries = plan.entries.enumerated().filter { $0.offset % (plan.name == "grouped" ? 83 : 1) == 0 }
            .map(\.element)
        let shell = try StubbedShell(policies: entries)
        defer { shell.remove() }
        var renderer = AWSCLIPlanRenderer(header: plan.header)
        let script = renderer.render(entries, digest: plan.digest)
        let changes = entries.compactMap { if case .change(let change) = $0 { change } else { nil } }
        for account in Set(changes.map(\.repository.account)).sorted() {
            let (status, calls, messages) = try shell.run(script, as: account)
            #expect(status == 0, "\(messages)")
            let own = changes.filter { $0.repository.account == account }
            var expected = [["sts", "get-caller-identity", "--query", "Account", "--output", "text"]]
            for change in own { expected.append(read(change)) }
            for change in own { expected.append(write(change)) }
            #expect(calls == expected)
            for change in own {
                guard let before = change.before else { continue }
                let name = change.repository.name.text.replacing("/", with: "+")
                #expect(
                    try shell.file("backup/\(account)/\(change.repository.region)/\(name).json") == before.text + "\n")
            }
        }
    }

    @Test func `Nothing is written in an account where a policy is not what the plan was made from`() throws {
        var entries = SamplePlan.small.entries
        let shell = try StubbedShell(policies: entries)
        defer { shell.remove() }
        let edited = try #require(entries.firstIndex { $0.repository?.name.text == "base/retired" })
        entries[edited] = SamplePlan.change(
            "111122223333 us-east-1 base/retired", before: "something else", after: nil)
        var renderer = AWSCLIPlanRenderer(header: SamplePlan.header())
        let (status, calls, messages) = try shell.run(
            renderer.render(entries, digest: "d"), as: entries[0].subject.registry.account)
        #expect(status == 3)
        #expect(!calls.contains { $0[1] != "get-caller-identity" && $0[1] != "get-repository-policy" })
        #expect(messages.contains("changed since the plan was made") && messages.contains("base+retired.json"))
    }

    @Test func `Nothing is written in an account where a repository has got its first policy since`() throws {
        let shell = try StubbedShell(policies: [
            SamplePlan.change("111122223333 us-east-1 base/python", before: "{}", after: nil)
        ])
        defer { shell.remove() }
        let entries = [SamplePlan.change("111122223333 us-east-1 base/python", before: nil, after: "{}")]
        var renderer = AWSCLIPlanRenderer(header: SamplePlan.header())
        let (status, calls, messages) = try shell.run(
            renderer.render(entries, digest: "d"), as: entries[0].subject.registry.account)
        #expect(status == 3)
        #expect(calls.count == 2 && messages.contains("changed since the plan was made"))
    }

    @Test func `Another account's credentials write nothing`() throws {
        let shell = try StubbedShell(policies: SamplePlan.small.entries)
        defer { shell.remove() }
        let other = try #require(AccountID("999988887777"))
        let (status, calls, messages) = try shell.run(script(.small), as: other)
        #expect(status == 0 && calls.count == 1)
        #expect(messages.contains("skipped 111122223333 (5 repositories): the credentials are of 999988887777"))
    }

    @Test(arguments: SamplePlan.all)
    func `The script holds no invisible character`(plan: SamplePlan) {
        #expect(script(plan).split(separator: "\n").allSatisfy { $0 == String($0).visible() })
    }

    @Test(arguments: SamplePlan.hostileTexts + ["", "a b", "'", "''", "\\", "-n", "é"])
    func `A quoted word reaches a command as it was`(text: String) throws {
        let text = text.replacing("\0", with: "")
        let shell = try StubbedShell(policies: [])
        defer { shell.remove() }
        let account = try #require(AccountID("111122223333"))
        let (status, calls, _) = try shell.run("aws \(text.shellQuoted) \(text.shellQuoted)", as: account)
        #expect(status == 0)
        #expect(calls == [[text, text]])
    }

    @Test func `A piece taken early and the rest make the same script`() {
        let plan = SamplePlan.small
        var renderer = AWSCLIPlanRenderer(header: plan.header)
        var pieces: [String] = []
        for entry in plan.entries {
            renderer.add(entry)
            pieces.append(renderer.takeOutput())
        }
        pieces.append(renderer.finish(summary: plan.summary, digest: plan.digest))
        #expect(pieces.filter { !$0.isEmpty }.count >= 2)
        #expect(pieces.joined() == script(plan))
    }

    private func target(_ change: Change) -> [String] {
        let repository = change.repository
        return [
            "--registry-id", repository.account.description, "--region", repository.region.name,
            "--repository-name", repository.name.text,
        ]
    }

    private func read(_ change: Change) -> [String] {
        ["ecr", "get-repository-policy"] + target(change)
            + (change.before == nil ? [] : ["--query", "policyText", "--output", "text"])
    }

    private func write(_ change: Change) -> [String] {
        guard let after = change.after else { return ["ecr", "delete-repository-policy"] + target(change) }
        return ["ecr", "set-repository-policy"] + target(change) + ["--policy-text", after.text]
    }

    private func script(_ plan: SamplePlan) -> String {
        var renderer = AWSCLIPlanRenderer(header: plan.header)
        return renderer.render(plan.entries, digest: plan.digest)
    }
}

import AWSValues
import SharePlan
import TestSupport
import Testing

@Suite struct PlanNotesTests {
    private static func repository(_ name: String, _ account: String = "111122223333", _ region: String = "us-east-1")
        -> RepositoryID
    {
        PlanSamples.repository(name, account: account, region: region)
    }

    /// What `message` makes of a repository's account, region and name.
    private func notes(
        _ repositories: [RepositoryID], _ message: (String, String, String) -> String
    ) -> [PlanNotes.Note] {
        var notes = PlanNotes()
        for repository in repositories.sorted() {
            notes.add(
                Problem(
                    repository: repository, code: "Refused",
                    message: message(
                        repository.account.description, repository.region.name, repository.name.text)))
        }
        return notes.problems
    }

    @Test func `Failures that name nothing but themselves differently are one note`() {
        let all = [
            Self.repository("base/go"), Self.repository("base/node"),
            Self.repository("base/go", "222233334444"), Self.repository("base/go", "222233334444", "eu-west-1"),
        ]
        let found = notes(all) { "may not use arn:aws:ecr:\($1):\($0):repository/\($2) in \($0)" }
        #expect(
            found.map(\.message)
                == ["may not use arn:aws:ecr:{region}:{account}:repository/{repository} in {account}"])
        #expect(found.first?.repositories.count == 4)
        #expect(found.first?.messages.count == 4)
    }

    @Test func `Only what differs is left out of the message`() {
        let here = [Self.repository("base/go"), Self.repository("base/node")]
        #expect(
            notes(here) { "no \($2) in \($0) \($1)" }.map(\.message) == ["no {repository} in 111122223333 us-east-1"])
        #expect(notes([here[0]]) { "no \($2) in \($0)" }.map(\.message) == ["no base/go in 111122223333"])
        let accounts = [Self.repository("base/go"), Self.repository("base/go", "222233334444")]
        #expect(
            notes(accounts) { account, _, name in "no \(name) in \(account)" }.map(\.message) == [
                "no base/go in {account}"
            ])
        // The region of STS is the same for all, whatever the repository's own.
        let regions = [
            Self.repository("base/go", "111122223333", "eu-west-1"), Self.repository("base/go"),
            Self.repository("base/go", "222233334444"),
        ]
        #expect(
            notes(regions) { account, _, _ in "\(account) refused in us-east-1" }.map(\.message)
                == ["{account} refused in us-east-1"])
    }

    @Test func `What differs in anything else stays apart`() {
        let two = [Self.repository("base/go"), Self.repository("base/node")]
        #expect(notes(two) { _, _, name in name == "base/go" ? "asked for base/node" : "asked for base/go" }.count == 2)
        #expect(notes(two) { _, _, name in "x\(name) failed" }.count == 2)
        var codes = PlanNotes()
        for (repository, code) in zip(two, ["A", "B"]) {
            codes.add(Problem(repository: repository, code: code, message: "failed"))
        }
        #expect(codes.problems.count == 2)
    }

    @Test func `An account that cannot be signed in to is one note with its repositories`() {
        let repositories = [Self.repository("base/go"), Self.repository("base/node")]
        var notes = PlanNotes()
        notes.add(Problem(registry: repositories[0].registry, code: "AccessDenied", message: "no role in 111122223333"))
        for repository in repositories {
            notes.add(
                Problem(repository: repository, code: "AccessDenied", message: "no role in 111122223333"),
                requestID: "id-\(repository.name)")
        }
        #expect(
            notes.problems.map(\.line) == [
                "111122223333 us-east-1, with 2 repositories (base/{go,node}): AccessDenied: no role in 111122223333 "
                    + "(request id id-base/go and 1 more)"
            ])
    }

    @Test func `Every form of a plan says a shared cause once`() {
        var entries: [PlanEntry] = []
        for account in ["111122223333", "222233334444"] {
            let registry = Self.repository("base/go", account).registry
            let message = "no role EcrShare in \(account)"
            entries.append(.problem(Problem(registry: registry, code: "AccessDenied", message: message)))
            entries.append(
                .problem(
                    Problem(repository: Self.repository("base/go", account), code: "AccessDenied", message: message)))
        }
        let header = SamplePlan.header()
        func text(_ renderer: any PlanRenderer) -> String {
            var renderer = renderer
            return renderer.render(entries, digest: SamplePlan.small.digest)
        }
        for renderer in [TextPlanRenderer(header: header), MarkdownPlanRenderer(header: header)] as [any PlanRenderer] {
            let text = text(renderer)
            #expect(text.components("no role EcrShare in").count == 2, "\(text)")
            #expect(text.contains("no role EcrShare in {account}"), "\(text)")
        }
        #expect(text(AWSCLIPlanRenderer(header: header)).components("# Not planned").count == 3, "one for each section")
        // Two rows for each message, found by either.
        #expect(
            text(HTMLPlanRenderer(header: header)).contains(#""ids":[0,1]"#),
            "\(text(HTMLPlanRenderer(header: header)))")
    }

    @Test func `A warning about a registry is in every form`() {
        let note = PlanHeader.Note(Self.repository("base/go").registry, "zz/* covers nothing")
        let header = SamplePlan.header().with(notes: [note])
        let forms: [any PlanRenderer] = [
            TextPlanRenderer(header: header), MarkdownPlanRenderer(header: header), AWSCLIPlanRenderer(header: header),
            HTMLPlanRenderer(header: header),
        ]
        for var form in forms {
            let text = form.render(SamplePlan.small.entries, digest: SamplePlan.small.digest)
            #expect(text.contains("zz/* covers nothing"), "\(type(of: form))")
        }
    }
}

extension String {
    fileprivate func components(_ separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}

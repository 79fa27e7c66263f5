@testable import SharePlan
import Testing

@Suite struct RegistryPolicyTests {
    private func denied(_ statements: String...) throws -> [DeniedGrant] {
        let region = try #require(Region("us-east-1"))
        let text = #"{"Version":"2012-10-17","Statement":[\#(statements.joined(separator: ","))]}"#
        let policy = try RegistryPolicy(parsing: text, of: Registry(account: owner, region: region))
        let name = try #require(RepositoryName("base/go"))
        return policy.deniedGrants(among: [Grant(consumer: .account(consumer), access: .pull)], on: name)
    }

    private func deny(_ resource: String, _ more: String = #""Principal":"*","Action":"ecr:*""#) -> String {
        #"{"Sid":"EcrShareNot","Effect":"Deny",\#(resource),\#(more)}"#
    }

    private static let arn = "arn:aws:ecr:us-east-1:111122223333:repository"

    @Test(arguments: [
        (#""Resource":"\#(arn)/base/*""#, 1), (#""Resource":["x","\#(arn)/*"]"#, 1), (#""Resource":"*""#, 1),
        (#""Resource":"\#(arn)/team/*""#, 0), (#""Resource":"arn:aws:ecr:eu-west-1:111122223333:repository/*""#, 0),
        (#""NotResource":"\#(arn)/base/*""#, 0), (#""NotResource":"\#(arn)/team/*""#, 1), (#""Sid2":1"#, 1),
    ]) func `A Deny counts for the repositories that it speaks of`(resource: String, count: Int) throws {
        #expect(try denied(deny(resource)).count == count)
    }

    @Test func `A Deny for others or for other actions defeats nothing`() throws {
        let all = #""Resource":"*""#
        #expect(try denied(deny(all, #""Principal":{"AWS":"777788889999"},"Action":"ecr:*""#)).isEmpty)
        #expect(try denied(deny(all, #""Principal":"*","Action":"ecr:ReplicateImage""#)).isEmpty)
        #expect(try denied(#"{"Effect":"Allow","Principal":"*","Action":"ecr:*","Resource":"*"}"#).isEmpty)
    }

    @Test func `What hangs on an unknown condition is not certain`() throws {
        let condition = #""Principal":"*","Action":"ecr:*","Condition":{"StringNotEquals":{"aws:SourceVpc":"vpc-1"}}"#
        let found = try denied(deny(#""Resource":"*""#, condition))
        #expect(found.map(\.isCertain) == [false])
        #expect(try denied(deny(#""Resource":"*""#)).map(\.isCertain) == [true])
    }

    @Test func `A gain that was possible before and that the registry denies is none`() throws {
        let region = try #require(Region("us-east-1"))
        let name = try #require(RepositoryName("base/go"))
        let repository = RepositoryID(registry: Registry(account: owner, region: region), name: name)
        let live =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"\#(consumer)"},"#
            + #""Action":["ecr:BatchGetImage","ecr:BatchCheckLayerAvailability","ecr:GetDownloadUrlForLayer"],"#
            + #""Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1"}}}]}"#
        let wanted = [WantedGrant(Grant(consumer: .account(consumer), access: .pull))]
        let registry = try RegistryPolicy(
            parsing: #"{"Version":"2012-10-17","Statement":[\#(deny(#""Resource":"*""#))]}"#,
            of: repository.registry)
        let own = SharingRules().entry(for: repository, live: live, wanted: wanted)
        guard case .change(let alone) = own, case .change(let beside) = own.beside(registry, wanted: wanted) else {
            Issue.record("no change")
            return
        }
        #expect(AccessDifference(alone).gained.map(\.afterwards) == [.allowed])
        #expect(AccessDifference(beside).gained.map(\.afterwards) == [.notAllowed])
        try ChangeCheck(.share, .match, sidPrefix: "EcrShare").check(beside)
    }

    private func access(_ live: String?, _ statements: String...) throws -> [String] {
        let region = try #require(Region("us-east-1"))
        let repository = RepositoryID(
            registry: Registry(account: owner, region: region), name: try #require(RepositoryName("base/go")))
        let text = #"{"Version":"2012-10-17","Statement":[\#(statements.joined(separator: ","))]}"#
        let access = try RepositoryAccess(
            of: repository, policy: live, registry: RegistryPolicy(parsing: text, of: repository.registry),
            sidPrefix: "EcrShare", adopt: Adoption(unprefixed: false), wanted: [])
        return AccessReport.text(width: nil).lines(for: access).split(separator: "\n").dropFirst().map { line in
            line.split(separator: " ").joined(separator: " ")
        }
    }

    @Test func `Who has what takes the registry policy in`() throws {
        let pull = #""ecr:BatchGetImage","ecr:GetDownloadUrlForLayer","ecr:BatchCheckLayerAvailability""#
        let live =
            #"{"Version":"2012-10-17","Statement":[{"Sid":"Team","Effect":"Allow","Principal":{"AWS":"\#(consumer)"},"#
            + #""Action":[\#(pull)]}]}"#
        let denied = try access(live, deny(#""Resource":"*""#))
        #expect(denied.contains { $0.hasPrefix("\(consumer) DENIED pull") && $0.contains("of the registry policy") })
        #expect(!denied.contains { $0.hasPrefix("\(consumer) pull") })
        // AWS does not say that an Allow of the registry is enough.
        let allow =
            #"{"Sid":"All","Effect":"Allow","Principal":{"AWS":"\#(consumer)"},"Action":[\#(pull)],"Resource":"*"}"#
        let allowed = try access(nil, allow)
        #expect(
            allowed == [
                "\(consumer) perhaps pull (depends on whether an Allow of the registry policy is enough) "
                    + "statement \"All\" of the registry policy"
            ])
        let replication =
            #"{"Sid":"R","Effect":"Allow","Principal":{"AWS":"\#(consumer)"},"#
            + #""Action":["ecr:CreateRepository","ecr:ReplicateImage"],"Resource":"*"}"#
        #expect(try access(nil, replication) == [])
    }

    @Test func `A registry's Allow by which somebody keeps what he loses is a warning, and so is one for everybody`()
        throws
    {
        let region = try #require(Region("us-east-1"))
        let repository = RepositoryID(
            registry: Registry(account: owner, region: region), name: try #require(RepositoryName("base/go")))
        func registry(_ principal: String) throws -> RegistryPolicy {
            try RegistryPolicy(
                parsing: #"{"Version":"2012-10-17","Statement":[{"Sid":"All","Effect":"Allow","Principal":"#
                    + #"\#(principal),"Action":"ecr:*","Resource":"*"}]}"#, of: repository.registry)
        }
        let wanted = [WantedGrant(Grant(consumer: .account(consumer), access: .pull))]
        guard case .change(let given) = SharingRules().entry(for: repository, live: nil, wanted: wanted) else {
            Issue.record("no change")
            return
        }
        let taking = SharingRules().entry(for: repository, live: given.after, wanted: [])
        guard case .change(let kept) = try taking.beside(registry(#"{"AWS":"\#(consumer)"}"#), wanted: []),
            case .change(let open) = try taking.beside(registry(#""*""#), wanted: [])
        else {
            Issue.record("no change")
            return
        }
        #expect(
            kept.warnings == [
                "statement \"All\" of the registry policy may still allow what is removed from \(consumer); it depends on "
                    + "whether an Allow of the registry policy is enough"
            ])
        #expect(open.warnings.contains { $0.contains("may open the repository to everyone with AWS credentials") })
        try ChangeCheck(.share, .match, sidPrefix: "EcrShare").check(open)
    }
}

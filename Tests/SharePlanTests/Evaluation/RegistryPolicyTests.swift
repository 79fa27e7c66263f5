import SharePlan
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
}

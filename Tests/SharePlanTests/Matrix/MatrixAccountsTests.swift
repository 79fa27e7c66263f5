import AWSValues
import SharePlan
import Testing

@Suite struct MatrixAccountsTests {
    @Test func `Every account that gains something is listed with its lines`() throws {
        let unit = try #require(OrganizationalUnitID("ou-ab12-11111111"))
        let matrix = try #require(
            parse(
                longHeader + """
                    111122223333,us-east-1,base/go,444455556666,pull,,,
                    111122223333,us-east-1,base/java,arn:aws:iam::444455556666:role/build,push,,,
                    111122223333,us-east-1,base/go,o-a1b2c3d4e5,pull,,,
                    111122223333,us-east-1,base/go,@team,pull,,,
                    111122223333,us-east-1,base/go,777788889999,pull,,2020-01-01,
                    111122223333,us-east-1,base/node,ou-ab12-11111111,pull,,,

                    """, groups: "group,consumer\nteam,555566667777\nteam,666677778888\n",
                options: MatrixOptions(organizationalUnits: .deferred)
            ).matrix)
        #expect(matrix.linesOfOpenUnits() == [unit: [7]])
        let settled = matrix.resolving([unit: [account("444455556666"), account("888899990000")]])
        #expect(settled.linesOfOpenUnits().isEmpty)
        #expect(
            settled.consumerAccounts().map { "\($0.account) \($0.lines)" } == [
                "444455556666 [2, 3, 7]", "555566667777 [5]", "666677778888 [5]", "888899990000 [7]",
            ])
    }
}

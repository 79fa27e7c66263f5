import Testing

@testable import SimulatedAWS

@Suite struct PermissionPolicyTests {
    @Test(arguments: [
        ("*", "", true), ("*", "a/b:c", true), ("a*c", "abbbc", true), ("a*c", "abbb", false), ("a?c", "abc", true),
        ("a?c", "ac", false), ("*:repository/base/*", "arn:x:repository/base/go", true), ("", "", true),
        ("", "a", false),
        ("a**b*", "acb", true), ("*ab", "aab", true), ("A", "a", false),
    ])
    func `A pattern matches whole texts`(pattern: String, text: String, expected: Bool) {
        #expect(WildcardPattern(pattern).matches(text) == expected)
    }

    @Test func `A deny wins over an allow, and what is not named is not allowed`() throws {
        let policy = try #require(
            PermissionPolicy(
                parsing: #"""
                    {"Version":"2012-10-17","Statement":[
                      {"Effect":"Allow","Action":"ECR:*Policy","Resource":"arn:aws:ecr:*:111122223333:repository/*"},
                      {"Effect":"Deny","Action":["ecr:Set*"],"Resource":["*:repository/base/*"]},
                      {"Effect":"Allow","NotAction":"ecr:*","Resource":"*"}
                    ]}
                    """#
            )
        )
        let repository = "arn:aws:ecr:us-east-1:111122223333:repository/"
        #expect(policy.verdict(action: "ecr:GetRepositoryPolicy", resource: repository + "base/go") == .allowed)
        #expect(policy.verdict(action: "ecr:SetRepositoryPolicy", resource: repository + "tools") == .allowed)
        #expect(
            policy.verdict(action: "ecr:SetRepositoryPolicy", resource: repository + "base/go") == .explicitlyDenied)
        #expect(policy.verdict(action: "ecr:DescribeRepositories", resource: repository + "*") == .notAllowed)
        #expect(policy.verdict(action: "ecr:GetRegistryPolicy", resource: "*") == .notAllowed)
        #expect(policy.verdict(action: "sts:AssumeRole", resource: "x") == .allowed)
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"Statement":[]}"#, #"{"Statement":{"Effect":"allow","Action":"*","Resource":"*"}}"#,
        #"{"Statement":{"Effect":"Allow","Action":"*"}}"#, #"{"Statement":{"Effect":"Allow","Resource":"*"}}"#,
        #"{"Statement":{"Effect":"Allow","Action":[],"Resource":"*"}}"#,
        #"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{}}}"#,
    ])
    func `What cannot be enforced in full is refused`(text: String) {
        #expect(PermissionPolicy(parsing: text) == nil)
    }
}

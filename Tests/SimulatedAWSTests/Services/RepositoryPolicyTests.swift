import Testing

@testable import SimulatedAWS

@Suite struct RepositoryPolicyTests {
    private static func statement(_ members: String) -> String {
        #"{"Version":"2012-10-17","Statement":[{\#(members)}]}"#
    }

    private static let rest = #""Effect":"Allow","Action":"ecr:BatchGetImage""#

    @Test(arguments: [
        pullPolicy(), pullPolicy("arn:aws:iam::444455556666:role/teams/Builder"), pullPolicy("*"),
        pullPolicy("arn:aws:sts::444455556666:assumed-role/Builder/session"),
        statement(#""Principal":"*",\#(rest)"#),
        statement(#""Sid":"with spaces, and-hyphens","Principal":{"Service":["lambda.amazonaws.com"]},\#(rest)"#),
        statement(#""NotPrincipal":{"AWS":"444455556666"},"Effect":"Deny","NotAction":["ECR:*"]"#),
        statement(#""Principal":"*","Effect":"Deny","Action":"*","Condition":{"Bool":{"aws:SecureTransport":false}}"#),
        statement(
            #""Principal":"*",\#(rest),"Condition":{"ForAnyValue:StringLikeIfExists":{"aws:PrincipalOrgPaths":["a","b"]}}"#
        ),
        #"{"Id":"x","Statement":{"Principal":"*",\#(rest)}}"#,
    ])
    func `What ECR takes is taken`(text: String) throws {
        #expect(throws: Never.self) { try RepositoryPolicy(checking: text, partition: "aws") }
    }

    @Test(arguments: [
        "", "{", "[]", #"{"Version":"2012-10-17","Statement":[]}"#, #"{"Version":"2012-10-17"}"#,
        #"{"Version":"2013-10-17","Statement":[{"Principal":"*",\#(rest)}]}"#,
        #"{"Version":null,"Statement":[{"Principal":"*",\#(rest)}]}"#,
        #"{"Extra":"x","Statement":[{"Principal":"*",\#(rest)}]}"#,
        statement(#""Principal":"*",\#(rest),"Resource":"*""#), statement(#""Principal":"*",\#(rest),"Extra":1"#),
        statement(#""Principal":"*","Effect":"allow","Action":"ecr:*""#), statement(rest),
        statement(#""Principal":"*","Effect":"Allow""#), statement(#""Principal":"*","Effect":"Allow","Action":[]"#),
        statement(#""Principal":"*","Effect":"Allow","Action":"s3:GetObject""#),
        statement(#""Principal":"*","Effect":"Allow","Action":"ecr:GetAuthorizationToken""#),
        statement(#""Principal":"444455556666",\#(rest)"#), statement(#""Principal":{},\#(rest)"#),
        statement(#""Principal":{"aws":"444455556666"},\#(rest)"#), statement(#""Principal":{"AWS":[]},\#(rest)"#),
        statement(#""Principal":"*",\#(rest),"Condition":{"stringLike":{"a":"b"}}"#),
        statement(#""Principal":"*",\#(rest),"Condition":{"StringLike":{"a":{}}}"#),
        statement(#""Sid":"→","Principal":"*",\#(rest)"#),
        pullPolicy("arn:aws:iam::444455556666:*"), pullPolicy("arn:aws:iam::444455556666:role/Build*"),
        pullPolicy("arn:aws-cn:iam::444455556666:root"), pullPolicy("arn:aws:iam::44445555666:root"),
        pullPolicy("banana"), pullPolicy("arn:aws:iam::444455556666:group/g"), pullPolicy("44445555666"),
    ])
    func `What ECR refuses is refused in its words`(text: String) throws {
        #expect(throws: RepositoryPolicy.invalid) { try RepositoryPolicy(checking: text, partition: "aws") }
    }

    @Test func `Ids become the ARNs of roots, and nothing else changes`() throws {
        let text = #"{"Statement":[{"Principal":{"AWS":["444455556666","*"],"Service":"x"},\#(Self.rest),"Sid":"é"}]}"#
        let policy = try RepositoryPolicy(checking: text, partition: "aws-us-gov")
        let expected = text.split(separator: "444455556666").joined(separator: "arn:aws-us-gov:iam::444455556666:root")
        #expect(policy.document.compact == expected)
        #expect(
            RepositoryPolicy(expanding: try JSON(parsing: text), partition: "aws-us-gov").document == policy.document)
    }

    @Test func `The limit counts every character of the text, white space too`() throws {
        let policy = pullPolicy()
        let longest = policy + String(repeating: " ", count: 10_240 - policy.utf8.count)
        #expect(throws: Never.self) { try RepositoryPolicy(checking: longest, partition: "aws") }
        #expect { try RepositoryPolicy(checking: longest + " ", partition: "aws") } throws: { error in
            let error = error as? ServiceError
            return error?.code == "InvalidParameterException" && error?.message.contains("10240") == true
        }
    }

    @Test func `A shuffled list holds the same principals`() throws {
        let ids = (0..<50).map { "\"\(100_000_000_000 + $0)\"" }
        let text = #"{"Statement":[{"Principal":{"AWS":[\#(ids.joined(separator: ","))]},\#(Self.rest)}]}"#
        var policy = try RepositoryPolicy(checking: text, partition: "aws")
        let before = policy.document["Statement"]?.array?[0]["Principal"]?["AWS"]?.array ?? []
        var generator = SplitMix64(seed: 1)
        policy.shufflePrincipals(using: &generator)
        let after = policy.document["Statement"]?.array?[0]["Principal"]?["AWS"]?.array ?? []
        #expect(after != before)
        #expect(Set(after) == Set(before) && after.count == 50)
    }

    @Test(arguments: [
        ("base/python", true), ("a", false), ("a__b", true), ("a--b", true), ("a-_b", false), ("Base", false),
        ("1a/2b.c", true), ("a/", false), ("/a", false), ("a//b", false), ("-a", false), ("a..b", false),
        ("a___b", false),
    ])
    func `Repository names follow the model`(name: String, expected: Bool) {
        #expect(isRepositoryName(name) == expected)
    }
}

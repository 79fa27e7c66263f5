import AWSValues
import SharePlan
import TestSupport
import Testing

/// The rules are those of the IAM user guide, pages reference_policies_evaluation-logic, …_elements_principal,
/// …_elements_notprincipal, …_elements_action, …_elements_condition_operators, …_multi-value-conditions and
/// …_condition-keys under https://docs.aws.amazon.com/IAM/latest/UserGuide/.
@Suite struct PolicyEvaluatorTests {
    private let build = role(in: consumer)

    @Test func `Without a policy nobody but the owner account is allowed`() throws {
        #expect(try decide(nil, .account(consumer)) == .notAllowed)
        #expect(try decide(nil, .account(owner)) == .allowed(by: []))
        #expect(try decide(nil, .principal(role(in: owner))) == .allowed(by: []))
        #expect(try decide(nil, .lambda(functions(of: owner))) == .notAllowed)
    }

    @Test(arguments: [
        (#""*""#, Answer.yes, Answer.yes, Answer.yes, Answer.yes),
        (#"{"AWS":"*"}"#, .yes, .yes, .yes, .yes),
        (#"{"AWS":["*"]}"#, .yes, .yes, .yes, .yes),
        (#"{"AWS":"444455556666"}"#, .yes, .yes, .no, .no),
        (#"{"AWS":"arn:aws:iam::444455556666:root"}"#, .yes, .yes, .no, .no),
        (#"{"AWS":["arn:aws:iam::777788889999:root","444455556666"]}"#, .yes, .yes, .no, .no),
        (#"{"AWS":"arn:aws-cn:iam::444455556666:root"}"#, .no, .no, .no, .no),
        (#"{"AWS":"777788889999"}"#, .no, .no, .no, .no),
        (#"{"AWS":"arn:aws:iam::444455556666:role/build"}"#, .no, .yes, .no, .no),
        (#"{"AWS":"arn:aws:iam::444455556666:role/Build"}"#, .no, .no, .no, .no),
        (#"{"AWS":"arn:aws:iam::444455556666:user/build"}"#, .no, .no, .no, .no),
        // A session is asked about by itself.
        (#"{"AWS":"arn:aws:sts::444455556666:assumed-role/build/x"}"#, .no, .no, .no, .no),
        (#"{"AWS":"arn:aws:iam::444455556666:*"}"#, .maybe, .maybe, .no, .no),
        (#"{"AWS":"AROAEXAMPLEEXAMPLE123"}"#, .no, .no, .no, .no),
        (#"{"AWS":"AIDAEXAMPLEEXAMPLE123"}"#, .no, .no, .no, .no),
        (#"{"AWS":"banana"}"#, .maybe, .maybe, .maybe, .maybe),
        (#"{"AWS":7}"#, .maybe, .maybe, .maybe, .maybe),
        (#"{"AWS":[]}"#, .maybe, .maybe, .maybe, .maybe),
        (#"{}"#, .maybe, .maybe, .maybe, .maybe),
        (#""arn:aws:iam::444455556666:root""#, .maybe, .maybe, .maybe, .maybe),
        (#"{"aws":"444455556666"}"#, .maybe, .maybe, .maybe, .maybe),
        (
            #"{"CanonicalUser":"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}"#, .maybe, .maybe,
            .maybe, .maybe
        ),
        (#"{"Federated":"cognito-identity.amazonaws.com"}"#, .no, .no, .no, .no),
        (#"{"Service":"lambda.amazonaws.com"}"#, .no, .no, .no, .yes),
        (#"{"Service":["ecs.amazonaws.com","lambda.amazonaws.com"]}"#, .no, .no, .no, .yes),
        (#"{"Service":"ecs.amazonaws.com"}"#, .no, .no, .no, .no),
        (#"{"Service":"lambda.eu-west-1.amazonaws.com"}"#, .no, .no, .no, .maybe),
        (#"{"Service":"lambda.amazonaws.com","AWS":"444455556666"}"#, .yes, .yes, .no, .yes),
    ])
    func `A principal matches whom the grammar says`(
        principal: String, account: Answer, role: Answer, stranger: Answer, lambda: Answer
    ) throws {
        let text = policy(#"{"Effect":"Allow","Principal":\#(principal),"Action":"ecr:BatchGetImage"}"#)
        #expect(Answer(try decide(text, .account(consumer))) == account)
        #expect(Answer(try decide(text, .principal(build))) == role)
        #expect(Answer(try decide(text, .lambda(functions(of: consumer)))) == lambda)
        #expect(Answer(try decide(text, .stranger)) == stranger)
    }

    @Test(arguments: [
        (#""Action":"ecr:BatchGetImage""#, Answer.yes), (#""Action":"ECR:batchgetimage""#, .yes),
        (#""Action":["ecr:PutImage","ecr:BatchGetImage"]"#, .yes), (#""Action":"ecr:Batch*""#, .yes),
        (#""Action":"ecr:BatchGetImag?""#, .yes), (#""Action":"ecr:*""#, .yes), (#""Action":"*""#, .yes),
        (#""Action":"ecr:BatchGetImage?""#, .no), (#""Action":"ecr:PutImage""#, .no), (#""Action":"s3:*""#, .no),
        (#""Action":"BatchGetImage""#, .maybe), (#""Action":[]"#, .maybe), (#""Action":null"#, .maybe),
        (#""NotAction":"ecr:PutImage""#, .yes), (#""NotAction":["ecr:batch*"]"#, .no), (#""NotAction":"*""#, .no),
        (#""Action":"*","NotAction":"ecr:PutImage""#, .maybe), (#""Resource":"*""#, .maybe),
        (#""Resource":"*","Action":"ecr:*""#, .yes), (#""Action":"ecr:*","Colour":"blue""#, .maybe),
    ])
    func `An action is matched in any letter case and by wildcards`(element: String, answer: Answer) throws {
        let text = policy(#"{"Effect":"Allow","Principal":"*",\#(element)}"#)
        #expect(Answer(try decide(text, .account(consumer))) == answer)
    }

    @Test(arguments: [
        (#"{"Effect":"Allow","Principal":"*","Action":"*"}"#, Answer.yes),
        (#"{"Effect":"allow","Principal":"*","Action":"*"}"#, .maybe), (#"{"Principal":"*","Action":"*"}"#, .maybe),
        (#"{"Effect":"Allow","Action":"*"}"#, .maybe), (#""text""#, .maybe), ("null", .maybe),
        (#"{"Effect":"Allow","Principal":"*","Action":"*","Condition":[]}"#, .maybe),
        (#"{"Effect":"Allow","Principal":"*","Action":"*","Condition":{}}"#, .yes),
        (#"{"Effect":"Allow","Principal":"*","Action":"*","Condition":{"StringEquals":{}}}"#, .maybe),
    ])
    func `A malformed statement is never certain`(statement: String, answer: Answer) throws {
        #expect(Answer(try decide(policy(statement), .account(consumer))) == answer)
        // The same beside a clear Allow: it may deny unless it is surely an Allow.
        let beside = try decide(policy(allowAll, statement), .account(consumer))
        #expect(beside.isAllowed == (answer == .yes || statement.contains(#""Effect":"Allow""#)))
    }

    @Test func `A Deny wins and says which statement it is`() throws {
        let deny = #"{"Sid":"no push","Effect":"Deny","Principal":"*","Action":"ecr:PutImage"}"#
        for text in [policy(allowAll, deny), policy(deny, allowAll)] {
            let index = text.contains(#"[{"Sid""#) ? 0 : 1
            let denier = StatementReference(index: index, sid: "no push")
            #expect(try decide(text, .account(consumer), "ecr:PutImage") == .denied(by: [denier]))
            #expect(try decide(text, .account(owner), "ecr:PutImage") == .denied(by: [denier]))
            #expect(try decide(text, .account(consumer)).isAllowed)
        }
    }

    @Test func `A session is one of its role, and of its account`() throws {
        let named = try #require(SessionARN("arn:aws:sts::444455556666:assumed-role/build/x"))
        let other = try #require(SessionARN("arn:aws:sts::444455556666:assumed-role/deploy/x"))
        #expect(SessionARN("arn:aws:sts::444455556666:assumed-role/build/*") == nil)
        for principal in ["arn:aws:sts::444455556666:assumed-role/build/x", "arn:aws:iam::444455556666:role/build"] {
            let text = policy(#"{"Effect":"Allow","Principal":{"AWS":"\#(principal)"},"Action":"ecr:BatchGetImage"}"#)
            #expect(Answer(try decide(text, .session(named))) == .yes)
            #expect(Answer(try decide(text, .session(other))) == .no)
        }
        let text = policy(
            allowAll,
            #"{"Effect":"Deny","Principal":{"AWS":"arn:aws:sts::444455556666:assumed-role/build/x"},"Action":"*"}"#)
        #expect(Answer(try decide(text, .session(named))) == .denied)
        #expect(Answer(try decide(text, .session(other))) == .yes)
        #expect(Answer(try decide(text, .principal(build))) == .maybe)
        #expect(Answer(try decide(text, .account(consumer))) == .maybe)
    }

    @Test func `A Deny of one role may hit its account`() throws {
        let text = policy(
            allowAll, #"{"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::444455556666:role/build"},"Action":"ecr:*"}"#)
        #expect(
            try decide(text, .account(consumer))
                == .depends(on: [.onlySome], by: [StatementReference(index: 1, sid: nil)]))
        #expect(Answer(try decide(text, .principal(build))) == .denied)
        #expect(try decide(text, .account(owner)).isAllowed)
    }

    @Test func `NotPrincipal denies everybody else and may deny whom it names`() throws {
        let text = policy(
            allowAll, #"{"Effect":"Deny","NotPrincipal":{"AWS":["arn:aws:iam::444455556666:root"]},"Action":"ecr:*"}"#)
        #expect(Answer(try decide(text, .account(consumer))) == .maybe)
        #expect(Answer(try decide(text, .account(owner))) == .denied)
        #expect(Answer(try decide(text, .stranger)) == .denied)
        #expect(Answer(try decide(text, .lambda(functions(of: consumer)))) == .denied)
        let service = policy(
            allowAll, #"{"Effect":"Deny","NotPrincipal":{"Service":"lambda.amazonaws.com"},"Action":"ecr:*"}"#)
        #expect(try decide(service, .lambda(functions(of: consumer))).isAllowed)
        let allow = policy(#"{"Effect":"Allow","NotPrincipal":{"AWS":"444455556666"},"Action":"ecr:*"}"#)
        #expect(Answer(try decide(allow, .stranger)) == .maybe)
    }

    @Test func `A statement may stand alone and be absent`() throws {
        #expect(try decide(#"{"Statement":\#(allowAll)}"#, .account(consumer)).isAllowed)
        #expect(try decide(#"{"Statement":[]}"#, .account(consumer)) == .notAllowed)
    }

    @Test(arguments: ["", "[]", "{}", #"{"Statement":7}"#, #"{"Statement":[],"Statement":[]}"#, "null"])
    func `What is no policy document is an error`(text: String) {
        #expect(throws: PolicyError.self) { try decide(Policy(text), .account(consumer)) }
    }

    @Test func `The guide's documents allow what the guide says`() throws {
        let text = #"""
            {"Version":"2008-10-17","Statement":[
              {"Sid":"AllowPull","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},
               "Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]},
              {"Sid":"AllowLambdaPull","Effect":"Allow","Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"],
               "Principal":{"Service":"lambda.amazonaws.com"},
               "Condition":{"StringLike":{"aws:sourceARN":"arn:aws:lambda:us-east-1:444455556666:function:*"}}}]}
            """#
        let pull = StatementReference(index: 0, sid: "AllowPull")
        #expect(try decide(Policy(text), .account(consumer)) == .allowed(by: [pull]))
        #expect(try decide(Policy(text), .principal(build)) == .allowed(by: [pull]))
        #expect(try decide(Policy(text), .account(consumer), "ecr:PutImage") == .notAllowed)
        #expect(try decide(Policy(text), .stranger) == .notAllowed)
        let lambda = Decision.allowed(by: [StatementReference(index: 1, sid: "AllowLambdaPull")])
        #expect(try decide(Policy(text), .lambda(functions(of: consumer))) == lambda)
        let one = LambdaCaller(account: consumer, region: Region("us-east-1"), function: "resize")
        #expect(try decide(Policy(text), .lambda(one)) == lambda)
        #expect(try decide(Policy(text), .lambda(functions(of: consumer, "eu-west-1"))) == .notAllowed)
        #expect(try decide(Policy(text), .lambda(functions(of: owner))) == .notAllowed)
        #expect(
            try decide(Policy(text), .lambda(functions(of: consumer)), "ecr:BatchCheckLayerAvailability") == .notAllowed
        )
    }
}

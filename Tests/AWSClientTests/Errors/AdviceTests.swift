import Testing

@testable import AWSClient

@Suite struct AdviceTests {
    private func error(
        _ code: String,
        _ message: String = "no",
        service: AWSService = .ecr,
        region: String = "eu-south-2"
    ) -> AWSError {
        AWSError(
            service: service,
            operation: "SetRepositoryPolicy",
            account: "111122223333",
            region: region,
            cause: .answered(ErrorAnswer(code: code, message: message, httpStatus: 400))
        )
    }

    private static let caller = "arn:aws:sts::111122223333:assumed-role/EcrShareOperator/ecr-share"
    private static let resource = "arn:aws:ecr:eu-south-2:111122223333:repository/base/go"
    private static let denial =
        "User: \(caller) is not authorized to perform: ecr:SetRepositoryPolicy on resource: \(resource)"

    @Test(arguments: [
        (
            "\(denial) because no identity-based policy allows the ecr:SetRepositoryPolicy action",
            "\(caller)'s policy needs this statement: "
                + #"{"Effect":"Allow","Action":"ecr:SetRepositoryPolicy","Resource":"\#(resource)"}"#
        ),
        ("\(denial) with an explicit deny in a service control policy", "service control policy"),
        ("\(denial) because no permissions boundary allows the action", "permissions boundary"),
        ("\(denial) because no session policy allows the action", "session's own policy"),
        ("\(denial) with an explicit deny in an identity-based policy", "A Deny statement forbids it"),
        (
            "not authorized",
            #"{"Effect":"Allow","Action":"ecr:SetRepositoryPolicy","Resource":"arn:aws:ecr:eu-south-2:111122223333:repository/*"}"#
        ),
    ]) func `A refusal names what is missing or stands in the way`(message: String, advice: String) {
        let problem = error("AccessDeniedException", message)
        #expect(problem.advice?.contains(advice) == true, "\(problem.advice ?? "none")")
        #expect(problem.description.contains(message))
    }

    @Test(arguments: ["UnrecognizedClientException", "InvalidClientTokenId"])
    func `An opt-in region that is off says so, any other region speaks of the keys`(code: String) {
        #expect(error(code).advice?.contains("aws account enable-region --region-name eu-south-2") == true)
        #expect(error(code, region: "eu-west-1").advice?.contains("deleted or deactivated") == true)
        #expect(error(code, region: "cn-north-1").advice?.contains("enable-region") == false)
        #expect(error(code).concernsRegion)
    }

    @Test func `A region without STS says how to go on`() {
        let problem = error("RegionDisabledException", service: .sts)
        #expect(problem.advice?.contains("--region") == true)
        #expect(problem.explanation.hasPrefix("no. STS"))
    }

    @Test func `Other errors are left in AWS's words`() {
        #expect(error("RepositoryNotFoundException").advice == nil)
        #expect(error("RepositoryNotFoundException", "gone").explanation == "gone")
    }
}

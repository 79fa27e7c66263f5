/// A repository as DescribeRepositories tells of it.
package struct ECRRepository: Hashable, Sendable {
    package let name: String
    package let arn: String
    /// The account whose registry holds it.
    package let registryID: String
}

/// One page of repositories.
struct ECRRepositoryPage {
    let repositories: [ECRRepository]
    let nextToken: String?
    private let answer: ECRAnswer

    init(_ answer: ECRAnswer) throws(AWSError) {
        self.answer = answer
        guard let elements = answer.body["repositories"]?.array else {
            throw answer.unreadable("it holds no list of repositories")
        }
        var repositories: [ECRRepository] = []
        repositories.reserveCapacity(elements.count)
        for element in elements {
            guard let name = element["repositoryName"]?.string, let arn = element["repositoryArn"]?.string,
                let registryID = element["registryId"]?.string
            else { throw answer.unreadable("a repository has no name, ARN or registry id") }
            repositories.append(ECRRepository(name: name, arn: arn, registryID: registryID))
        }
        self.repositories = repositories
        switch answer.body["nextToken"] {
        case nil: nextToken = nil
        case .string(let token)? where !token.isEmpty: nextToken = token
        default: throw answer.unreadable("the page token is not a text")
        }
    }

    func error(_ reason: String) -> AWSError {
        answer.unreadable(reason)
    }
}

/// A successful ECR answer and the call that it answers.
struct ECRAnswer {
    let body: JSONNode
    private let call: AWSCall
    private let response: HTTPResponse

    /// - Throws: When the body is not a JSON object.
    init(_ response: HTTPResponse, to call: AWSCall) throws(AWSError) {
        self.call = call
        self.response = response
        do throws(JSONSyntaxError) {
            body = try JSONNode(parsing: response.body)
        } catch {
            throw ECRAnswer.unreadable(error.description, response, call)
        }
        guard body.isObject else { throw ECRAnswer.unreadable("it is not a JSON object", response, call) }
    }

    func unreadable(_ reason: String) -> AWSError {
        ECRAnswer.unreadable(reason, response, call)
    }

    private static func unreadable(_ reason: String, _ response: HTTPResponse, _ call: AWSCall) -> AWSError {
        call.error(
            .unreadable(reason: reason, httpStatus: response.status, requestID: response.requestID),
            attempts: 1
        )
    }
}

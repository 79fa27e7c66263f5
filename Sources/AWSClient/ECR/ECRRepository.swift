import OrderedJSON

/// A repository as DescribeRepositories describes it.
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
    private let answer: JSONAnswer

    init(_ answer: JSONAnswer) throws(AWSError) {
        self.answer = answer
        guard let elements = answer.body["repositories"]?.array else {
            throw answer.unreadable("it has no list of repositories")
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
        default: throw answer.unreadable("the page token is not a string")
        }
    }

    func error(_ reason: String) -> AWSError {
        answer.unreadable(reason)
    }
}

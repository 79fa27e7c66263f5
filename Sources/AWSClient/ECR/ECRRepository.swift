import OrderedJSON

/// A repository as DescribeRepositories describes it.
package struct ECRRepository: Hashable, Sendable {
    package let name: String
    package let arn: String
    /// The account whose registry holds it.
    package let registryID: String

    init(_ element: JSONValue, _ answer: JSONAnswer) throws(AWSError) {
        guard let name = element["repositoryName"]?.string, let arn = element["repositoryArn"]?.string,
            let registryID = element["registryId"]?.string
        else { throw answer.unreadable("a repository has no name, ARN or registry id") }
        self.name = name
        self.arn = arn
        self.registryID = registryID
    }
}

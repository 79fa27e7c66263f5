package import AWSValues
import OrderedCollections
import OrderedJSON

/// Calls ECR in one account and region.
///
/// Source: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/Welcome.html (the protocol is AWS JSON 1.1)
package struct ECRClient: Sendable {
    package let registry: Registry
    let caller: AWSCaller
    private let endpoint: Endpoint
    private let credentials: CredentialCache

    package init(
        _ caller: AWSCaller,
        registry: Registry,
        endpoint: Endpoint,
        credentials: CredentialCache
    ) {
        self.caller = caller
        self.registry = registry
        self.endpoint = endpoint
        self.credentials = credentials
    }

    /// The registry's account as ECR spells it.
    private var account: String { registry.account.description }

    /// The repository's policy as ECR prints it; nil only when ECR says that there is none. Every other failure throws,
    /// an answer without a policy text included.
    package func repositoryPolicy(of repository: RepositoryName) async throws(AWSError) -> String? {
        do throws(AWSError) {
            return try await policyText(from: "GetRepositoryPolicy", repository)
        } catch {
            guard error.isRepositoryPolicyNotFound else { throw error }
            return nil
        }
    }

    /// Hands over all repositories of the registry, page by page, up to 1,000 at a time, in ECR's order.
    package func describeRepositories(
        _ receive: ([ECRRepository]) async throws(AWSError) -> Void
    ) async throws(AWSError) {
        var seen: Set<String> = []
        var token: String?
        repeat {
            let page = try await repositories(after: token)
            try await receive(page.repositories)
            token = page.nextToken
            // Answering with a token that was answered before, the service would keep us forever.
            if let token, !seen.insert(token).inserted { throw page.error("the page token is repeated") }
        } while token != nil
    }

    /// All repositories of the registry, in ECR's order.
    package func repositories() async throws(AWSError) -> [ECRRepository] {
        var all: [ECRRepository] = []
        try await describeRepositories { (page) async throws(AWSError) in all += page }
        return all
    }

    private func repositories(after token: String?) async throws(AWSError) -> ECRRepositoryPage {
        var members: JSONObject = ["registryId": .string(account), "maxResults": JSONValue(1_000)]
        if let token { members["nextToken"] = .string(token) }
        let page = try ECRRepositoryPage(try await call("DescribeRepositories", members))
        // Repositories of elsewhere would be planned, and written, as if they were here.
        for repository in page.repositories {
            guard repository.registryID == account,
                repository.arn.hasSuffix(":ecr:\(registry.region):\(account):repository/\(repository.name)")
            else { throw page.error("it lists repositories of another registry") }
        }
        return page
    }

    /// The registry's own policy, as ECR prints it; nil only when ECR says that there is none.
    package func registryPolicy() async throws(AWSError) -> String? {
        do throws(AWSError) {
            let answer = try await call("GetRegistryPolicy", [:])
            guard answer.body["registryId"]?.string == account else {
                throw answer.unreadable("it is about another registry")
            }
            guard let text = answer.body["policyText"]?.string, !text.isEmpty else {
                throw answer.unreadable("it has no policyText")
            }
            return text
        } catch {
            guard error.isRegistryPolicyNotFound else { throw error }
            return nil
        }
    }

    private func policyText(from operation: String, _ repository: RepositoryName) async throws(AWSError) -> String {
        try policyText(
            in: try await call(operation, members(naming: repository), about: repository), of: repository)
    }

    /// The policy in an answer, which must be about the repository.
    func policyText(in answer: JSONAnswer, of repository: RepositoryName) throws(AWSError) -> String {
        guard answer.body["repositoryName"]?.string == repository.text, answer.body["registryId"]?.string == account
        else {
            throw answer.unreadable("it is about another repository or registry")
        }
        guard let text = answer.body["policyText"]?.string, !text.isEmpty else {
            throw answer.unreadable("it has no policyText")
        }
        return text
    }

    /// The members by which a request names a repository.
    func members(naming repository: RepositoryName) -> JSONObject {
        ["registryId": .string(account), "repositoryName": .string(repository.text)]
    }

    private func call(
        _ operation: String, _ members: JSONObject, about repository: RepositoryName? = nil
    ) async throws(AWSError) -> JSONAnswer {
        let request = request(operation, members)
        return try await answer(to: request, about: repository) { () async throws(AWSError) in
            try await caller.answer(to: request)
        }
    }

    /// A call of an operation that changes nothing, before signing.
    func request(_ operation: String, _ members: JSONObject) -> AWSCall {
        AWSCall(
            json: members, to: .ecr, "AmazonEC2ContainerRegistry_V20150921", operation, account: registry.account,
            endpoint, credentials)
    }
}

// MARK: - Whether an answer is believed

extension ECRClient {
    /// The answer that `send` brings. An error that something does not exist is one only if ECR itself says so, of what
    /// was asked for: taken for "no policy", it would cost a repository its foreign statements.
    func answer(
        to call: AWSCall, about repository: RepositoryName?, _ send: () async throws(AWSError) -> HTTPResponse
    ) async throws(AWSError) -> JSONAnswer {
        do throws(AWSError) {
            return try JSONAnswer(try await send(), to: call)
        } catch {
            throw believed(error, of: call, about: repository)
        }
    }

    private func believed(_ error: AWSError, of call: AWSCall, about repository: RepositoryName?) -> AWSError {
        guard case .answered(let answer) = error.cause, ECRClient.absenceCodes.contains(answer.code) else {
            return error
        }
        let name = answer.message.quoted(after: "name ") ?? repository?.text
        let registry = answer.message.quoted(after: "registry with id ") ?? account
        let isAboutThis = name == repository?.text && registry == account
        if answer.isServicesOwnWord, isAboutThis { return error }
        let doubt = isAboutThis ? "is not in the form that ECR gives it" : "is about another repository or registry"
        return call.error(
            .unreadable(
                reason: "\(answer.code) \(doubt)", httpStatus: answer.httpStatus, requestID: answer.requestID),
            attempts: error.attempts)
    }

    private static let absenceCodes: Set = [
        "RepositoryNotFoundException", "RepositoryPolicyNotFoundException", "RegistryPolicyNotFoundException",
    ]
}

extension String {
    /// The text in single quotes right after `words`: how ECR's messages name things.
    fileprivate func quoted(after words: String) -> String? {
        guard let start = firstRange(of: words + "'")?.upperBound, let end = self[start...].firstIndex(of: "'") else {
            return nil
        }
        return String(self[start..<end])
    }
}

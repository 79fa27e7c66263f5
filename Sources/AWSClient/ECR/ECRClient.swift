package import AWSValues
import OrderedCollections
import OrderedJSON

/// Calls ECR in one account and region.
///
/// Source: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/Welcome.html (the protocol is AWS JSON 1.1)
package struct ECRClient: Sendable {
    let caller: AWSCaller
    package let registry: Registry
    let endpoint: Endpoint
    let credentials: CredentialCache

    /// The registry's account as ECR spells it.
    private var account: String { registry.account.description }

    /// The repository's policy as ECR prints it; nil only when ECR says that there is none. Every other failure throws,
    /// an answer without a policy text included.
    package func repositoryPolicy(of repository: RepositoryName) async throws(AWSError) -> String? {
        do throws(AWSError) {
            let answer = try await call("GetRepositoryPolicy", members(naming: repository), about: repository)
            return try policyText(in: answer, of: repository)
        } catch {
            guard error.isRepositoryPolicyNotFound else { throw error }
            return nil
        }
    }

    /// All repositories of the registry, in ECR's order.
    package func repositories() async throws(AWSError) -> [ECRRepository] {
        var all: [ECRRepository] = []
        var pages = PageTokens()
        repeat {
            var members: JSONObject = ["registryId": .string(account), "maxResults": JSONValue(1_000)]
            members["nextToken"] = pages.next.map(JSONValue.string)
            let answer = try await call("DescribeRepositories", members)
            for element in try answer.elements(of: "repositories") {
                let repository = try ECRRepository(element, answer)
                // Repositories of elsewhere would be planned, and written, as if they were here.
                guard repository.registryID == account,
                    repository.arn.hasSuffix(":ecr:\(registry.region):\(account):repository/\(repository.name)")
                else { throw answer.unreadable("it lists repositories of another registry") }
                all.append(repository)
            }
            try pages.take("nextToken", of: answer)
        } while pages.next != nil
        return all
    }

    /// The registry's own policy, as ECR prints it; nil only when ECR says that there is none.
    package func registryPolicy() async throws(AWSError) -> String? {
        do throws(AWSError) {
            return try policyText(in: try await call("GetRegistryPolicy", [:]), of: nil)
        } catch {
            guard error.isRegistryPolicyNotFound else { throw error }
            return nil
        }
    }

    /// The policy in an answer, which must be about the repository, or with nil about the registry.
    func policyText(in answer: JSONAnswer, of repository: RepositoryName?) throws(AWSError) -> String {
        guard answer.body["repositoryName"]?.string == repository?.text, answer.body["registryId"]?.string == account
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

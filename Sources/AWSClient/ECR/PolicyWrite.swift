package import AWSValues
import OrderedCollections
import OrderedJSON

/// One write of a repository's policy: a replacement, or its deletion.
///
/// ECR's writes know no condition, so whoever writes takes the turn first, looks at the live policy, and sends right
/// after. Nothing is repeated here: after a failure the caller looks again before it takes another turn.
package struct PolicyWrite: Sendable {
    private let client: ECRClient
    private let repository: RepositoryName
    private let write: AWSWrite
    private let call: AWSCall

    init(_ text: String?, of repository: RepositoryName, _ client: ECRClient) {
        var members = client.members(naming: repository)
        if let text { members["policyText"] = .string(text) }
        var call = client.request(text == nil ? "DeleteRepositoryPolicy" : "SetRepositoryPolicy", members)
        call.isWrite = true
        self.client = client
        self.repository = repository
        self.call = call
        write = client.caller.write(call)
    }

    /// See ``AWSWrite/takeTurn()``.
    package func takeTurn() async throws(AWSError) {
        try await write.takeTurn()
    }

    /// See ``AWSWrite/giveTurnBack()``.
    package func giveTurnBack() {
        write.giveTurnBack()
    }

    /// Sends the write, once. Returns the policy as ECR printed it; of a deletion the policy that was deleted. That
    /// there was none to delete is an error, which says ``AWSError/isRepositoryPolicyNotFound``.
    package func send() async throws(AWSError) -> String {
        let answer = try await client.answer(to: call, about: repository) { () async throws(AWSError) in
            try await write.send()
        }
        return try client.policyText(in: answer, of: repository)
    }

    /// See ``AWSWrite/mayRepeat``.
    package var mayRepeat: Bool { write.mayRepeat }
}

extension ECRClient {
    /// A write that replaces the repository's policy, or deletes it when `text` is nil. The parameter that switches off
    /// ECR's protection against locking oneself out is never sent.
    package func policyWrite(_ text: String?, of repository: RepositoryName) -> PolicyWrite {
        PolicyWrite(text, of: repository, self)
    }
}

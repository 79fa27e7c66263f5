package import AWSValues

/// The ARN of a session, as a policy may name one: of a role (`assumed-role/ROLE/SESSION`) or of a federated user.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
package struct SessionARN: Hashable, Sendable, CustomStringConvertible {
    package let text: String
    package let partition: Partition
    package let account: AccountID
    /// The role's name without its path; nil for a federated user.
    package let role: String?

    /// The session that `text` names, or nil for anything else.
    package init?(_ text: some StringProtocol) {
        let fields = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard fields.count == 6, fields[0] == "arn", fields[2] == "sts", fields[3].isEmpty,
            let partition = Partition(rawValue: String(fields[1])), let account = AccountID(fields[4])
        else { return nil }
        let parts = fields[5].split(separator: "/", omittingEmptySubsequences: false)
        guard parts.dropFirst().allSatisfy({ !$0.isEmpty && !Glob.hasWildcard(String($0)) }) else { return nil }
        switch (parts.first, parts.count) {
        case ("assumed-role", 3): role = String(parts[1])
        case ("federated-user", 2): role = nil
        default: return nil
        }
        self.text = String(text)
        self.partition = partition
        self.account = account
    }

    package var description: String { text }
}

extension PrincipalARN {
    /// Whether this is the role whose session `session` is. Names of roles are unique in an account, whatever the path.
    func isRole(of session: SessionARN) -> Bool {
        guard let role = session.role, account == session.account, text.contains(":role/") else { return false }
        return text.hasSuffix("/" + role)
    }
}

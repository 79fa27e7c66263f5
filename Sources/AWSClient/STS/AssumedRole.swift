package import AWSValues

/// A role session that STS has opened.
package struct AssumedRole: Sendable {
    package let credentials: Credentials
    package let expiration: Timestamp
    /// `arn:PARTITION:sts::ACCOUNT:assumed-role/ROLE/SESSION`
    package let arn: String

    init(_ answer: QueryAnswer) throws(AWSError) {
        credentials = Credentials(
            accessKeyID: try answer.text("Credentials", "AccessKeyId"),
            secretAccessKey: try answer.text("Credentials", "SecretAccessKey"),
            sessionToken: try answer.text("Credentials", "SessionToken")
        )
        guard let expiration = Timestamp(iso8601: try answer.text("Credentials", "Expiration")) else {
            throw answer.unreadable("Expiration is not a time")
        }
        self.expiration = expiration
        arn = try answer.text("AssumedRoleUser", "Arn")
    }

    /// The account that the session is in.
    package var account: AccountID? { ARNFields(arn)?.account }
}

/// Who some credentials belong to.
package struct CallerIdentity: Hashable, Sendable {
    package let account: AccountID
    package let arn: String
    package let userID: String

    init(_ answer: QueryAnswer) throws(AWSError) {
        let text = try answer.text("Account")
        arn = try answer.text("Arn")
        userID = try answer.text("UserId")
        guard let account = AccountID(text), ARNFields(arn)?.account == account else {
            throw answer.unreadable("its account is not the one of its ARN")
        }
        self.account = account
    }

    /// The partition that the credentials belong to.
    package var partition: String? { ARNFields(arn)?.partition }
}

/// The leading fields of an ARN.
struct ARNFields {
    let partition: String
    /// Nil in an ARN of a resource that belongs to no account.
    let account: AccountID?
    let resource: String

    /// Nil when the text is no ARN.
    init?(_ arn: String) {
        let fields = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard fields.count == 6, fields[0] == "arn" else { return nil }
        partition = String(fields[1])
        account = AccountID(fields[4])
        resource = String(fields[5])
    }
}

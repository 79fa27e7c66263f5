/// What to ask AssumeRole for.
///
/// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
package struct AssumeRoleRequest: Hashable, Sendable {
    package var roleARN: String
    /// Shows up in CloudTrail and in the session's ARN.
    package var sessionName: String
    /// At least 15 minutes, at most the role's maximum; at most one hour when the caller is itself a role. STS's own
    /// default, one hour, when nil.
    package var duration: Duration?
    package var externalID: String?
    /// An inline session policy: the session may do only what it allows as well as the role.
    package var policy: String?
    /// The MFA device and its current code.
    package var mfa: MFA?

    /// A second factor.
    package struct MFA: Hashable, Sendable {
        package var serialNumber: String
        package var tokenCode: String
    }

    var parameters: [(name: String, value: String)] {
        let optional: [(String, String?)] = [
            ("RoleArn", roleARN),
            ("RoleSessionName", sessionName),
            ("DurationSeconds", duration.map { String($0.components.seconds) }),
            ("ExternalId", externalID),
            ("Policy", policy),
            ("SerialNumber", mfa?.serialNumber),
            ("TokenCode", mfa?.tokenCode),
        ]
        return optional.compactMap { name, value in value.map { (name, $0) } }
    }

    var secrets: [String] { [mfa?.tokenCode].compactMap { $0 } }
}

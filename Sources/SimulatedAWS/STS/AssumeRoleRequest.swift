/// The parameters of AssumeRole, checked.
/// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
struct AssumeRoleRequest {
    var roleARN: String
    var sessionName: String
    /// Seconds.
    var duration: Int
    var externalID: String?
    var sessionPolicy: PermissionPolicy?
    /// Characters of the session policy.
    var policyLength: Int?

    init(_ form: [String: String]) throws(ServiceError) {
        roleARN = try AssumeRoleRequest.text(form, "RoleArn", length: 20...2048)
        sessionName = try AssumeRoleRequest.text(form, "RoleSessionName", length: 2...64, allowed: "+=,.@-")
        guard roleARN.hasPrefix("arn:"), roleARN.contains(":role/") else {
            throw ServiceError("ValidationError", "\(roleARN) is invalid")
        }
        externalID = nil
        if form["ExternalId"] != nil {
            externalID = try AssumeRoleRequest.text(form, "ExternalId", length: 2...1224, allowed: "+=,.@:/-")
        }
        duration = 3600
        if let text = form["DurationSeconds"] {
            guard let seconds = Int(text) else {
                throw ServiceError("MalformedInput", "DurationSeconds is not a number")
            }
            let bound = seconds < 900 ? "greater than or equal to 900" : "less than or equal to 43200"
            guard (900...43_200).contains(seconds) else {
                throw AssumeRoleRequest.invalid(text, "durationSeconds", "Member must have value \(bound)")
            }
            duration = seconds
        }
        guard let policy = form["Policy"] else { return }
        policyLength = policy.unicodeScalars.count
        // The text itself is not repeated in the answer.
        guard (1...2048).contains(policy.unicodeScalars.count) else {
            throw AssumeRoleRequest.invalid("…", "policy", "Member must have length less than or equal to 2048")
        }
        sessionPolicy = PermissionPolicy(parsing: policy)
        guard sessionPolicy != nil else {
            throw ServiceError("MalformedPolicyDocument", "The policy is not in the valid JSON format.")
        }
    }

    /// One parameter within its length. `allowed` characters are beside letters, digits and `_`; nil allows any.
    private static func text(
        _ form: [String: String],
        _ name: String,
        length: ClosedRange<Int>,
        allowed: String? = nil
    ) throws(ServiceError) -> String {
        let member = name.prefix(1).lowercased() + name.dropFirst()
        guard let text = form[name] else {
            throw ServiceError(
                "ValidationError",
                "1 validation error detected: Value null at '\(member)' failed to satisfy constraint: Member must not "
                    + "be null"
            )
        }
        guard length.contains(text.unicodeScalars.count) else {
            let bound =
                text.unicodeScalars.count < length.lowerBound
                ? "greater than or equal to \(length.lowerBound)" : "less than or equal to \(length.upperBound)"
            throw invalid(text, member, "Member must have length \(bound)")
        }
        if let allowed {
            let isAllowed = text.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
                    || scalar == "_" || allowed.unicodeScalars.contains(scalar)
            }
            guard isAllowed else {
                throw invalid(text, member, "Member must satisfy regular expression pattern: [\\w\(allowed)]*")
            }
        }
        return text
    }

    private static func invalid(_ value: String, _ member: String, _ constraint: String) -> ServiceError {
        ServiceError(
            "ValidationError",
            "1 validation error detected: Value '\(value)' at '\(member)' failed to satisfy constraint: \(constraint)"
        )
    }
}

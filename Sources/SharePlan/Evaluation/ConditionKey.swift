/// A condition key whose value follows from who asks, or any other by its lower-cased name. Keys ignore letter case.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
enum ConditionKey: Hashable {
    case principalAccount, principalARN, principalOrgID, principalOrgPaths
    case principalIsAWSService, principalServiceName
    case sourceAccount, sourceARN, sourceOrgID, sourceOrgPaths
    case secureTransport
    case other(String)

    init(_ name: String) {
        let name = name.lowercased()
        self = ConditionKey.byName[name] ?? .other(name)
    }

    private static let byName: [String: ConditionKey] = [
        "aws:principalaccount": .principalAccount, "aws:principalarn": .principalARN,
        "aws:principalorgid": .principalOrgID, "aws:principalorgpaths": .principalOrgPaths,
        "aws:principalisawsservice": .principalIsAWSService, "aws:principalservicename": .principalServiceName,
        "aws:sourceaccount": .sourceAccount, "aws:sourcearn": .sourceARN, "aws:sourceorgid": .sourceOrgID,
        "aws:sourceorgpaths": .sourceOrgPaths, "aws:securetransport": .secureTransport,
    ]

    /// The lower-cased name.
    var name: String {
        if case .other(let name) = self { return name }
        return ConditionKey.byName.first { $0.value == self }?.key ?? ""
    }

    /// Whether a request may carry several values of the key, so that only set operators compare it reliably.
    var isMultivalued: Bool {
        switch self {
        case .principalOrgPaths, .sourceOrgPaths: true
        case .other(let name):
            name == "aws:calledvia" || name == "aws:principalservicenameslist" || name == "aws:tagkeys"
        default: false
        }
    }
}

/// What a request carries for a condition key.
enum ContextValue: Hashable {
    case absent
    case unknown
    case texts([String])
    /// All texts of this form, whose stars stand for any text: the request speaks of many requesters at once.
    case open(String)
    /// The ARNs of all functions of one account in one region.
    case functions(FunctionScope)
    /// An id or ARN of somebody whom the policy does not name: no literal equals it.
    case unnamed
}

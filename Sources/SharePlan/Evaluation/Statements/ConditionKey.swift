/// A condition key whose value follows from who asks or for which repository, or any other by its lower-cased name.
/// Keys ignore letter case.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
enum ConditionKey: Hashable {
    case principalAccount, principalARN, principalOrgID, principalOrgPaths
    case principalIsAWSService, principalServiceName
    case sourceAccount, sourceARN, sourceOrgID, sourceOrgPaths
    case secureTransport
    case resourceAccount, requestedRegion
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
        "aws:resourceaccount": .resourceAccount, "aws:requestedregion": .requestedRegion,
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

    /// Whether every request has the key, whatever its value.
    var isAlwaysPresent: Bool {
        guard case .other(let name) = self else { return false }
        return name == "aws:currenttime" || name == "aws:epochtime" || name == "aws:useragent"
    }

    /// Whether the value depends on the organization that an account is in.
    var isOfOrganizations: Bool {
        switch self {
        case .principalOrgID, .principalOrgPaths, .sourceOrgID, .sourceOrgPaths: true
        default: false
        }
    }

    /// Whether the value may be an ARN. What ARN operators do with other values is not documented.
    var mayHoldARN: Bool {
        switch self {
        case .principalARN, .sourceARN, .other: true
        default: false
        }
    }

    /// Whether the value may be `true` or `false`. What Bool does with other values is not documented.
    var mayHoldBoolean: Bool {
        switch self {
        case .principalIsAWSService, .secureTransport, .other: true
        default: false
        }
    }
}

/// What a request carries for a condition key.
enum ContextValue: Hashable {
    case absent
    case unknown
    case texts([String])
    /// One text of a certain form: the request represents many requesters at once.
    case open(OpenText)
    /// The ARNs of all functions of one account in one region.
    case functions(FunctionScope)
}

/// All the texts that a condition key may have in the requests of many requesters.
struct OpenText: Hashable {
    /// Each text has one of these forms, in which `*` matches any text and `?` any character.
    let forms: [String]
    /// Whether the account or organization in the text is one that the policy does not name: then nothing that names
    /// one exactly matches.
    var isUnnamed = false
    /// Whether it is one text, of which only the form is known, and not those of many requesters.
    var isOne = false
    /// Whether there may be no value at all.
    var mayBeAbsent = false
}

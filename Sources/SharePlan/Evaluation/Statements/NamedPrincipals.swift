import AWSValues
import OrderedCollections
import OrderedJSON

/// Whom a statement's Principal or NotPrincipal names, sorted so that one of hundreds is found by hash.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
struct NamedPrincipals: Sendable {
    /// `"*"`. It covers AWS services as well as identities: AWS's own example of a Deny for `"*"` has to exempt
    /// services by `aws:PrincipalIsAWSService`.
    /// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    private(set) var everyone = false
    private(set) var accounts: Set<AccountID> = []
    /// Roles and users by their ARN's text.
    private(set) var identities: [String: PrincipalARN] = [:]
    /// Sessions of roles, and federated users, by their ARN's text.
    private(set) var sessions: [String: SessionARN] = [:]
    private(set) var services: Set<String> = []
    /// Unique ids (AIDA…, AROA…): what is left of users and roles that were deleted. They fit nobody.
    private(set) var deleted: [String] = []
    /// SAML and web identities, which are no IAM identities: they act through roles.
    private(set) var federated: [String] = []
    /// What cannot be identified: canonical user ids, malformed ARNs, ARNs of unknown partitions.
    private(set) var unclear: [String] = []
    /// Principals of another partition, who never act here.
    private(set) var elsewhere: [String] = []
    /// Accounts that have some of their identities or sessions named.
    private var partlyNamedAccounts: Set<AccountID> = []
    /// Malformed ARNs, each of a known account.
    private(set) var unclearARNs: [String] = []
    /// The accounts of ``unclearARNs``.
    private var unclearAccounts: Set<AccountID> = []
    let isNegated: Bool

    /// `isNegated`: the element is NotPrincipal.
    init(_ json: JSONValue, isNegated: Bool, partition: Partition) {
        self.isNegated = isNegated
        guard let members = json.object else {
            if json == "*" { everyone = true } else { unclear.append(json.minified) }
            return
        }
        let roots = RootARNs(partition)
        if members.isEmpty { unclear.append("{}") }
        for (kind, value) in members {
            let names = value.array ?? [value]
            if names.isEmpty { unclear.append("[]") }
            for name in names {
                guard let name = name.string else {
                    unclear.append(name.minified)
                    continue
                }
                switch kind {
                case "AWS": add(aws: name, roots)
                case "Service": services.insert(name)
                case "Federated": federated.append(name)
                default: unclear.append(name)
                }
            }
        }
    }

    private mutating func add(aws name: String, _ roots: RootARNs) {
        if name == "*" {
            everyone = true
        } else if let account = roots.account(name) ?? AccountID(name) {
            accounts.insert(account)
        } else if !name.utf8.starts(with: "arn:".utf8) {
            if name.hasPrefix("AIDA") || name.hasPrefix("AROA") { deleted.append(name) } else { unclear.append(name) }
        } else {
            add(arn: name, partition: roots.partition)
        }
    }

    private mutating func add(arn name: String, partition: Partition) {
        let fields = name.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 5, omittingEmptySubsequences: false)
        guard fields.count == 6, let named = Partition(rawValue: String(Substring(fields[1]))),
            let account = AccountID(Substring(fields[4]))
        else {
            unclear.append(name)
            return
        }
        // Identities never act across partitions; each has its own account ids.
        guard named == partition else {
            elsewhere.append(name)
            return
        }
        if let identity = PrincipalARN(name) {
            identities[name] = identity
            partlyNamedAccounts.insert(account)
        } else if let session = SessionARN(name) {
            sessions[name] = session
            partlyNamedAccounts.insert(account)
        } else {
            unclearARNs.append(name)
            unclearAccounts.insert(account)
        }
    }

    /// Whether nothing but `*`, accounts, roles, users and services of this partition is named.
    var isPlain: Bool {
        !isNegated && deleted.isEmpty && federated.isEmpty && unclear.isEmpty && elsewhere.isEmpty
            && unclearARNs.isEmpty && sessions.isEmpty
    }

    /// What the element names without telling who it is.
    var unclearNames: [String] { unclear + unclearARNs + federated }

    /// Whether the element mentions the requester.
    func fit(_ requester: AccessRequest.Requester, doubts: inout Set<Doubt>) -> Fit {
        let fit = namedFit(requester)
        if isNegated { return negated(fit, requester, doubts: &doubts) }
        if fit == .unknown { doubts.insert(.principal(unclearName)) }
        if fit == .named { doubts.insert(.onlySome) }
        return fit
    }

    private func namedFit(_ requester: AccessRequest.Requester) -> Fit {
        if everyone { return .yes }
        switch requester {
        case .account(let id):
            if accounts.contains(id) { return .yes }
            if !unclear.isEmpty || unclearAccounts.contains(id) { return .unknown }
            return partlyNamedAccounts.contains(id) || !federated.isEmpty ? .named : .no
        case .principal(let arn):
            if accounts.contains(arn.account) || identities[arn.text] != nil { return .yes }
            if !unclear.isEmpty || unclearAccounts.contains(arn.account) { return .unknown }
            return !federated.isEmpty || sessions.values.contains { arn.isRole(of: $0) } ? .named : .no
        case .session(let arn):
            if accounts.contains(arn.account) || sessions[arn.text] != nil { return .yes }
            if identities.values.contains(where: { $0.isRole(of: arn) }) { return .yes }
            if !unclear.isEmpty || unclearAccounts.contains(arn.account) { return .unknown }
            return federated.isEmpty ? .no : .named
        case .lambda:
            return fit(service: RequestContext.lambdaService)
        case .service(let name):
            return fit(service: name)
        case .anyService:
            return unclear.isEmpty && !services.contains(where: { $0.contains("*") }) ? .no : .unknown
        case .member, .stranger:
            if !unclear.isEmpty { return .unknown }
            return federated.isEmpty ? .no : .named
        case .unclear(let name):
            if unclearNames.contains(name) { return .yes }
            return accounts.isEmpty && partlyNamedAccounts.isEmpty && services.isEmpty && unclearNames.isEmpty
                ? .no : .named
        }
    }

    private func fit(service: String) -> Fit {
        if services.contains(service) { return .yes }
        // Names such as lambda.REGION.amazonaws.com may or may not mean the same service.
        let word = service.prefix { $0 != "." }
        let isSimilar = services.contains { $0.lowercased().hasPrefix(word + ".") || $0.contains("*") }
        return isSimilar || !unclear.isEmpty ? .unknown : .no
    }

    /// NotPrincipal spares a role only if its account is listed beside it, and a session only with both; who in a
    /// listed account is spared cannot be determined from the text.
    /// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    private func negated(_ fit: Fit, _ requester: AccessRequest.Requester, doubts: inout Set<Doubt>) -> Fit {
        if everyone { return .no }
        switch (fit, requester) {
        case (.no, .lambda), (.no, .service), (.no, .anyService), (.yes, .lambda), (.yes, .service): return !fit
        case (.no, _): return .yes
        default:
            doubts.insert(.principal("NotPrincipal"))
            return .unknown
        }
    }

    private var unclearName: String {
        unclear.first ?? unclearARNs.first ?? services.min() ?? "?"
    }
}

/// The account ARNs `arn:PARTITION:iam::ACCOUNT:root` of one partition; policies list them by the hundred.
private struct RootARNs {
    let partition: Partition
    private let start: [UInt8]
    private static let end = Array(":root".utf8)

    init(_ partition: Partition) {
        self.partition = partition
        self.start = Array("arn:\(partition.id):iam::".utf8)
    }

    /// The account whose ARN `name` is, or nil.
    func account(_ name: String) -> AccountID? {
        var name = name
        return name.withUTF8 { bytes in
            guard bytes.count == start.count + 12 + RootARNs.end.count, bytes.starts(with: start),
                bytes.suffix(RootARNs.end.count).elementsEqual(RootARNs.end)
            else { return nil }
            return AccountID(String(decoding: bytes[start.count..<(start.count + 12)], as: UTF8.self))
        }
    }
}

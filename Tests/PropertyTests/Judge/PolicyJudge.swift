/// Whether a part of a document fits a request: for certain, and at all. The two differ where AWS's documentation
/// leaves it open.
struct JudgedFit {
    var must: Bool
    var may: Bool

    static let yes = JudgedFit(must: true, may: true)
    static let no = JudgedFit(must: false, may: false)
    static let open = JudgedFit(must: false, may: true)

    init(must: Bool, may: Bool) {
        self.must = must
        self.may = may
    }

    init(_ value: Bool) {
        self.init(must: value, may: value)
    }

    static prefix func ! (fit: JudgedFit) -> JudgedFit {
        JudgedFit(must: !fit.may, may: !fit.must)
    }

    static func && (left: JudgedFit, right: JudgedFit) -> JudgedFit {
        JudgedFit(must: left.must && right.must, may: left.may && right.may)
    }
}

/// Decides concrete requests by the rules of the IAM user guide alone. It shares no code with the program.
///
/// Sources, under https://docs.aws.amazon.com/IAM/latest/UserGuide/: reference_policies_evaluation-logic,
/// reference_policies_elements_principal, …_elements_notprincipal, …_elements_action, …_elements_notaction,
/// …_elements_condition_operators, …_condition-keys, …_condition-single-vs-multi-valued-context-keys, …_variables.
struct PolicyJudge {
    let document: JudgedDocument

    /// What each statement says of each request, whatever the action.
    func fits(_ requests: [JudgedRequest]) -> [[JudgedFit]] {
        // A condition without variables says the same of equal values.
        var known = document.statements.map { $0.conditions.map { _ in [[String]?: JudgedFit]() } }
        return requests.map { request in
            document.statements.enumerated().map { number, statement in
                var fit = principals(of: statement, request)
                for (place, condition) in statement.conditions.enumerated() where fit.may {
                    let value = request.keys[condition.key.lowercased()]
                    let found = known[number][place][value] ?? judge(condition, request.keys)
                    if !condition.values.contains(where: { $0.contains("${") }) { known[number][place][value] = found }
                    fit = fit && found
                }
                return fit
            }
        }
    }

    /// Whether the document allows an action to whom its statements fit so: a Deny wins, and without an Allow nothing
    /// is allowed, unless the caller's own policies are enough.
    func allows(_ fits: [JudgedFit], _ speaksOfAction: [Bool], isOwner: Bool = false) -> JudgedFit {
        var allowed = isOwner ? JudgedFit.yes : .no
        var denied = JudgedFit.no
        for (index, statement) in document.statements.enumerated() where speaksOfAction[index] {
            let fit = fits[index]
            if statement.allows {
                allowed = JudgedFit(must: allowed.must || fit.must, may: allowed.may || fit.may)
            } else {
                denied = JudgedFit(must: denied.must || fit.must, may: denied.may || fit.may)
            }
        }
        return allowed && !denied
    }

    /// Whether each statement mentions an action. Letter case does not matter.
    func speaks(of action: String) -> [Bool] {
        let action = bytes(action.lowercased())
        return document.statements.map { statement in
            statement.actions.contains { like(bytes($0.lowercased()), action) } != statement.isNotAction
        }
    }

    // MARK: Principals

    private func principals(of statement: JudgedStatement, _ request: JudgedRequest) -> JudgedFit {
        let caller = request.caller
        guard case .named(let kinds) = statement.principals else { return statement.isNotPrincipal ? .no : .yes }
        var named = JudgedFit.no
        for (kind, names) in kinds {
            for name in names {
                let fit = principal(kind, name, request)
                named = JudgedFit(must: named.must || fit.must, may: named.may || fit.may)
            }
        }
        guard statement.isNotPrincipal else { return named }
        // Nobody is left but everybody.
        if kinds.contains(where: { $0.kind == "AWS" && $0.names.contains("*") }) { return .no }
        if statement.allows {
            // "We recommend not to": it would be for everybody else.
            return JudgedFit(must: false, may: !named.must || !caller.isService)
        }
        if caller.isService { return !named }
        // "You must also specify the account": who is listed without it may be denied all the same, and a session
        // without its role; and the other way round, whether the account alone spares all its members is not
        // documented.
        let all = Set(kinds.filter { $0.kind == "AWS" }.flatMap(\.names))
        let account = caller.account ?? ""
        let hasAccount = all.contains(account) || all.contains("arn:aws:iam::\(account):root")
        let hasIdentity = all.contains(caller.arn)
        let hasSession = caller.sessionARN.map(all.contains) ?? true
        return JudgedFit(must: !named.may, may: !(hasAccount && hasIdentity && hasSession))
    }

    private func principal(_ kind: String, _ name: String, _ request: JudgedRequest) -> JudgedFit {
        let caller = request.caller
        switch kind {
        case "AWS":
            if name == "*" { return .yes }
            if caller.isService { return JudgedFit(must: false, may: isOdd(name)) }
            if let account = caller.account, name == account || name == "arn:aws:iam::\(account):root" { return .yes }
            if name == caller.sessionARN { return .yes }
            if case .root = caller { return JudgedFit(must: false, may: isOdd(name)) }
            return name == caller.arn ? .yes : JudgedFit(must: false, may: isOdd(name))
        case "Service":
            guard case .service(let service, _, _, _) = caller else { return .no }
            // Regional names are documented for some services only.
            return name == service
                ? .yes : name == "lambda.eu-west-1.amazonaws.com" && service == JudgedWorld.lambda ? .open : .no
        case "Federated":
            // Documented for the trust policies of roles; here it may mean the sessions that signed in so. Whom it
            // means is the same in every statement.
            return JudgedFit(name == request.provider)
        default:
            return .open
        }
    }

    /// Whether it is not a principal of the grammar, so that it is unknown whom AWS understands by it.
    private func isOdd(_ name: String) -> Bool { name == "banana" }

    // MARK: Conditions

    private func judge(_ condition: JudgedCondition, _ keys: [String: [String]]) -> JudgedFit {
        var name = condition.operatorName
        var quantifier = ""
        for prefix in ["ForAnyValue:", "ForAllValues:"] where name.hasPrefix(prefix) {
            quantifier = prefix
            name.removeFirst(prefix.count)
        }
        let ifExists = name.hasSuffix("IfExists")
        if ifExists { name.removeLast("IfExists".count) }
        let key = condition.key.lowercased()
        let present = keys[key]
        if name == "Null" {
            guard quantifier.isEmpty, !ifExists else { return .open }
            let values = condition.values.map { $0.lowercased() }
            guard values.allSatisfy({ $0 == "true" || $0 == "false" }) else { return .open }
            return JudgedFit(values.contains(present == nil ? "true" : "false"))
        }
        guard let (test, isNegated) = Self.operators[name] else { return .open }
        guard let present else {
            if ifExists { return .yes }
            switch quantifier {
            case "ForAllValues:": return .yes
            case "ForAnyValue:": return .no
            default: return JudgedFit(isNegated)
            }
        }
        let fits = present.map { value in
            var fit = JudgedFit.no
            for wanted in condition.values {
                let one = compare(test, wanted, value, keys)
                fit = JudgedFit(must: fit.must || one.must, may: fit.may || one.may)
            }
            return isNegated ? !fit : fit
        }
        let any = JudgedFit(must: fits.contains { $0.must }, may: fits.contains { $0.may })
        let all = JudgedFit(must: fits.allSatisfy(\.must), may: fits.allSatisfy(\.may))
        if quantifier.isEmpty, Self.multivalued.contains(key) {
            // Undocumented, but nothing matches that none of the values matches.
            return isNegated || any.may ? .open : .no
        }
        return quantifier == "ForAllValues:" ? all : any
    }

    private static let multivalued: Set<String> = ["aws:principalorgpaths", "aws:sourceorgpaths", "aws:tagkeys"]

    private enum Test: Sendable {
        case equals, equalsIgnoringCase, like, arn, bool, address
        case number(@Sendable (Double, Double) -> Bool), date(@Sendable (String, String) -> Bool)
    }

    private static let operators: [String: (Test, Bool)] = [
        "StringEquals": (.equals, false), "StringNotEquals": (.equals, true),
        "StringEqualsIgnoreCase": (.equalsIgnoringCase, false),
        "StringNotEqualsIgnoreCase": (.equalsIgnoringCase, true),
        "StringLike": (.like, false), "StringNotLike": (.like, true),
        "ArnEquals": (.arn, false), "ArnLike": (.arn, false), "ArnNotEquals": (.arn, true), "ArnNotLike": (.arn, true),
        "Bool": (.bool, false), "IpAddress": (.address, false), "NotIpAddress": (.address, true),
        "NumericEquals": (.number { $0 == $1 }, false), "NumericNotEquals": (.number { $0 == $1 }, true),
        "NumericLessThan": (.number { $0 < $1 }, false), "NumericLessThanEquals": (.number { $0 <= $1 }, false),
        "NumericGreaterThan": (.number { $0 > $1 }, false), "NumericGreaterThanEquals": (.number { $0 >= $1 }, false),
        "DateEquals": (.date { $0 == $1 }, false), "DateNotEquals": (.date { $0 == $1 }, true),
        "DateLessThan": (.date { $0 < $1 }, false), "DateGreaterThan": (.date { $0 > $1 }, false),
        "DateLessThanEquals": (.date { $0 <= $1 }, false), "DateGreaterThanEquals": (.date { $0 >= $1 }, false),
    ]

    private func compare(_ test: Test, _ wanted: String, _ value: String, _ keys: [String: [String]]) -> JudgedFit {
        var wanted = wanted
        switch test {
        case .equals, .equalsIgnoringCase, .like, .arn:
            if document.hasVariables, wanted.contains("${") {
                guard let filled = fill(wanted, keys) else { return .open }
                wanted = filled
            }
        default:
            if wanted.contains("${") { return .open }
        }
        switch test {
        case .equals: return JudgedFit(wanted == value)
        case .equalsIgnoringCase: return JudgedFit(wanted.lowercased() == value.lowercased())
        case .like: return JudgedFit(like(bytes(wanted), bytes(value)))
        case .arn:
            let wanted = fields(wanted)
            let value = fields(value)
            guard wanted.count == 6, value.count == 6 else { return .open }
            return JudgedFit(zip(wanted, value).allSatisfy { like($0, $1) })
        case .bool:
            let known = ["true", "false"]
            guard known.contains(wanted.lowercased()), known.contains(value.lowercased()) else { return .open }
            return JudgedFit(wanted.lowercased() == value.lowercased())
        case .address:
            guard let range = addresses(wanted), let address = number(ofAddress: value) else { return .open }
            return JudgedFit(range.contains(address))
        case .number(let holds):
            guard let wanted = Double(wanted), let value = Double(value) else { return .open }
            return JudgedFit(holds(value, wanted))
        case .date(let holds):
            // All times of the world are written in one way, so that their texts compare as they do.
            guard wanted.hasSuffix("Z"), value.hasSuffix("Z") else { return .open }
            return JudgedFit(holds(value, wanted))
        }
    }

    /// The text with the values of its variables, or nil if one is absent or has several.
    private func fill(_ text: String, _ keys: [String: [String]]) -> String? {
        var rest = text[...]
        var filled = ""
        while let start = rest.firstRange(of: "${") {
            filled += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else { return nil }
            let name = rest[start.upperBound..<end].lowercased()
            guard let values = keys[name], values.count == 1 else { return nil }
            filled += values[0]
            rest = rest[rest.index(after: end)...]
        }
        return filled + rest
    }

    private func fields(_ arn: String) -> [[UInt8]] {
        arn.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 5, omittingEmptySubsequences: false).map(Array.init)
    }

    private func addresses(_ text: String) -> ClosedRange<UInt32>? {
        let parts = text.split(separator: "/")
        guard let first = parts.first, let base = number(ofAddress: String(first)) else { return nil }
        guard parts.count == 2 else { return base...base }
        guard let bits = UInt32(parts[1]), bits <= 32 else { return nil }
        let mask: UInt32 = bits == 0 ? 0 : ~0 << (32 - bits)
        return (base & mask)...(base | ~mask)
    }

    private func number(ofAddress text: String) -> UInt32? {
        let parts = text.split(separator: ".").compactMap { UInt32($0) }
        return parts.count == 4 ? parts.reduce(0) { $0 << 8 | $1 } : nil
    }
}

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// Whether a text matches a pattern, `*` standing for any text and `?` for one character.
func like(_ pattern: [UInt8], _ text: [UInt8]) -> Bool {
    func matches(_ p: Int, _ t: Int) -> Bool {
        guard p < pattern.count else { return t == text.count }
        if pattern[p] == UInt8(ascii: "*") { return (t...text.count).contains { matches(p + 1, $0) } }
        guard t < text.count, pattern[p] == UInt8(ascii: "?") || pattern[p] == text[t] else { return false }
        return matches(p + 1, t + 1)
    }
    return matches(0, 0)
}

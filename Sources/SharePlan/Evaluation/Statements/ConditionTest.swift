import AWSValues
import OrderedJSON

/// One key under one operator of a statement's Condition: `"StringLike": {"aws:SourceArn": […]}`.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and
/// …/reference_policies_condition-single-vs-multi-valued-context-keys.html
struct ConditionTest: Hashable, Sendable {
    /// How values are compared. Numbers, dates and addresses are not: none of them decides who shares a repository.
    private enum Comparison {
        case equal, equalIgnoringCase, like, arn, bool, null
    }

    private enum Quantifier {
        case none, any, all
    }

    let operatorName: String
    let key: ConditionKey
    private(set) var values: ConditionValues
    private let keyName: String
    private var comparison: Comparison?
    private var isNegated = false
    private var quantifier = Quantifier.none
    private var isOptional = false
    /// Whether the operator is known, and compares what only a request has: an address, a time, a number.
    private var isOfValues = false
    /// What the test says of every request for the repository from now on; nil when that is not certain.
    private var decided: Fit?

    private static let operatorsOfValues = Set(
        ["Numeric", "Date"].flatMap { kind in
            ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"].map { kind + $0 }
        } + ["IpAddress", "NotIpAddress", "BinaryEquals"])

    /// `hasVariables`: whether `${…}` in values is a variable, which it is from Version 2012-10-17 on. `today`: the day
    /// of the requests, or an earlier one, in UTC. `owner` and `region` are the repository's.
    init(
        operatorName: String, keyName: String, values: JSONValue, hasVariables: Bool, today: CalendarDate?,
        owner: AccountID, region: Region?
    ) {
        self.operatorName = operatorName
        self.keyName = keyName
        self.key = ConditionKey(keyName)
        var name = operatorName[...]
        if name.hasPrefix("ForAnyValue:") {
            quantifier = .any
            name = name.dropFirst("ForAnyValue:".count)
        } else if name.hasPrefix("ForAllValues:") {
            quantifier = .all
            name = name.dropFirst("ForAllValues:".count)
        }
        if name.hasSuffix("IfExists") {
            isOptional = true
            name = name.dropLast("IfExists".count)
        }
        switch name {
        case "StringEquals": comparison = .equal
        case "StringNotEquals": (comparison, isNegated) = (.equal, true)
        case "StringEqualsIgnoreCase": comparison = .equalIgnoringCase
        case "StringNotEqualsIgnoreCase": (comparison, isNegated) = (.equalIgnoringCase, true)
        case "StringLike": comparison = .like
        case "StringNotLike": (comparison, isNegated) = (.like, true)
        // The two ARN operators behave alike.
        case "ArnEquals", "ArnLike": comparison = key.mayHoldARN ? .arn : nil
        case "ArnNotEquals", "ArnNotLike": (comparison, isNegated) = (key.mayHoldARN ? .arn : nil, true)
        case "Bool": comparison = key.mayHoldBoolean ? .bool : nil
        case "Null" where !isOptional && quantifier == .none: comparison = .null
        default:
            comparison = nil
            isOfValues = ConditionTest.operatorsOfValues.contains(String(name))
        }
        let foldsCase = comparison == .equalIgnoringCase || comparison == .bool || comparison == .null
        let hasWildcards = comparison == .like || comparison == .arn
        self.values = ConditionValues(
            values, of: key, foldsCase: foldsCase, hasWildcards: hasWildcards, areARNs: comparison == .arn,
            hasVariables: hasVariables, owner: owner)
        let known: String? =
            switch key {
            case .resourceAccount: owner.description
            case .requestedRegion: region?.name
            default: nil
            }
        if let known, let comparison, !self.values.isMalformed {
            var doubts: Set<Doubt> = []
            let fit = fit(of: .texts([known]), comparison, doubts: &doubts)
            decided = doubts.isEmpty ? fit : nil
        }
        if let today, quantifier == .none, key == .other("aws:currenttime") {
            decided = ConditionTest.decided(String(name), self.values, today)
        }
    }

    /// What a Date operator says of every moment from `today` on: no moment that has passed comes again. nil when that
    /// depends on the moment.
    private static func decided(_ name: String, _ values: ConditionValues, _ today: CalendarDate) -> Fit? {
        guard !values.isMalformed, values.variables.isEmpty, !values.literals.isEmpty else { return nil }
        let begins = values.literals.map { text in
            // A day of another zone ends up to half a day later.
            text.utf8.count == 10 || text.utf8.dropFirst(10).first == UInt8(ascii: "T") && text.hasSuffix("Z")
                ? CalendarDate(text.prefix(10)) : nil
        }
        let areOver = begins.map { $0.map { $0 < today } ?? false }
        // The first moment of today has come, though it may not be over.
        let haveCome = zip(values.literals, begins).map { text, day in
            day.map { $0 < today || $0 == today && (text.utf8.count == 10 || text.hasSuffix("T00:00:00Z")) } ?? false
        }
        switch name {
        case "DateGreaterThan": return areOver.contains(true) ? .yes : nil
        case "DateGreaterThanEquals": return haveCome.contains(true) ? .yes : nil
        case "DateLessThan": return haveCome.allSatisfy(\.self) ? .no : nil
        case "DateLessThanEquals", "DateEquals": return areOver.allSatisfy(\.self) ? .no : nil
        case "DateNotEquals": return areOver.allSatisfy(\.self) ? .yes : nil
        default: return nil
        }
    }

    /// Whether the request meets the condition; what keeps the answer from being certain is added to `doubts`.
    func fit(_ context: RequestContext, doubts: inout Set<Doubt>) -> Fit {
        if let decided { return decided }
        guard let comparison else {
            doubts.insert(isOfValues ? .conditionKey(keyName + moments) : .conditionOperator(operatorName))
            return .unknown
        }
        if values.isMalformed {
            doubts.insert(.form("the values of \(keyName)"))
            return .unknown
        }
        let value = context.value(of: key)
        if value == .unknown {
            if comparison == .null, key.isAlwaysPresent { return nullFit(isAbsent: false, doubts: &doubts) }
            doubts.insert(.conditionKey(keyName))
            return .unknown
        }
        if case .open(var text) = value, text.mayBeAbsent {
            text.mayBeAbsent = false
            let present = fit(of: .open(text), comparison, doubts: &doubts)
            if present == fit(of: .absent, comparison, doubts: &doubts) { return present }
            doubts.insert(.conditionKey(keyName))
            return .unknown
        }
        return fit(of: value, comparison, doubts: &doubts)
    }

    /// What of the test decides about those whom a request represents: equal tests are met by the same of them. nil
    /// when all of them meet it.
    func deciding(_ context: RequestContext) -> ConditionTest? {
        var doubts: Set<Doubt> = []
        if fit(context, doubts: &doubts) == .yes { return nil }
        var test = self
        guard let comparison, comparison != .null else { return test }
        switch context.value(of: key) {
        case .open(let text): test.values = values.meeting(text, fieldwise: comparison == .arn)
        case .functions(let scope):
            test.values = values.meeting(OpenText(forms: [scope.pattern]), fieldwise: comparison == .arn)
        case .absent, .unknown, .texts: break
        }
        return test
    }

    /// Whether the test lets a service through only for accounts, resources or organizations that its values name.
    var namesSources: Bool {
        guard comparison != nil, comparison != .null, !isNegated, !isOptional, quantifier != .all, !values.isMalformed
        else { return false }
        let ofOwner = ["${aws:ResourceAccount}", "${aws:ResourceOrgID}", "${aws:ResourceOrgPaths}"]
        return values.variables.allSatisfy { variable in ofOwner.contains { variable.hasPrefix($0) } }
            && values.all.allSatisfy { value in
                switch key {
                case .sourceAccount: return AccountID(value) != nil
                case .sourceOrgID: return OrganizationID(value) != nil
                case .sourceOrgPaths: return OrganizationID(value.prefix { $0 != "/" }) != nil
                case .sourceARN:
                    let fields = value.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
                    // Some resources, such as buckets, have no account in their ARN.
                    return fields.count == 6
                        && (AccountID(fields[4]) != nil || fields[4].isEmpty && !fields[5].hasPrefix("*"))
                default: return false
                }
            }
    }

    /// The operator and the moments that a time is compared with, in parentheses; empty for other conditions.
    private var moments: String {
        guard key == .other("aws:currenttime") else { return "" }
        return " (\(operatorName) \(values.literals.sorted().joined(separator: ", ")))"
    }

    /// How the values fit one value of the key, or none.
    private func fit(of value: ContextValue, _ comparison: Comparison, doubts: inout Set<Doubt>) -> Fit {
        if comparison == .null { return nullFit(isAbsent: value == .absent, doubts: &doubts) }
        if value == .absent {
            if isOptional { return .yes }
            switch quantifier {
            case .all: return .yes
            case .any: return .no
            case .none: return Fit(isNegated)
            }
        }
        if values.hasMalformedARN {
            doubts.insert(.form("the values of \(keyName)"))
            return .unknown
        }
        if key.isMultivalued, quantifier == .none {
            // How the values are compared is not documented, but where none matches any way says no.
            if !isNegated, presentFit(of: value, comparison, doubts: &doubts) == .no { return .no }
            doubts.insert(.conditionOperator("\(operatorName) without ForAnyValue or ForAllValues on \(keyName)"))
            return .unknown
        }
        let fit = presentFit(of: value, comparison, doubts: &doubts)
        if fit == .named || fit == .some || fit == .others {
            doubts.insert(key == .principalARN ? .onlySome : .conditionKey(keyName))
        }
        return fit
    }

    private func presentFit(of value: ContextValue, _ comparison: Comparison, doubts: inout Set<Doubt>) -> Fit {
        switch value {
        case .absent, .unknown: return .unknown
        case .texts(let texts):
            let fits = texts.map { negatedIfNeeded(textFit($0, comparison), doubts: &doubts) }
            return (quantifier == .all ? fits.min() : fits.max()) ?? .no
        case .open(let text):
            return negatedIfNeeded(openFit(text, comparison), doubts: &doubts)
        case .functions(let scope):
            let isPattern = comparison == .like || comparison == .arn
            let fit =
                isPattern
                ? values.fit(functions: scope, fieldwise: comparison == .arn)
                : openFit(OpenText(forms: [scope.pattern]), comparison)
            return negatedIfNeeded(fit, doubts: &doubts)
        }
    }

    /// `positive` or its opposite; a value with a variable may match whatever the others do not.
    private func negatedIfNeeded(_ positive: Fit, doubts: inout Set<Doubt>) -> Fit {
        var fit = positive
        if fit != .yes, let variable = values.variables.first {
            doubts.insert(.policyVariable(variable))
            fit = .unknown
        }
        return isNegated ? !fit : fit
    }

    private func nullFit(isAbsent: Bool, doubts: inout Set<Doubt>) -> Fit {
        guard values.variables.isEmpty, values.literals.isSubset(of: ["true", "false"]) else {
            doubts.insert(.form("Null of \(keyName) is neither true nor false"))
            return .unknown
        }
        return Fit(values.literals.contains(isAbsent ? "true" : "false"))
    }

    private func textFit(_ text: String, _ comparison: Comparison) -> Fit {
        switch comparison {
        case .equal: Fit(values.literals.contains(text))
        case .equalIgnoringCase, .bool, .null: Fit(values.literals.contains(text.lowercased()))
        case .like, .arn: Fit(values.match(text, fieldwise: comparison == .arn))
        }
    }

    private func openFit(_ text: OpenText, _ comparison: Comparison) -> Fit {
        let fit =
            switch comparison {
            case .equal, .equalIgnoringCase, .bool, .null: values.fit(literally: text)
            case .like, .arn: values.fit(open: text, fieldwise: comparison == .arn)
            }
        // Whoever has the one text may be the one who is named.
        return text.isOne && fit == .named ? .some : fit
    }
}

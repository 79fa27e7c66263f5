import AWSValues
import OrderedJSON

/// The values of one condition key, sorted so that the common ones are found by hash: a policy may list hundreds.
struct ConditionValues: Hashable, Sendable {
    /// Values without wildcards and variables; lower-cased for operators that ignore letter case.
    private(set) var literals: Set<String> = []
    /// The forms `arn:PARTITION:lambda:REGION:ACCOUNT:function:*` whose only wildcard is the last star.
    private(set) var functionScopes: Set<FunctionScope> = []
    /// All other values with wildcards.
    private(set) var patterns: [String] = []
    /// Values with `${…}`, where that means a variable.
    private(set) var variables: [String] = []
    /// Whether a value is not a scalar, or there is none.
    private(set) var isMalformed = false
    /// Whether a value that must be an ARN has not its six fields.
    private(set) var hasMalformedARN = false
    /// Whether ``literals`` are lower-cased.
    let foldsCase: Bool
    private let key: ConditionKey
    private let areARNs: Bool
    /// ``patterns`` once more, to be found by hash.
    private var patternSet: Set<String> = []

    /// `areARNs`: each value must have the six fields of an ARN.
    init(
        _ json: JSONValue, of key: ConditionKey, foldsCase: Bool, hasWildcards: Bool, areARNs: Bool,
        hasVariables: Bool, owner: AccountID
    ) {
        self.key = key
        self.foldsCase = foldsCase
        self.areARNs = areARNs
        let elements = json.array ?? [json]
        isMalformed = elements.isEmpty
        for element in elements {
            guard var text = ConditionValues.text(of: element) else {
                isMalformed = true
                continue
            }
            if hasVariables, ConditionValues.hasVariable(text) {
                text.replace(/\$\{aws:ResourceAccount\}/.ignoresCase(), with: owner.description)
            }
            if areARNs, text.utf8.lazy.filter({ $0 == UInt8(ascii: ":") }).count < 5 { hasMalformedARN = true }
            if hasVariables, ConditionValues.hasVariable(text) {
                variables.append(text)
            } else if !hasWildcards || !Glob.hasWildcard(text) {
                literals.insert(foldsCase ? text.lowercased() : text)
            } else if let scope = FunctionScope(text) {
                functionScopes.insert(scope)
            } else if patternSet.insert(text).inserted {
                patterns.append(text)
            }
        }
    }

    /// Every value that is decided here, variables not among them; in no order.
    var all: [String] { Array(literals) + functionScopes.map(\.pattern) + patterns }

    /// How many different values there are.
    var count: Int { literals.count + functionScopes.count + patterns.count + variables.count }

    /// Whether every value is the form of one account's functions in one region.
    var isOnlyFunctionScopes: Bool {
        !isMalformed && !functionScopes.isEmpty && count == functionScopes.count
    }

    /// Whether a value matches `text` as StringLike has it, or as ArnLike has it: each of the six fields for itself.
    func match(_ text: String, fieldwise: Bool) -> Bool {
        literals.contains(text) || contains(functionOf: text)
            || patterns.contains { isMet($0, text, fieldwise: fieldwise) { Glob.matches($0, $1) } }
    }

    private func contains(functionOf arn: String) -> Bool {
        guard !functionScopes.isEmpty, let scope = FunctionScope(containing: arn) else { return false }
        return functionScopes.contains(scope)
    }

    /// How the values, as patterns, fit all functions of one account in one region.
    func fit(functions scope: FunctionScope, fieldwise: Bool) -> Fit {
        if functionScopes.contains(scope) { return .yes }
        // Two forms whose only star is the last are the same or have no text in common.
        if literals.isEmpty, patterns.isEmpty { return .no }
        return fit(open: OpenText(forms: [scope.pattern]), patterns, fieldwise: fieldwise)
    }

    /// How the values, as they are, fit all the texts of an open form.
    func fit(literally text: OpenText) -> Fit {
        if text.isUnnamed { return .no }
        let touching = text.forms.flatMap { form in literals(of: form).map { (form, $0) } }
        if touching.isEmpty { return .no }
        return touching.allSatisfy { isSubject($1, within: $0) } ? .named : .some
    }

    /// How the values, as patterns, fit all the texts of an open form.
    func fit(open text: OpenText, fieldwise: Bool) -> Fit {
        // A scope of functions always names its account.
        text.isUnnamed
            ? fit(open: text, patterns.filter { !namesOwner($0) }, fieldwise: fieldwise)
            : fit(open: text, patterns + scopes(meeting: text).map(\.pattern), fieldwise: fieldwise)
    }

    /// The same without the values that match no text of an open form: what remains matches the same texts.
    func meeting(_ text: OpenText, fieldwise: Bool) -> ConditionValues {
        guard !isMalformed, !hasMalformedARN else { return self }
        var met = self
        met.literals = text.isUnnamed ? [] : Set(text.forms.flatMap { literals(of: $0) })
        met.functionScopes = text.isUnnamed ? [] : functionScopes.intersection(scopes(meeting: text))
        met.patterns = patterns.filter { pattern in
            !(text.isUnnamed && namesOwner(pattern))
                && text.forms.contains { meets(pattern, $0, fieldwise: fieldwise) }
        }.sorted()
        met.patternSet = Set(met.patterns)
        return met
    }

    /// The scopes that have ARNs of an open form: region and account are fields of their own in both, so that a star of
    /// the form cannot stand for more than one.
    private func scopes(meeting text: OpenText) -> [FunctionScope] {
        functionScopes.filter { scope in
            text.forms.contains { form in
                form.utf8.lazy.filter { $0 == UInt8(ascii: ":") }.count < 5
                    || ConditionValues.fieldwise(scope.pattern, form, where: Glob.intersect)
            }
        }
    }

    /// Whether a pattern matches some text of an open form.
    private func meets(_ pattern: String, _ form: String, fieldwise: Bool) -> Bool {
        isMet(pattern, form, fieldwise: fieldwise, where: Glob.intersect)
            && (fieldwise || key != .sourceARN || ConditionValues.mayMatch(pattern, functionsOf: form))
    }

    /// Whether a pattern whose stars take colons may match the ARN of a function; true where `form` is not of
    /// functions.
    ///
    /// The ARN has a field for the function's name and at most one more, for a version or an alias, and neither has a
    /// colon. So `arn:aws:lambda:*:444455556666:function:prod-*` matches no function of another account, whatever its
    /// first star takes: with the id as the name and `function` as the alias, nothing could follow.
    /// Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
    private static func mayMatch(_ pattern: String, functionsOf form: String) -> Bool {
        var fields = form.split(separator: ":", maxSplits: 6, omittingEmptySubsequences: false)
        guard fields.count == 7, fields[2] == "lambda", fields[5] == "function" else { return true }
        // An account id is not the name of a region.
        if fields[3] == "*" { fields[3] = "*-*" }
        var pattern = pattern
        if fields[4] == "*" {
            fields[4] = "????????????"
            // The accounts of a form without one are those that nobody names: the named one becomes no account's id.
            if LambdaCaller(pattern: pattern)?.account != nil {
                pattern = pattern.split(separator: ":", omittingEmptySubsequences: false)
                    .map { AccountID($0) == nil ? $0 : "x" }.joined(separator: ":")
            }
        }
        let arn = fields.joined(separator: ":")
        return [arn, arn + ":*"].contains {
            Glob.intersect(Array(pattern.utf8), Array($0.utf8), rightTakesColons: false)
        }
    }

    /// Whether a pattern and an open form satisfy `condition`, as a whole or in each of their six fields.
    private func isMet(
        _ pattern: String, _ form: String, fieldwise: Bool, where condition: ([UInt8], [UInt8]) -> Bool
    ) -> Bool {
        fieldwise
            ? ConditionValues.fieldwise(pattern, form, where: condition)
            : condition(Array(pattern.utf8), Array(form.utf8))
    }

    private func fit(open text: OpenText, _ patterns: [String], fieldwise: Bool) -> Fit {
        var isCovered = true
        // All that match a text of some form are named.
        var areNamed = true
        var isTouched = false
        for form in text.forms {
            if patternSet.contains(form) {
                isTouched = true
                areNamed = false
                continue
            }
            var formIsCovered = false
            for pattern in patterns {
                guard meets(pattern, form, fieldwise: fieldwise) else { continue }
                isTouched = true
                if isMet(pattern, form, fieldwise: fieldwise, where: Glob.covers) {
                    formIsCovered = true
                    areNamed = false
                    break
                }
                areNamed = areNamed && isSubject(pattern, within: form)
            }
            if formIsCovered { continue }
            isCovered = false
            guard !text.isUnnamed else { continue }
            for literal in literals(of: form) {
                isTouched = true
                areNamed = areNamed && isSubject(literal, within: form)
            }
        }
        if isCovered { return .yes }
        return !isTouched ? .no : areNamed ? .named : .some
    }

    /// The literals that are texts of this form. Nothing that follows from who asks has wildcards in it.
    private func literals(of form: String) -> [String] {
        let bytes = Array((foldsCase ? form.lowercased() : form).utf8)
        return literals.filter { !Glob.hasWildcard($0) && Glob.matches(bytes, Array($0.utf8)) }
    }

    /// Whether ``Mentions`` makes a holder of this value that lies within `form`, so that it is asked about by itself.
    private func isSubject(_ value: String, within form: String) -> Bool {
        switch key {
        case .principalARN: !foldsCase && (PrincipalARN(value) != nil || SessionARN(value) != nil)
        case .principalOrgPaths, .sourceOrgPaths: OrganizationPath(value) != nil
        case .sourceARN:
            !foldsCase && LambdaCaller(pattern: value) != nil && Glob.covers(Array(form.utf8), Array(value.utf8))
        default: false
        }
    }

    /// Whether a pattern names its account or organization without wildcards.
    private func namesOwner(_ pattern: String) -> Bool {
        switch key {
        case .principalARN, .sourceARN:
            let fields = pattern.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
            return fields.count == 6 && AccountID(fields[4]) != nil
                && (areARNs || !fields[..<4].contains { Glob.hasWildcard(String($0)) })
        case .principalOrgPaths, .sourceOrgPaths:
            return OrganizationID(pattern.prefix { $0 != "/" }) != nil
        default:
            return false
        }
    }

    /// Whether all six colon-separated fields of two ARNs satisfy `condition`; never if one of them has fewer.
    private static func fieldwise(_ pattern: String, _ text: String, where condition: ([UInt8], [UInt8]) -> Bool)
        -> Bool
    {
        let colon = UInt8(ascii: ":")
        let left = pattern.utf8.split(separator: colon, maxSplits: 5, omittingEmptySubsequences: false)
        let right = text.utf8.split(separator: colon, maxSplits: 5, omittingEmptySubsequences: false)
        guard left.count == 6, right.count == 6 else { return false }
        return zip(left, right).allSatisfy { condition(Array($0), Array($1)) }
    }

    /// Quotes are optional around numbers and booleans in conditions.
    private static func text(of json: JSONValue) -> String? {
        switch json {
        case .string(let text), .number(let text): text
        case .bool(let value): value ? "true" : "false"
        case .null, .array, .object: nil
        }
    }

    private static func hasVariable(_ text: String) -> Bool { text.utf8.contains("${".utf8) }
}

/// The values of one condition key, sorted so that the common ones are found by hash: a policy may list hundreds.
struct ConditionValues: Sendable {
    /// Values without wildcards and variables; lower-cased for operators that ignore letter case.
    private(set) var literals: Set<String> = []
    /// The forms `arn:PARTITION:lambda:REGION:ACCOUNT:function:*` whose only wildcard is the last star.
    private(set) var functionScopes: Set<FunctionScope> = []
    /// All other values with wildcards.
    private(set) var patterns: [String] = []
    /// Values with `${…}`, where that means a variable.
    private(set) var variables: [String] = []
    /// Whether a value is no scalar, or there is none.
    private(set) var isMalformed = false
    /// ``patterns`` once more, to be found by hash.
    private var patternSet: Set<String> = []

    /// `areARNs`: each value must have the six fields of an ARN.
    init(_ json: JSONValue, foldsCase: Bool, hasWildcards: Bool, areARNs: Bool, hasVariables: Bool) {
        let elements = json.array ?? [json]
        isMalformed = elements.isEmpty
        for element in elements {
            guard let text = ConditionValues.text(of: element) else {
                isMalformed = true
                continue
            }
            if areARNs, text.utf8.lazy.filter({ $0 == UInt8(ascii: ":") }).count < 5 { isMalformed = true }
            if hasVariables, ConditionValues.hasVariable(text) {
                variables.append(text)
            } else if !hasWildcards || !Glob.hasWildcard(text.utf8) {
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

    /// Whether a value matches `text` as StringLike has it.
    func matchLike(_ text: String) -> Bool {
        if literals.contains(text) { return true }
        if contains(functionOf: text) { return true }
        let bytes = Array(text.utf8)
        return patterns.contains { Glob.matches(Array($0.utf8), bytes) }
    }

    /// Whether a value matches `text` as ArnLike has it: each of the six fields for itself.
    func matchARN(_ text: String) -> Bool {
        if literals.contains(text) { return true }
        if contains(functionOf: text) { return true }
        return patterns.contains { pattern in
            ConditionValues.fieldwise(pattern, text) { Glob.matches($0, $1) }
        }
    }

    private func contains(functionOf arn: String) -> Bool {
        guard !functionScopes.isEmpty, let scope = FunctionScope(containing: arn) else { return false }
        return functionScopes.contains(scope)
    }

    /// How the values, as patterns, fit all functions of one account in one region.
    func fit(functions scope: FunctionScope, fieldwise: Bool) -> Fit {
        if functionScopes.contains(scope) { return .yes }
        return literals.isEmpty && patterns.isEmpty ? .no : fit(open: scope.pattern, fieldwise: fieldwise)
    }

    /// Whether some text of the form `open` is one of the literals.
    func hasLiteral(of open: String, foldsCase: Bool) -> Bool {
        let form = Array((foldsCase ? open.lowercased() : open).utf8)
        return literals.contains { Glob.matches(form, Array($0.utf8)) }
    }

    /// How the values, as patterns, fit all the texts of the form `open`.
    func fit(open: String, fieldwise: Bool) -> Fit {
        let scope = FunctionScope(open)
        if let scope, functionScopes.contains(scope) { return .yes }
        if patternSet.contains(open) { return .yes }
        let form = Array(open.utf8)
        var fit = hasLiteral(of: open, foldsCase: false) ? Fit.some : .no
        // Two forms whose only star is the last are the same or have no text in common.
        let others = scope == nil ? patterns + functionScopes.map(\.pattern) : patterns
        for pattern in others {
            let bytes = Array(pattern.utf8)
            if fieldwise {
                if ConditionValues.fieldwise(pattern, open, where: { Glob.covers($0, $1) }) { return .yes }
                if ConditionValues.fieldwise(pattern, open, where: { Glob.intersect($0, $1) }) { fit = .some }
            } else if Glob.intersect(bytes, form) {
                if Glob.covers(bytes, form) { return .yes }
                fit = .some
            }
        }
        return fit
    }

    /// How the values, as patterns, fit somebody whom they do not name.
    var unnamedFit: Fit {
        if patterns.contains(where: { $0.utf8.allSatisfy { $0 == UInt8(ascii: "*") } }) { return .yes }
        return patterns.isEmpty && functionScopes.isEmpty ? .no : .some
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

    private static func hasVariable(_ text: String) -> Bool {
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if previous == UInt8(ascii: "$"), byte == UInt8(ascii: "{") { return true }
            previous = byte
        }
        return false
    }
}

import OrderedJSON

/// The actions of a statement's Action or NotAction. Letter case does not matter; `*` and `?` are wildcards.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
struct NamedActions {
    /// As they are spelled, in document order.
    let names: [String]
    private var literals: Set<String> = []
    private var patterns: [[UInt8]] = []
    let isNegated: Bool
    /// Whether a name is not of the form `service:Action` or `*`, or there is none.
    private(set) var isMalformed = false

    /// `isNegated`: the element is NotAction.
    init(_ json: JSONValue, isNegated: Bool) {
        self.isNegated = isNegated
        let elements = json.array ?? [json]
        isMalformed = elements.isEmpty
        var names: [String] = []
        for element in elements {
            guard let name = element.string, name == "*" || name.utf8.contains(UInt8(ascii: ":")) else {
                isMalformed = true
                continue
            }
            names.append(name)
            let folded = name.lowercased()
            if Glob.hasWildcard(folded) {
                patterns.append(Array(folded.utf8))
            } else {
                literals.insert(folded)
            }
        }
        self.names = names
    }

    /// Whether the element mentions the action, given in lower case; of one with wildcards, whether all, none or
    /// some of the actions that it matches.
    func fit(_ action: String) -> Fit {
        let named = isNegated ? !namedFit(action) : namedFit(action)
        return named != Fit(!isNegated) && isMalformed ? .unknown : named
    }

    private func namedFit(_ action: String) -> Fit {
        if literals.contains(action) { return .yes }
        let hasWildcard = Glob.hasWildcard(action)
        if patterns.isEmpty, !hasWildcard { return .no }
        let bytes = Array(action.utf8)
        guard hasWildcard else { return Fit(patterns.contains { Glob.matches($0, bytes) }) }
        if patterns.contains(where: { Glob.covers($0, bytes) }) { return .yes }
        let isTouched =
            patterns.contains { Glob.intersect($0, bytes) } || literals.contains { Glob.matches(bytes, Array($0.utf8)) }
        return isTouched ? .some : .no
    }
}

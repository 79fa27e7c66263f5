import SharePlan

/// Whom an entry names.
struct JudgedName {
    let kind: AccessEntry.Kind
    let principal: String
    let region: String?
    let function: String?

    init(_ entry: AccessEntry) {
        (kind, principal, region, function) = (entry.kind, entry.principal, entry.region, entry.function)
    }

    init(_ entry: AccessChange.Entry) {
        (kind, principal, region, function) = (entry.kind, entry.principal, entry.region, entry.function)
    }
}

/// What a report's entry says of whom, as its readers take it.
struct JudgedReading {
    /// The text of the documents that the entry mentions.
    let document: String
    /// All principals and values of conditions in them.
    let names: Set<String>

    init(_ documents: JudgedDocument...) {
        document = documents.map(\.text).joined()
        names = Set(
            documents.flatMap(\.statements).flatMap { statement -> [String] in
                let values = statement.conditions.flatMap(\.values)
                guard case .named(let kinds) = statement.principals else { return values }
                return values + kinds.flatMap(\.names)
            })
    }

    private func isUnnamed(_ account: String?) -> Bool { account.map { !document.contains($0) } ?? true }

    /// Whether a request belongs to whom the entry names, as a reader would say who looks for somebody.
    func covers(_ name: JudgedName, _ request: JudgedRequest) -> Bool {
        let (kind, principal, region, function) = (name.kind, name.principal, name.region, name.function)
        let caller = request.caller
        if case .service(let name, let account, let inRegion, let itsName) = caller {
            switch kind {
            case .public, .unknown: return true
            case .service: return principal == name || principal == "*"
            case .lambda:
                guard name == JudgedWorld.lambda, region.map({ matches($0, inRegion) }) ?? true,
                    function.map({ matches($0, itsName) }) ?? true
                else { return false }
                return isMember(principal, request, account)
            default: return false
            }
        }
        switch kind {
        case .public, .unknown: return true
        case .anyOrganization: return request.organization != nil
        case .organization: return request.organization == principal
        case .path: return request.path.map { matches(principal, $0) } ?? false
        case .account: return caller.account == principal
        case .role, .user: return caller.arn == principal
        case .session: return caller.sessionARN == principal
        case .lambda, .service, .deleted: return false
        }
    }

    private func isMember(_ principal: String, _ request: JudgedRequest, _ account: String?) -> Bool {
        if principal == "*" { return true }
        if principal == "o-*" { return request.organization != nil }
        if principal.hasPrefix("o-") {
            return principal.contains("/")
                ? request.path.map { matches(principal, $0) } ?? false : request.organization == principal
        }
        return principal == account
    }

    /// Whether the entry must hold for the request: a wider entry mentions those who are not named by themselves.
    func isAbout(_ name: JudgedName, _ request: JudgedRequest) -> Bool {
        guard covers(name, request) else { return false }
        let (kind, principal) = (name.kind, name.principal)
        let caller = request.caller
        switch kind {
        case .public: return !caller.isService && isUnnamed(caller.account) && request.organization == nil
        case .anyOrganization:
            return isUnnamed(caller.account) && request.organization == JudgedWorld.unnamedOrganization
        case .organization, .path: return isUnnamed(caller.account)
        case .account, .role, .user, .session: return true
        case .lambda:
            switch principal {
            case "*": return isUnnamed(caller.account) && request.organization == nil
            case "o-*": return isUnnamed(caller.account) && request.organization == JudgedWorld.unnamedOrganization
            default: return principal.hasPrefix("o-") ? isUnnamed(caller.account) : true
            }
        case .service:
            guard case .service(let name, _, _, _) = caller else { return false }
            return principal == "*" ? name != JudgedWorld.lambda && !document.contains(name) : true
        case .deleted, .unknown: return false
        }
    }

    /// Whether somebody is named who is a part of what the entry names, and whom the request belongs to.
    func isNamedCloser(_ name: JudgedName, _ request: JudgedRequest) -> Bool {
        let (kind, principal) = (name.kind, name.principal)
        let caller = request.caller
        // Whoever they are, federated principals may be any role's sessions.
        if case .role = caller, document.contains("Federated") { return true }
        switch kind {
        case .account: return names.contains(caller.arn) || caller.sessionARN.map(names.contains) ?? false
        case .role: return caller.sessionARN.map(names.contains) ?? false
        case .anyOrganization, .organization, .path:
            return names.contains { name in
                name != principal && name.hasPrefix("o-") && request.path.map { matches(name, $0) } ?? false
            }
        case .lambda:
            guard case .service(_, let account?, let region, let function) = caller else { return false }
            let arn = "arn:aws:lambda:\(region):\(account):function:\(function)"
            return names.contains { $0.contains(":function:") && matches($0, arn) }
                || names.contains { name in
                    name != principal && name.hasPrefix("o-") && request.path.map { matches(name, $0) } ?? false
                }
        case .public, .user, .session, .service, .deleted, .unknown: return false
        }
    }

    /// Whether the entry mentions an action.
    static func speaks(_ extent: AccessEntry.Extent, of action: String) -> Bool {
        switch extent {
        case .access(.pull): JudgedWorld.actions[..<3].contains(action)
        case .access(.push): JudgedWorld.actions[..<7].contains(action)
        case .access(.lambdaOnly): JudgedWorld.actions[..<2].contains(action)
        case .other(let names): names.contains { matches($0.lowercased(), action.lowercased()) }
        }
    }
}

private func matches(_ pattern: String, _ text: String) -> Bool { like(Array(pattern.utf8), Array(text.utf8)) }

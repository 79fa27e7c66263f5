import SharePlan

/// One line of what `doctor` found.
struct Finding: Sendable {
    /// What was looked at. The raw values are words for machines.
    enum Check: String, Sendable {
        /// Who the base credentials belong to.
        case caller
        /// The role of `--via`.
        case hub
        /// Units and accounts in AWS Organizations.
        case organization
        /// The role of an owner account.
        case signIn = "sign-in"
        /// Whether ECR answers in a region.
        case region
        case read, write
        case registryPolicy = "registry-policy"
    }

    enum Mark: String, Sendable {
        case ok
        /// Nothing is wrong, but somebody should know.
        case note
        /// It could not be told.
        case untested
        case failed
    }

    let check: Check
    let mark: Mark
    /// Nil for what concerns the whole run.
    var account: AccountID?
    /// Nil for what concerns a whole account.
    var region: Region?
    let message: String
    /// What to do about it.
    var fix: String?
    /// A policy that is missing somewhere.
    var policy: MissingPolicy?

    /// Whether sign-in to an owner account worked.
    var isSignIn: Bool { check == .signIn && mark == .ok }
}

extension Finding {
    /// The finding as one line of JSON Lines.
    var json: String {
        var members: [(String, JSONValue)] = [
            ("kind", "check"), ("check", .string(check.rawValue)), ("result", .string(mark.rawValue)),
        ]
        if let account { members.append(("account", .string(account.description))) }
        if let region { members.append(("region", .string(region.name))) }
        members.append(("message", .string(message)))
        if let fix { members.append(("fix", .string(fix))) }
        if let policy { members.append(("policy", policy.json)) }
        return JSONValue(members: members).minified + "\n"
    }

    /// The finding as lines of a table.
    func text(usesColor: Bool) -> String {
        let place = [account?.description, region?.name].compactMap { $0 }.joined(separator: " ")
        let word = mark.rawValue.padded(to: 8)
        let painted = usesColor ? "\u{1B}[\(mark.color)m\(word)\u{1B}[0m" : word
        var text = "\(painted)  \(place.padded(to: 27))  \(check.rawValue.padded(to: 15))  \(message.visible())\n"
        if let fix { text += "          fix: \(fix.visible())\n" }
        return text
    }
}

extension Finding.Mark {
    /// The SGR code of its colour.
    fileprivate var color: String {
        switch self {
        case .ok: "32"
        case .note, .untested: "33"
        case .failed: "31;1"
        }
    }
}

extension String {
    /// The text with spaces behind it up to a width.
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}

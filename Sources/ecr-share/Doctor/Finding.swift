import AWSValues
import OrderedJSON
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
        /// An archive in a bucket.
        case archive
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
        /// It is unknown.
        case untested
        case failed
    }

    let check: Check
    let mark: Mark
    /// Nil for what concerns the whole run.
    var account: AccountID?
    /// Nil for what concerns a whole account.
    var region: Region?
    var message: String
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

    /// Below so many columns there is no room for a message beside what it is about.
    private static let tableWidth = 100

    /// The finding as a line of a table, or on a narrow terminal as two; what does not fit follows, indented.
    func text(_ options: TextOptions) -> String {
        let place = [account?.description, region?.name].compactMap { $0 }.joined(separator: " ")
        let start = "\(place.padded(to: 27))  "
        let check = "\(self.check.rawValue.padded(to: 15)) "
        var layout = TextLayout(options: options)
        let mark = TextLayout.Word(self.mark.rawValue.padded(to: 9), mark.style)
        if options.width < Finding.tableWidth {
            layout.paragraph([.init(start + self.check.rawValue)], indent: 10, mark: mark)
            layout.paragraph(TextLayout.words(message), indent: 10)
        } else {
            let column = 10 + start.count + check.count + 1
            layout.paragraph([.init(start + check)] + TextLayout.words(message), indent: column, mark: mark)
        }
        if let fix { layout.paragraph(TextLayout.words("fix: \(fix)"), indent: 10) }
        return layout.text
    }
}

extension Finding.Mark {
    fileprivate var style: TextLayout.Style {
        switch self {
        case .ok: .gain
        case .note, .untested: .warning
        case .failed: .loss
        }
    }
}

/// The id of an organization in AWS Organizations: `o-` and 10 to 32 lower-case letters or digits.
///
/// Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
package struct OrganizationID: TextValue {
    package let text: String

    /// The id that `text` spells, or nil.
    package init?(_ text: some StringProtocol) {
        guard text.hasPrefix("o-"), isLowercaseIdentifier(text.dropFirst(2), length: 10...32) else { return nil }
        self.text = String(text)
    }
}

/// A path in an organization as `aws:PrincipalOrgPaths` has it: `o-…/r-…/ou-…/…/`, always ending in `/` or `/*`.
///
/// With `*` at the end the accounts of all nested units are meant; without it, only those directly in the last unit.
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
package struct OrganizationPath: TextValue {
    package let text: String
    package let organization: OrganizationID

    /// The path that `text` spells, or nil. It must name the organization, since unit ids are unique only inside one.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 3, let organization = OrganizationID(parts[0]),
            parts[1].hasPrefix("r-"), isLowercaseIdentifier(parts[1].dropFirst(2), length: 4...32),
            let last = parts.last, last.isEmpty || last == "*",
            parts[2..<(parts.count - 1)].allSatisfy({ OrganizationalUnitID($0) != nil })
        else { return nil }
        self.text = String(text)
        self.organization = organization
    }
}

/// The id of an organizational unit, `ou-ROOT-UNIT`, whose accounts are looked up in AWS Organizations.
///
/// Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_OrganizationalUnit.html
package struct OrganizationalUnitID: TextValue {
    package let text: String

    /// The id that `text` spells, or nil.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "ou", isLowercaseIdentifier(parts[1], length: 4...32),
            isLowercaseIdentifier(parts[2], length: 8...32)
        else { return nil }
        self.text = String(text)
    }
}

private func isLowercaseIdentifier(_ text: some StringProtocol, length: ClosedRange<Int>) -> Bool {
    length.contains(text.utf8.count)
        && text.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
}

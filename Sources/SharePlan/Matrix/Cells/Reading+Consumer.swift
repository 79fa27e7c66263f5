import AWSValues

extension Reading where Value == Consumer {
    /// Reads an account, role, user, organization or organization path; neither a group nor a unit.
    init(plainConsumer text: String) {
        if let consumer = Consumer(text) {
            self.init(consumer)
        } else if text.isEmpty {
            self.init(
                CellFault(.emptyCell, "consumer is empty; write an account id, a role or user ARN, or an organization"))
        } else if let damage = SpreadsheetDamage.ofAnyCell(text) ?? SpreadsheetDamage.ofAccount(text) {
            self.init(damage)
        } else {
            self.init(CellFault(.consumer, "consumer \(shown(text)) \(Reading.reason(forRefusing: text))"))
        }
    }

    private static func reason(forRefusing text: String) -> String {
        let fields = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        if fields.count == 6, fields[0] == "arn" {
            if fields[5] == "root", let account = AccountID(fields[4]) {
                return "is the root of an account; write the account id alone: \(account)"
            }
            if fields[2] == "sts" {
                return "is a session, which ends; write the ARN of its role: arn:…:iam::\(fields[4]):role/NAME"
            }
            if fields[5].contains("*") {
                return "has a wildcard; a policy names roles one by one: write each, or the account \(fields[4])"
            }
            return "is not a valid ARN of an IAM role or user: arn:aws:iam::ACCOUNT:role/NAME"
        }
        if text == "*" {
            return "would make the repository public, which is never written; name an organization (o-…) or accounts"
        }
        if text.hasSuffix(".amazonaws.com") {
            return "is a service; for Lambda write the account and the access lambda"
        }
        if text.contains(";") {
            return "is more than one consumer; write a row for each, or a group (@name)"
        }
        if text.hasPrefix("o-") || text.hasPrefix("r-") {
            return "is not a valid organization id (o-a1b2c3d4e5) or organization path (o-…/r-…/ou-…/*)"
                + (text.contains("/") && !text.hasSuffix("/") && !text.hasSuffix("*")
                    ? "; a path ends in \"/\" for one unit or in \"/*\" for all units in it" : "")
        }
        if text.utf8.allSatisfy({ (48...57).contains($0) }) {
            return "has \(text.utf8.count) digits; account ids have 12"
        }
        return "must be one of: a 12-digit account id, a role or user ARN, an organization (o-…), an organization path "
            + "(o-…/r-…/ou-…/*), a group (@name)"
    }
}

extension Reading where Value == MatrixConsumer {
    /// Reads what may be in a matrix's consumer cell or in the header of a wide matrix, without a region.
    init(consumer text: String, groups: Groups?, units: MatrixOptions.OrganizationalUnits) {
        if text.hasPrefix("@") {
            self = Reading.group(named: String(text.dropFirst()), in: groups)
        } else if text.hasPrefix("ou-") {
            self = Reading.unit(text, units)
        } else {
            let reading = Reading<Consumer>(plainConsumer: text)
            faults = reading.faults
            value = reading.value.map(MatrixConsumer.consumer)
        }
    }

    private static func group(named name: String, in groups: Groups?) -> Reading {
        guard let groups else {
            return Reading(CellFault(.group, "@\(name) is a group, but no groups file was given; add --groups FILE"))
        }
        guard let members = groups.members(of: name) else {
            return Reading(
                CellFault(
                    .group,
                    "the group \(shown("@" + name)) is not in \(groups.path)"
                        + suggestion(for: "@" + name, among: groups.names.lazy.map { "@" + $0 })))
        }
        return Reading(.group(name: name, members: members))
    }

    private static func unit(_ text: String, _ units: MatrixOptions.OrganizationalUnits) -> Reading {
        guard let unit = OrganizationalUnitID(text) else {
            return Reading(
                CellFault(.consumer, "consumer \(shown(text)) is not a valid unit such as ou-ab12-11111111"))
        }
        guard units == .deferred else {
            return Reading(
                CellFault(
                    .consumer,
                    "the accounts of the unit \(unit) would have to be looked up, which is not supported yet; write its "
                        + "organization path (o-…/r-…/\(unit)/*), or list the accounts"))
        }
        return Reading(.unit(unit))
    }
}

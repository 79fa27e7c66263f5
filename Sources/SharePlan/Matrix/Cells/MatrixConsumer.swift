package import AWSValues

/// Who is named in a consumer cell or column: a consumer, or a word for several.
package enum MatrixConsumer: Hashable, Sendable {
    case consumer(Consumer)
    /// `@name`, from the groups file.
    case group(name: String, members: [Consumer])
    /// `ou-…`: the accounts of a unit, which only AWS Organizations knows.
    case unit(OrganizationalUnitID)

    /// As written in a matrix.
    package var description: String {
        switch self {
        case .consumer(let consumer): consumer.description
        case .group(let name, _): "@" + name
        case .unit(let id): id.text
        }
    }

    /// The consumers that are meant; nil for a unit.
    var members: [Consumer]? {
        switch self {
        case .consumer(let consumer): [consumer]
        case .group(_, let members): members
        case .unit: nil
        }
    }
}

extension MatrixConsumer {
    /// Why nothing can be granted to the Lambda service on this consumer's behalf, or nil when it can.
    var lambdaRefusal: String? {
        guard let member = members?.first(where: { !$0.isAccount }) else { return nil }
        let subject =
            if case .group = self { "\(description), which has \(member)," } else { "\(description)," }
        switch member {
        case .account:
            return nil
        case .principal(let arn):
            return "lambda access goes to the functions of an account, not to \(subject) a role or user; "
                + "name the account \(arn.account)"
        case .organization, .organizationPath:
            return "lambda access cannot go to \(subject) an organization: the organization keys of a policy do not "
                + "cover the Lambda service; list the accounts, or name a group of them"
        }
    }
}

extension Consumer {
    var isAccount: Bool {
        if case .account = self { true } else { false }
    }

    /// The partition that the consumer is in, where its spelling shows it.
    var partition: Partition? {
        if case .principal(let arn) = self { arn.partition } else { nil }
    }
}

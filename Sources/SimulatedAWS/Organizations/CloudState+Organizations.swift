import OrderedCollections

/// The operations of Organizations that read.
/// Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_Operations.html
extension CloudState {
    func performOrganizations(_ call: Call, _ input: JSON) throws(ServiceError) -> JSON {
        try call.caller.authorize("organizations:" + call.operation, on: "*")
        let account = call.caller.account
        guard let organization,
            organization.managementAccount == account || organization.accounts.contains(where: { $0.id == account })
        else {
            throw ServiceError(
                "AWSOrganizationsNotInUseException",
                "Your account is not a member of an organization."
            )
        }
        let view = OrganizationView(organization: organization)
        // Any member may call this one; all others belong to the management account and those it delegates to.
        if call.operation == "DescribeOrganization" { return ["Organization": view.description] }
        guard organization.managementAccount == account || organization.delegatedAdministrators.contains(account) else {
            throw .accessDenied("You don't have permissions to access this resource.")
        }
        switch call.operation {
        case "ListRoots": return try view.page("Roots", [view.root], input)
        case "ListAccounts": return try view.page("Accounts", organization.accounts.map(view.account), input)
        case "ListAccountsForParent":
            let parent = try view.parent(input)
            return try view.page(
                "Accounts",
                organization.accounts.filter { $0.parent == parent }.map(view.account),
                input
            )
        case "ListOrganizationalUnitsForParent":
            let parent = try view.parent(input)
            return try view.page(
                "OrganizationalUnits",
                organization.units.filter { $0.parent == parent }.map(view.unit),
                input
            )
        default: throw ServiceError("UnknownOperationException", "")
        }
    }
}

/// An organization in the shapes of its API.
private struct OrganizationView {
    let organization: Organization

    private func arn(_ kind: String, _ id: String) -> JSON {
        .string("arn:aws:organizations::\(organization.managementAccount):\(kind)/\(organization.id)/\(id)")
    }

    var description: JSON {
        [
            "Id": .string(organization.id),
            "Arn": .string(
                "arn:aws:organizations::\(organization.managementAccount):organization/\(organization.id)"
            ),
            "FeatureSet": "ALL", "MasterAccountArn": arn("account", organization.managementAccount),
            "MasterAccountId": .string(organization.managementAccount),
            "MasterAccountEmail": "management@example.com", "AvailablePolicyTypes": [],
        ]
    }

    var root: JSON {
        [
            "Id": .string(organization.root), "Arn": arn("root", organization.root), "Name": "Root",
            "PolicyTypes": [],
        ]
    }

    func unit(_ unit: Organization.Unit) -> JSON {
        [
            "Id": .string(unit.id), "Arn": arn("ou", unit.id), "Name": .string(unit.name),
            "Path": .string(organization.path(to: unit.id) ?? ""),
        ]
    }

    func account(_ account: Organization.Account) -> JSON {
        [
            "Id": .string(account.id), "Arn": arn("account", account.id),
            "Email": .string("aws+\(account.id)@example.com"), "Name": .string(account.name),
            "State": .string(account.state),
            "Paths": .array([.string((organization.path(to: account.parent) ?? "") + account.id + "/")]),
            "JoinedMethod": "CREATED", "JoinedTimestamp": .number("1735689600.0"),
        ]
    }

    /// The parent that the input names, once it exists.
    func parent(_ input: JSON) throws(ServiceError) -> String {
        guard let parent = input["ParentId"]?.string, parent.hasPrefix("r-") || parent.hasPrefix("ou-") else {
            throw ServiceError("InvalidInputException", "You specified an invalid value.")
        }
        guard organization.path(to: parent) != nil else {
            throw ServiceError("ParentNotFoundException", "You specified parent that doesn't exist.")
        }
        return parent
    }

    /// One page. A token is the index of the next element, with `e` behind it when an empty page has been given.
    func page(_ name: String, _ elements: [JSON], _ input: JSON) throws(ServiceError) -> JSON {
        let limit = input["MaxResults"]?.integer ?? 20
        var start = 0
        var wasEmpty = false
        if let token = input["NextToken"]?.string {
            let text = PageToken.decode(token) ?? ""
            wasEmpty = text.hasSuffix("e")
            guard let index = Int(wasEmpty ? String(text.dropLast()) : text), (0...elements.count).contains(index)
            else { throw ServiceError("InvalidInputException", "You specified an invalid value for NextToken.") }
            start = index
        }
        guard (1...20).contains(limit) else {
            throw ServiceError("InvalidInputException", "You specified an invalid value for MaxResults.")
        }
        if organization.hasEmptyPages, !wasEmpty {
            return .object([name: [], "NextToken": .string(PageToken.encode("\(start)e"))])
        }
        let end = min(elements.count, start + min(limit, organization.pageSize))
        let page = JSON.array(Array(elements[start..<end]))
        guard end < elements.count else { return .object([name: page]) }
        return .object([name: page, "NextToken": .string(PageToken.encode(String(end)))])
    }
}

extension World {
    /// Reads a seed file, as docs/sandbox.md describes it. Unknown members are errors.
    package init(seed text: String) throws {
        let document: JSON
        do {
            document = try JSON(parsing: text)
        } catch {
            throw ConfigurationError("the seed is \(error)")
        }
        var fields = try JSONFields(document, path: "seed")
        let keys = try fields.objects("accessKeys").map(AccessKey.init(fields:))
        self.init(accessKeys: keys.isEmpty ? [.platform] : keys)
        for roleFields in try fields.objects("roles") { roles += try Role.all(fields: roleFields) }
        for repositoryFields in try fields.objects("repositories") { try addRepositories(repositoryFields) }
        for policyFields in try fields.objects("registryPolicies") { try addRegistryPolicies(policyFields) }
        organization = try fields.object("organization").map(Organization.init(fields:))
        principals = try fields.object("principals").map(PrincipalDirectory.init(fields:)) ?? PrincipalDirectory()
        registryPolicyScope = try fields.string("registryPolicyScope") ?? registryPolicyScope
        seed = UInt64(try fields.integer("seed") ?? 1)
        recordedCalls = try fields.integer("recordedCalls") ?? recordedCalls
        try fields.end()
    }

    private mutating func addRepositories(_ source: JSONFields) throws {
        var fields = source
        let registries = try World.registries(&fields)
        let names = try fields.strings("name")
        guard !names.isEmpty else { throw fields.wrong("name", "is missing") }
        let policy = try World.policy(&fields)
        try fields.end()
        for registry in registries {
            for name in names {
                let address = RepositoryAddress(registry: registry, name: name)
                repositories.append(Repository(address: address, policy: policy.map { registry.fillIn($0) }))
            }
        }
    }

    private mutating func addRegistryPolicies(_ source: JSONFields) throws {
        var fields = source
        let registries = try World.registries(&fields)
        guard let policy = try World.policy(&fields) else { throw fields.wrong("policy", "is missing") }
        try fields.end()
        for registry in registries { registryPolicies[registry] = registry.fillIn(policy) }
    }

    /// Every account with every region.
    private static func registries(_ fields: inout JSONFields) throws(ConfigurationError) -> [RegistryAddress] {
        let accounts = try fields.strings("account")
        let regions = try fields.strings("region")
        guard !accounts.isEmpty, accounts.allSatisfy({ isAccountID($0) }) else {
            throw fields.wrong("account", "must be one or more ids of twelve digits, each a string")
        }
        guard !regions.isEmpty, regions.allSatisfy(Partition.isRegion) else {
            throw fields.wrong("region", "must be one or more names of regions")
        }
        return accounts.flatMap { account in regions.map { RegistryAddress(account: account, region: $0) } }
    }

    /// A policy given as an object or as text.
    private static func policy(_ fields: inout JSONFields) throws(ConfigurationError) -> String? {
        guard let value = fields.take("policy") else { return nil }
        guard let text = value.string else { return value.compact }
        guard (try? JSON(parsing: text))?.object != nil else { throw fields.wrong("policy", "is not a JSON object") }
        return text
    }
}

extension RegistryAddress {
    /// The policy with `{account}`, `{region}` and `{partition}` filled in.
    fileprivate func fillIn(_ policy: String) -> String {
        var text = policy
        let values = ["{account}": account, "{region}": region, "{partition}": Partition.name(ofRegion: region)]
        for (placeholder, value) in values {
            text = text.split(separator: placeholder, omittingEmptySubsequences: false).joined(separator: value)
        }
        return text
    }
}

extension AccessKey {
    fileprivate init(fields source: JSONFields) throws {
        var fields = source
        let arn = try fields.required("arn")
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 6, isAccountID(parts[4]) else {
            throw fields.wrong("arn", "is not the ARN of a principal")
        }
        self.init(
            id: try fields.required("id"),
            secret: try fields.required("secret"),
            account: String(parts[4]),
            arn: arn
        )
        try fields.end()
    }
}

extension Role {
    /// One role for each account that the entry names.
    fileprivate static func all(fields source: JSONFields) throws -> [Role] {
        var fields = source
        let accounts = try fields.strings("account")
        guard !accounts.isEmpty, accounts.allSatisfy({ isAccountID($0) }) else {
            throw fields.wrong("account", "must be one or more ids of twelve digits, each a string")
        }
        var role = Role(
            account: "",
            name: try fields.required("name"),
            trusts: try fields.strings("trusts"),
            externalID: try fields.string("externalId")
        )
        role.isDenied = try fields.flag("denied") ?? false
        role.maximumDuration = try fields.integer("maximumDuration") ?? role.maximumDuration
        role.partition = try fields.string("partition") ?? role.partition
        if let permissions = fields.take("permissions") {
            guard let policy = PermissionPolicy(parsing: permissions.compact) else {
                throw fields.wrong("permissions", "is not a policy without conditions")
            }
            role.permissions = policy
        }
        try fields.end()
        return accounts.map { account in
            var copy = role
            copy.account = account
            return copy
        }
    }
}

extension Organization {
    fileprivate init(fields source: JSONFields) throws {
        var fields = source
        self.init(
            id: try fields.required("id"),
            managementAccount: try fields.required("managementAccount"),
            root: try fields.required("root")
        )
        for unit in try fields.objects("units") {
            var unit = unit
            units.append(
                Unit(
                    id: try unit.required("id"),
                    name: try unit.required("name"),
                    parent: try unit.string("parent") ?? root
                )
            )
            try unit.end()
        }
        for account in try fields.objects("accounts") {
            var account = account
            accounts.append(
                Account(
                    id: try account.required("id"),
                    name: try account.required("name"),
                    parent: try account.string("parent") ?? root,
                    state: try account.string("state") ?? "ACTIVE"
                )
            )
            try account.end()
        }
        delegatedAdministrators = try fields.strings("delegatedAdministrators")
        pageSize = max(1, try fields.integer("pageSize") ?? pageSize)
        hasEmptyPages = try fields.flag("emptyPages") ?? false
        for parent in units.map(\.parent) + accounts.map(\.parent) where path(to: parent) == nil {
            throw fields.wrong("units", "do not lead from \(parent) to the root")
        }
        try fields.end()
    }
}

extension PrincipalDirectory {
    fileprivate init(fields source: JSONFields) throws {
        var fields = source
        self.init()
        let known = try fields.strings("known")
        self.known = known.isEmpty ? nil : Set(known)
        missing = Set(try fields.strings("missing"))
        for entry in try fields.objects("propagating") {
            var entry = entry
            propagating[try entry.required("arn")] = Propagation(
                seconds: try entry.number("seconds") ?? 0,
                attempts: try entry.integer("attempts") ?? 0
            )
            try entry.end()
        }
        for entry in try fields.objects("disabledRegions") {
            var entry = entry
            disabledRegions[try entry.required("account")] = Set(try entry.strings("region"))
            try entry.end()
        }
        try fields.end()
    }
}

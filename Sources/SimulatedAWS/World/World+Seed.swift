extension World {
    /// Reads a seed file, as docs/sandbox.md describes it. Unknown members are errors.
    package init(seed text: String) throws {
        self = try JSONFields.read(text, "the seed", path: "seed") { fields in
            let keys = try fields.objects("accessKeys", AccessKey.init)
            var world = World(accessKeys: keys.isEmpty ? [.platform] : keys)
            world.roles = try fields.objects("roles", Role.all).flatMap(\.self)
            world.repositories = try fields.objects("repositories", World.repositories).flatMap(\.self)
            for (registry, policy) in try fields.objects("registryPolicies", World.registryPolicies).joined() {
                world.registryPolicies[registry] = policy
            }
            world.buckets = try fields.objects("buckets", Bucket.init)
            world.organization = try fields.object("organization", Organization.init)
            world.principals = try fields.object("principals", PrincipalDirectory.init) ?? PrincipalDirectory()
            world.registryPolicyScope = try fields.string("registryPolicyScope") ?? world.registryPolicyScope
            world.seed = UInt64(try fields.integer("seed") ?? 1)
            world.recordedCalls = try fields.integer("recordedCalls") ?? world.recordedCalls
            return world
        }
    }

    private static func repositories(_ fields: inout JSONFields) throws -> [Repository] {
        let registries = try registries(&fields)
        let names = try fields.strings("name")
        guard !names.isEmpty else { throw fields.wrong("name", "is missing") }
        let policy = try policy(&fields)
        return registries.flatMap { registry in
            names.map { name in
                let address = RepositoryAddress(registry: registry, name: name)
                return Repository(address: address, policy: policy.map { registry.fillIn($0) })
            }
        }
    }

    private static func registryPolicies(_ fields: inout JSONFields) throws -> [(RegistryAddress, String)] {
        let registries = try registries(&fields)
        guard let policy = try policy(&fields) else { throw fields.wrong("policy", "is missing") }
        return registries.map { ($0, $0.fillIn(policy)) }
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
    fileprivate init(taking fields: inout JSONFields) throws {
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
    }
}

extension Role {
    /// One role for each account that the entry names.
    fileprivate static func all(taking fields: inout JSONFields) throws -> [Role] {
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
        return accounts.map { account in
            var copy = role
            copy.account = account
            return copy
        }
    }
}

extension Bucket {
    fileprivate init(taking fields: inout JSONFields) throws {
        self.init(
            try fields.required("name"), region: try fields.required("region"), account: try fields.required("account"))
        guard isAccountID(account) else { throw fields.wrong("account", "must be an id of twelve digits") }
        guard Partition.isRegion(region) else { throw fields.wrong("region", "must be the name of a region") }
        kmsKey = try fields.string("kmsKey")
        isVersioned = try fields.flag("versioned") ?? false
        sharedWith = try fields.strings("sharedWith")
        wrongRegionAnswer = try fields.choice("wrongRegionAnswer") ?? wrongRegionAnswer
    }
}

extension Organization {
    fileprivate init(taking fields: inout JSONFields) throws {
        self.init(
            id: try fields.required("id"),
            managementAccount: try fields.required("managementAccount"),
            root: try fields.required("root")
        )
        let root = root
        units = try fields.objects("units") { unit in
            Unit(
                id: try unit.required("id"),
                name: try unit.required("name"),
                parent: try unit.string("parent") ?? root
            )
        }
        accounts = try fields.objects("accounts") { account in
            Account(
                id: try account.required("id"),
                name: try account.required("name"),
                parent: try account.string("parent") ?? root,
                state: try account.string("state") ?? "ACTIVE"
            )
        }
        delegatedAdministrators = try fields.strings("delegatedAdministrators")
        pageSize = max(1, try fields.integer("pageSize") ?? pageSize)
        hasEmptyPages = try fields.flag("emptyPages") ?? false
        for parent in units.map(\.parent) + accounts.map(\.parent) where path(to: parent) == nil {
            throw fields.wrong("units", "do not lead from \(parent) to the root")
        }
    }
}

extension PrincipalDirectory {
    fileprivate init(taking fields: inout JSONFields) throws {
        self.init()
        let known = try fields.strings("known")
        self.known = known.isEmpty ? nil : Set(known)
        missing = Set(try fields.strings("missing"))
        let late = try fields.objects("propagating") { entry in
            (
                try entry.required("arn"),
                Propagation(
                    seconds: try entry.number("seconds") ?? 0, attempts: try entry.integer("attempts") ?? 0)
            )
        }
        propagating = Dictionary(late) { $1 }
        let disabled = try fields.objects("disabledRegions") { entry in
            (try entry.required("account"), Set(try entry.strings("region")))
        }
        disabledRegions = Dictionary(disabled) { $1 }
    }
}

/// The operations of ECR.
/// Source: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Operations.html
extension CloudState {
    mutating func performECR(_ call: Call, _ json: JSON) throws(ServiceError) -> JSON {
        let input = ECRInput(members: json)
        switch call.operation {
        case "GetRepositoryPolicy": return try getRepositoryPolicy(call, input)
        case "SetRepositoryPolicy": return try setRepositoryPolicy(call, input)
        case "DeleteRepositoryPolicy": return try deleteRepositoryPolicy(call, input)
        case "DescribeRepositories": return try describeRepositories(call, input)
        case "ListTagsForResource": return try listTags(call, input)
        case "GetRegistryPolicy": return try getRegistryPolicy(call)
        case "PutRegistryPolicy": return try putRegistryPolicy(call, input)
        case "DeleteRegistryPolicy": return try deleteRegistryPolicy(call)
        case "GetAccountSetting": return try getAccountSetting(call, input)
        default: throw ServiceError("UnknownOperationException", "")
        }
    }

    /// The repository that the input names, once the caller may do this to it and it exists.
    private func repository(_ call: Call, _ input: ECRInput) throws(ServiceError) -> RepositoryAddress {
        let name = try input.repositoryName()
        let account = try input.registryID() ?? call.caller.account
        let address = RepositoryAddress(account: account, region: call.region, name: name)
        try authorize(call, on: address.arn, of: account)
        return address
    }

    private func authorize(_ call: Call, on resource: String, of account: String) throws(ServiceError) {
        let action = "ecr:" + call.operation
        try call.caller.authorize(action, on: resource)
        guard account == call.caller.account else {
            throw .accessDenied(
                "User: \(call.caller.arn) is not authorized to perform: \(action) on resource: \(resource) "
                    + "because no resource-based policy allows the \(action) action"
            )
        }
    }

    private func requireRepository(_ address: RepositoryAddress) throws(ServiceError) {
        guard registries[address.registry]?.contains(address.name) == true else {
            throw ServiceError(
                "RepositoryNotFoundException",
                "The repository with name '\(address.name)' does not exist in the registry with id "
                    + "'\(address.registry.account)'"
            )
        }
    }

    private mutating func answer(_ address: RepositoryAddress, policy: String) -> JSON {
        [
            "registryId": .string(address.registry.account), "repositoryName": .string(address.name),
            "policyText": .string(recentPolicies.printed(policy)),
        ]
    }

    private func noPolicy(_ address: RepositoryAddress) -> ServiceError {
        ServiceError(
            "RepositoryPolicyNotFoundException",
            "Repository policy does not exist for the repository with name '\(address.name)' in the registry with id "
                + "'\(address.registry.account)'"
        )
    }

    private mutating func getRepositoryPolicy(_ call: Call, _ input: ECRInput) throws(ServiceError) -> JSON {
        let address = try repository(call, input)
        try requireRepository(address)
        let policy = visiblePolicy(of: address)
        noteLook(at: address)
        // Somebody else's edit comes after this read.
        defer { letForeignWritersEdit(address, after: call) }
        guard let policy else { throw noPolicy(address) }
        return answer(address, policy: policy)
    }

    private mutating func setRepositoryPolicy(_ call: Call, _ input: ECRInput) throws(ServiceError) -> JSON {
        let address = try repository(call, input)
        let text = try input.string("policyText")
        try requireRepository(address)
        var (policy, compact) = try recentPolicies.checked(text, partition: Partition.name(ofRegion: call.region))
        for principal in policy.principals {
            guard exists(principal, in: call.region) else { throw RepositoryPolicy.principalNotFound }
        }
        if faults.shufflesPrincipals {
            policy.shufflePrincipals(using: &random)
            compact = policy.document.compact
        }
        beginLag(of: address, after: call)
        noteWrite(of: address)
        registries[address.registry]?.setPolicy(compact, of: address.name)
        return answer(address, policy: compact)
    }

    private mutating func deleteRepositoryPolicy(_ call: Call, _ input: ECRInput) throws(ServiceError) -> JSON {
        let address = try repository(call, input)
        try requireRepository(address)
        guard let policy = registries[address.registry]?.policy(of: address.name) else { throw noPolicy(address) }
        beginLag(of: address, after: call)
        noteWrite(of: address)
        registries[address.registry]?.setPolicy(nil, of: address.name)
        return answer(address, policy: policy)
    }

    private func listTags(_ call: Call, _ input: ECRInput) throws(ServiceError) -> JSON {
        let arn = try input.string("resourceArn")
        let parts = arn.split(separator: ":", maxSplits: 5).map(String.init)
        guard parts.count == 6, parts[2] == "ecr", parts[5].hasPrefix("repository/") else {
            throw .invalidParameter("resourceArn", "must be the ARN of a repository")
        }
        let name = String(parts[5].dropFirst("repository/".count))
        let address = RepositoryAddress(account: parts[4], region: call.region, name: name)
        try authorize(call, on: arn, of: parts[4])
        try requireRepository(address)
        return ["tags": []]
    }

    private func describeRepositories(_ call: Call, _ input: ECRInput) throws(ServiceError) -> JSON {
        let account = try input.registryID() ?? call.caller.account
        let address = RegistryAddress(account: account, region: call.region)
        let names = try input.strings("repositoryNames")
        let token = try input.optionalString("nextToken")
        let limit = try input.integer("maxResults")
        for name in names ?? ["*"] {
            try authorize(call, on: RepositoryAddress(registry: address, name: name).arn, of: account)
        }
        if let names {
            guard token == nil, limit == nil else {
                throw .invalidParameter("repositoryNames", "must not be combined with nextToken or maxResults")
            }
            guard (1...100).contains(names.count) else {
                throw .invalidParameter("repositoryNames", "must have 1 to 100 members")
            }
            for name in names {
                guard isRepositoryName(name) else { throw ECRInput.wrongName(name) }
                try requireRepository(RepositoryAddress(registry: address, name: name))
            }
            return ["repositories": .array(names.map { description(RepositoryAddress(registry: address, name: $0)) })]
        }
        guard (1...1000).contains(limit ?? 100) else { throw .invalidParameter("maxResults", "must be from 1 to 1000") }
        let registry = registries[address] ?? Registry()
        var start = 0
        if let token {
            guard let name = PageToken.decode(token) else {
                throw .invalidParameter("nextToken", "is not a known token")
            }
            start = registry.position(of: name)
        }
        let end = min(registry.names.count, start + (limit ?? 100))
        let page = registry.names[start..<end].map { description(RepositoryAddress(registry: address, name: $0)) }
        guard end < registry.names.count else { return ["repositories": .array(page)] }
        return ["repositories": .array(page), "nextToken": .string(PageToken.encode(registry.names[end]))]
    }

    private func description(_ address: RepositoryAddress) -> JSON {
        let (account, region) = (address.registry.account, address.registry.region)
        let suffix = Partition.name(ofRegion: region) == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com"
        return [
            "repositoryArn": .string(address.arn), "registryId": .string(account),
            "repositoryName": .string(address.name),
            "repositoryUri": .string("\(account).dkr.ecr.\(region).\(suffix)/\(address.name)"),
            "createdAt": .number("1735689600.0"), "imageTagMutability": "MUTABLE",
            "imageScanningConfiguration": ["scanOnPush": false],
            "encryptionConfiguration": ["encryptionType": "AES256"],
        ]
    }
}

/// Registry-wide settings.
extension CloudState {
    private func registry(_ call: Call) throws(ServiceError) -> RegistryAddress {
        try call.caller.authorize("ecr:" + call.operation, on: "*")
        return RegistryAddress(account: call.caller.account, region: call.region)
    }

    private func registryAnswer(_ address: RegistryAddress, _ policy: String) -> JSON {
        ["registryId": .string(address.account), "policyText": .string(PolicyPrint.pretty(policy))]
    }

    private func registryPolicy(_ address: RegistryAddress) throws(ServiceError) -> String {
        guard let policy = registries[address]?.registryPolicy else {
            throw ServiceError(
                "RegistryPolicyNotFoundException",
                "Registry policy does not exist in the registry with id '\(address.account)'"
            )
        }
        return policy
    }

    private func getRegistryPolicy(_ call: Call) throws(ServiceError) -> JSON {
        let address = try registry(call)
        return registryAnswer(address, try registryPolicy(address))
    }

    private mutating func putRegistryPolicy(_ call: Call, _ input: ECRInput) throws(ServiceError) -> JSON {
        let address = try registry(call)
        let text = try input.string("policyText")
        guard text.unicodeScalars.count <= RepositoryPolicy.maximumLength, let policy = try? JSON(parsing: text),
            policy.object != nil
        else { throw .invalidParameter("PolicyText", "Invalid registry policy provided") }
        registries[address, default: Registry()].registryPolicy = policy.compact
        return registryAnswer(address, policy.compact)
    }

    private mutating func deleteRegistryPolicy(_ call: Call) throws(ServiceError) -> JSON {
        let address = try registry(call)
        let policy = try registryPolicy(address)
        registries[address]?.registryPolicy = nil
        return registryAnswer(address, policy)
    }

    private func getAccountSetting(_ call: Call, _ input: ECRInput) throws(ServiceError) -> JSON {
        try call.caller.authorize("ecr:" + call.operation, on: "*")
        let name = try input.string("name")
        guard name == "REGISTRY_POLICY_SCOPE" else { throw ServiceError("ValidationException", "Invalid setting name") }
        return ["name": .string(name), "value": .string(registryPolicyScope)]
    }
}

package import AWSValues
import OrderedCollections
package import OrderedJSON
package import SharePlan

/// Random live policies, as people, tools and this program leave them behind, and random wishes of a matrix.
package struct PolicyGenerator {
    package var random: SeededGenerator
    package let partition: Partition

    package init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        partition = random.pick([.aws, .aws, .china, .usGov])
    }

    package var region: Region { regions[0] }

    private var regions: [Region] {
        let names =
            switch partition {
            case .china: ["cn-north-1", "cn-northwest-1"]
            case .usGov: ["us-gov-west-1", "us-gov-east-1"]
            default: ["us-east-1", "eu-west-1", "ap-southeast-2"]
            }
        return names.compactMap { Region($0) }
    }

    package static let accounts = (0..<12).compactMap { AccountID("00000000000\($0)".suffix(12)) }

    private var principals: [Consumer] {
        ["role/ci", "role/path/Builder", "user/ann"].compactMap {
            PrincipalARN("arn:\(partition.id):iam::444455556666:\($0)").map(Consumer.principal)
        }
    }

    private static let organizations: [Consumer] = [
        "o-a1b2c3d4e5", "o-zzzzzzzzzz", "o-a1b2c3d4e5/r-ab12/ou-ab12-12345678/*",
    ]
    .compactMap { Consumer($0) }

    /// A random consumer of AWS principals or organizations.
    package mutating func consumer() -> Consumer {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: random.pick(PolicyGenerator.organizations)
        case 1, 2: random.pick(principals)
        default: .account(random.pick(PolicyGenerator.accounts))
        }
    }

    package mutating func grant() -> Grant {
        if random.chance(4) {
            let region = random.pick(regions)
            return Grant(
                consumer: .account(random.pick(PolicyGenerator.accounts)), access: .lambdaOnly, consumerRegion: region)
        }
        return Grant(consumer: consumer(), access: random.chance(3) ? .push : .pull)
    }

    package mutating func grants(atMost most: Int) -> [Grant] {
        (0..<Int.random(in: 0...most, using: &random)).map { _ in grant() }
    }

    package mutating func wanted() -> [WantedGrant] {
        grants(atMost: 10).map { WantedGrant($0, reason: random.chance(3) ? "TICKET-1" : "") }
    }

    /// A live policy that this program can work with, or nil for none.
    package mutating func livePolicy() -> Policy? {
        if random.chance(6) { return nil }
        var statements = foreignStatements()
        if !random.chance(3) {
            for statement in (try? managedStatements(granting: GrantSet(grants(atMost: 8)))) ?? [] {
                statements.insert(statement, at: Int.random(in: 0...statements.count, using: &random))
            }
        }
        if statements.isEmpty { statements.append(foreignStatement()) }
        return Policy(spelled(document(of: statements)))
    }

    /// The repository that all cases are about.
    package var repository: RepositoryID { .fixture("000000000000 \(region) base/app") }

    /// The managed statements that the program itself writes for `grants`.
    package func managedStatements(granting grants: GrantSet) throws -> [JSONValue] {
        let wanted = grants.sorted.map { WantedGrant($0) }
        guard let after = try SharingRules().change(on: repository, nil, wanted)?.after else { return [] }
        return try JSONValue(parsing: after).object?["Statement"]?.array ?? []
    }

    /// What the managed statements of `live` grant, sorted.
    package func held(in live: Policy?) throws -> [Grant] {
        try SharingRules().change(on: repository, live, [])?.grants.removed.map(\.grant) ?? []
    }

    /// The consumers of the managed statements of `live`.
    package func heldConsumers(in live: Policy?) throws -> [Consumer] {
        try held(in: live).map(\.consumer)
    }

    /// What a store gives back for what it got.
    package mutating func stored(_ policy: Policy?) throws -> Policy? {
        guard let policy else { return nil }
        return Policy(spelled(try JSONValue(parsing: policy)))
    }

    /// Questions to the policy with their answers, if it grants exactly `grants`.
    package func questions(_ grants: GrantSet) -> [(AccessRequest, Bool)] {
        let actions = [
            ("ecr:GetDownloadUrlForLayer", Access.pull), ("ecr:BatchGetImage", .pull),
            ("ecr:BatchCheckLayerAvailability", .pull), ("ecr:PutImage", .push), ("ecr:InitiateLayerUpload", .push),
            ("ecr:UploadLayerPart", .push), ("ecr:CompleteLayerUpload", .push),
        ]
        var questions: [(AccessRequest, Bool)] = []
        // The owner account is left out: it needs no repository policy.
        for account in PolicyGenerator.accounts.dropFirst() {
            for (action, access) in actions {
                let request = AccessRequest(.account(account), action: action, organization: .none)
                questions.append((request, grants.allows(Grant(consumer: .account(account), access: access))))
            }
            questions.append((AccessRequest(.account(account), action: "ecr:SetRepositoryPolicy"), false))
            for region in regions {
                let caller = LambdaCaller(account: account, region: region)
                let grant = Grant(consumer: .account(account), access: .lambdaOnly, consumerRegion: region)
                questions.append((AccessRequest(.lambda(caller), action: "ecr:BatchGetImage"), grants.allows(grant)))
                questions.append((AccessRequest(.lambda(caller), action: "ecr:PutImage"), false))
            }
        }
        for (action, access) in actions {
            for organization in PolicyGenerator.organizations {
                guard case .organization(let id) = organization else { continue }
                let request = AccessRequest(.member(of: id, path: nil), action: action)
                questions.append((request, grants.allows(Grant(consumer: organization, access: access))))
            }
            questions.append((AccessRequest(.stranger, action: action, organization: .none), false))
        }
        return questions
    }

    /// The document with one thing changed that has a meaning.
    package mutating func changed(_ document: JSONValue) -> JSONValue {
        guard case .object(var members) = document, let value = members["Statement"] else { return .null }
        var statements = value.array ?? [value]
        if statements.isEmpty || random.chance(3) {
            statements.append(foreignStatement())
        } else if random.chance(3) {
            statements.remove(at: Int.random(in: 0..<statements.count, using: &random))
        } else if case .object(var statement) = statements[0] {
            switch Int.random(in: 0..<4, using: &random) {
            case 0: statement["Effect"] = statement["Effect"] == "Allow" ? "Deny" : "Allow"
            case 1: statement["Sid"] = "Another"
            case 2: statement["Condition"] = ["StringEquals": ["aws:another": "value"]]
            default: statement["Action"] = ["ecr:BatchGetImage", "ecr:Another"]
            }
            statements[0] = .object(statement)
        }
        members["Statement"] = .array(statements)
        return .object(members)
    }

    package mutating func document(of statements: [JSONValue]) -> JSONValue {
        var members: JSONObject = [:]
        if !random.chance(8) { members["Version"] = .string(random.pick(["2008-10-17", "2012-10-17"])) }
        if random.chance(5) { members["Id"] = "an id" }
        members["Statement"] = statements.count == 1 && random.chance(3) ? statements[0] : .array(statements)
        if random.chance(4), let version = members.removeValue(forKey: "Version") { members["Version"] = version }
        return .object(members)
    }

    package mutating func foreignStatements() -> [JSONValue] {
        (0..<Int.random(in: 0...4, using: &random)).map { _ in foreignStatement() }
    }

    /// One statement of somebody else: every shape that the field has.
    package mutating func foreignStatement() -> JSONValue {
        var statement: JSONObject = [:]
        if !random.chance(5) {
            statement["Sid"] = .string(
                random.pick([
                    "AllowPull", "new statement", "LambdaECRImageRetrievalPolicy", "organization-pull", "", "AllowPull",
                    "ecrshareAllowPull", "EcrShared", "EcrShareTeamBAllowPull", "EcrShareAllowPullX", "EcrShare",
                ]))
        }
        statement["Effect"] = random.chance(5) ? "Deny" : "Allow"
        statement[random.chance(8) ? "NotPrincipal" : "Principal"] = foreignPrincipal()
        statement[random.chance(8) ? "NotAction" : "Action"] = foreignActions()
        if random.chance(4) { statement["Condition"] = foreignCondition() }
        if random.chance(10) { statement["Comment"] = ["number": .number("1.0"), "list": [true.json, .null]] }
        return .object(statement)
    }

    private mutating func foreignPrincipal() -> JSONValue {
        let account = random.pick(PolicyGenerator.accounts)
        switch Int.random(in: 0..<8, using: &random) {
        case 0: return "*"
        case 1: return ["AWS": "*"]
        case 2: return ["Service": "lambda.amazonaws.com"]
        case 3: return ["AWS": ["AROAEXAMPLEID12345678", .string(account.description)]]
        case 4: return ["AWS": .string(account.description), "Service": ["ecs.amazonaws.com"]]
        default:
            let accounts = random.subset(of: PolicyGenerator.accounts, atMost: 3) + [account]
            return ["AWS": .array(accounts.map { .string($0.rootARN(in: partition)) })]
        }
    }

    private mutating func foreignActions() -> JSONValue {
        switch Int.random(in: 0..<5, using: &random) {
        case 0: "ecr:*"
        case 1: ["ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage", "ecr:BatchCheckLayerAvailability"]
        case 2: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        case 3: .string("ecr:Describe*")
        default: ["ecr:batchgetimage", "ecr:SetRepositoryPolicy"]
        }
    }

    private mutating func foreignCondition() -> JSONValue {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: ["StringLike": ["aws:sourceArn": "arn:aws:lambda:us-east-1:000000000001:function:*"]]
        case 1: ["StringEquals": ["aws:PrincipalOrgID": "o-foreign1234"]]
        case 2: ["Bool": ["aws:SecureTransport": .bool(true)]]
        default: ["IpAddress": ["aws:SourceIp": ["10.0.0.0/8", "192.0.2.0/24"]], "Null": ["aws:x": "false"]]
        }
    }

    /// The document in another spelling of the same meaning, as ECR, a person or another tool would write it.
    ///
    /// Only what has no meaning is changed: white space, order of values, a string or a list of one, id or root ARN,
    /// letter case of actions and condition keys.
    package mutating func spelled(_ document: JSONValue) -> String {
        guard case .object(var members) = document else { return document.minified }
        if let statement = members["Statement"] {
            members["Statement"] =
                statement.array.map { statements in .array(statements.map { spelledStatement($0) }) }
                ?? spelledStatement(statement)
        }
        return random.chance(2) ? JSONValue.object(members).pretty : JSONValue.object(members).minified
    }

    private mutating func spelledStatement(_ statement: JSONValue) -> JSONValue {
        guard case .object(let members) = statement else { return statement }
        var spelled = JSONObject()
        for (name, value) in random.chance(3) ? members.shuffled(using: &random) : members.map({ ($0, $1) }) {
            switch name {
            case "Action", "NotAction":
                spelled[name] = list(value) { text, random in random.chance(6) ? text.lowercased() : text }
            case "Principal", "NotPrincipal":
                guard case .object(var kinds) = value else {
                    spelled[name] = random.chance(2) ? value : ["AWS": value]
                    continue
                }
                for (kind, principals) in kinds {
                    let partition = partition
                    kinds[kind] = list(principals) { text, random in
                        guard kind == "AWS", let id = AccountID(principal: text, in: partition) else { return text }
                        return random.chance(2) ? id.description : id.rootARN(in: partition)
                    }
                }
                spelled[name] = .object(kinds)
            case "Condition":
                spelled[name] = spelledCondition(value)
            default: spelled[name] = value
            }
        }
        return .object(spelled)
    }

    private mutating func spelledCondition(_ value: JSONValue) -> JSONValue {
        guard case .object(var operators) = value else { return value }
        for (name, keys) in operators {
            guard let keys = keys.object else { continue }
            var spelled = JSONObject()
            for (key, values) in keys {
                spelled[random.chance(3) ? key.uppercased() : key] = list(values) { text, _ in text }
            }
            operators[name] = .object(spelled)
        }
        return .object(operators)
    }

    /// A string or list in another order, sometimes with brackets around a single string or without them.
    private mutating func list(
        _ value: JSONValue, _ spell: (String, inout SeededGenerator) -> String
    ) -> JSONValue {
        var texts: [JSONValue] = []
        for element in value.array ?? [value] {
            texts.append(element.string.map { .string(spell($0, &random)) } ?? element)
        }
        if texts.count == 1, random.chance(2) { return texts[0] }
        return .array(texts.shuffled(using: &random))
    }
}

extension Bool {
    fileprivate var json: JSONValue { .bool(self) }
}

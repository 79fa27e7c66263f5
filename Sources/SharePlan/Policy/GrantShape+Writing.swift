import AWSValues
import OrderedCollections
import OrderedJSON

extension GrantShape {
    /// The managed statements that give exactly `grants`: at most one of each shape, its consumers sorted.
    ///
    /// The first `bareAccounts` accounts are written as twelve digits instead of root ARNs, which saves 18 to 25
    /// characters each and which ECR turns into root ARNs again.
    static func statements(
        granting grants: GrantSet, sidPrefix: String, in partition: Partition, bareAccounts: Int = 0
    ) -> [PolicyStatement] {
        let byShape = Dictionary(grouping: grants.sorted, by: GrantShape.init)
        var bareAccounts = bareAccounts
        return allCases.compactMap { shape in
            guard let grants = byShape[shape] else { return nil }
            let members: JSONObject = [
                "Sid": .string(sidPrefix + shape.sidSuffix),
                "Effect": "Allow",
                "Principal": shape.principal(of: grants, in: partition, bareAccounts: &bareAccounts),
                "Action": .array(shape.actions.map(JSONValue.string)),
            ]
            guard let condition = shape.condition(of: grants, in: partition) else { return PolicyStatement(members) }
            return PolicyStatement(members.merging(["Condition": condition]) { old, _ in old })
        }
    }

    private func principal(of grants: [Grant], in partition: Partition, bareAccounts: inout Int) -> JSONValue {
        switch self {
        case .lambdaPull: return ["Service": .string(GrantShape.lambdaService)]
        case .organizationPull, .organizationPush, .organizationPathPull, .organizationPathPush: return "*"
        case .pull, .push:
            var principals: [JSONValue] = []
            for grant in grants {
                switch grant.consumer {
                case .account(let id) where bareAccounts > 0:
                    bareAccounts -= 1
                    principals.append(.string(id.description))
                case .account(let id): principals.append(.string(id.rootARN(in: partition)))
                default: principals.append(.string(grant.consumer.description))
                }
            }
            return ["AWS": .array(principals)]
        }
    }

    private func condition(of grants: [Grant], in partition: Partition) -> JSONValue? {
        let rule: (operator: String, key: String)
        let values: [String]
        switch self {
        case .pull, .push: return nil
        case .lambdaPull:
            rule = GrantShape.lambdaCondition
            values = grants.map { GrantShape.functionPattern(of: $0, in: partition) }
        case .organizationPull, .organizationPush:
            rule = GrantShape.organizationCondition
            values = grants.map(\.consumer.description)
        case .organizationPathPull, .organizationPathPush:
            rule = GrantShape.organizationPathCondition
            values = grants.map(\.consumer.description)
        }
        return [rule.operator: [rule.key: .array(values.map(JSONValue.string))]]
    }

    /// `arn:PARTITION:lambda:REGION:ACCOUNT:function:*`: the functions of one account in one region.
    ///
    /// Source: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
    private static func functionPattern(of grant: Grant, in partition: Partition) -> String {
        "arn:\(partition.id):lambda:\(grant.consumerRegion?.name ?? "*"):\(grant.consumer):function:*"
    }
}

import AWSValues
import TestSupport

/// Random documents over the names of ``JudgedWorld``: every operator, quantifier, kind of principal and variable.
struct JudgedDocumentGenerator {
    var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    mutating func document() -> JudgedDocument {
        JudgedDocument(
            version: random.pick(["2012-10-17", "2012-10-17", "2008-10-17", nil]),
            statements: (0..<random.pick([1, 1, 2, 2, 3, 4])).map { _ in statement() })
    }

    /// The document after somebody worked on it: statements more, fewer or other ones.
    mutating func changed(_ document: JudgedDocument) -> JudgedDocument {
        var changed = document
        for _ in 0..<random.pick([1, 1, 2]) {
            let place = Int.random(in: 0...changed.statements.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: changed.statements.insert(statement(), at: place)
            case 1 where place < changed.statements.count: changed.statements.remove(at: place)
            case 2 where place < changed.statements.count: changed.statements[place].actions = actions()
            case 3 where place < changed.statements.count:
                if case .named(var kinds) = changed.statements[place].principals, random.chance(2) {
                    kinds[0].names = Array(kinds[0].names.dropLast()) + [aws()]
                    changed.statements[place].principals = .named(kinds)
                } else {
                    changed.statements[place].conditions = random.chance(2) ? [] : [condition()]
                }
            default: break
            }
        }
        return changed
    }

    mutating func statement() -> JudgedStatement {
        var statement = JudgedStatement(
            sid: random.chance(2) ? random.pick(["a", "b", "EcrShareAllowPull", "new statement"]) : nil,
            allows: !random.chance(3), principals: principals(), actions: actions())
        statement.isNotPrincipal = random.chance(statement.allows ? 40 : 6)
        statement.isNotAction = random.chance(8)
        let wants = if case .star = statement.principals { !random.chance(5) } else { random.chance(2) }
        if wants {
            for _ in 0..<random.pick([1, 1, 1, 2, 3]) {
                let condition = condition()
                let isNew = !statement.conditions.contains {
                    $0.operatorName == condition.operatorName && $0.key.lowercased() == condition.key.lowercased()
                }
                if isNew { statement.conditions.append(condition) }
            }
        }
        return statement
    }

    private mutating func principals() -> JudgedStatement.Principals {
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<8: return .star
        case 8: return .named([("AWS", ["*"])])
        case 9: return .named([("Service", [random.pick(JudgedWorld.services)])])
        case 10, 11: return .named([("Service", [JudgedWorld.lambda])])
        case 12: return .named([("Service", [JudgedWorld.lambda, random.pick(JudgedWorld.services)])])
        case 13: return .named([("AWS", [aws()]), ("Service", [JudgedWorld.lambda])])
        case 14:
            return .named([
                random.pick([
                    ("Federated", ["cognito-identity.amazonaws.com"]),
                    ("Federated", ["arn:aws:iam::200000000003:saml-provider/p"]), ("CanonicalUser", ["79a59df900b9"]),
                    ("AWS", ["AROAEXAMPLEID12345678"]), ("AWS", ["arn:aws-cn:iam::200000000003:root"]),
                    ("AWS", ["banana"]), ("Service", ["lambda.eu-west-1.amazonaws.com"]),
                ])
            ])
        default:
            return .named([("AWS", Array(Set((0..<random.pick([1, 1, 2, 3])).map { _ in aws() })).sorted())])
        }
    }

    private mutating func account() -> String { random.pick(JudgedWorld.accounts) }

    private mutating func aws() -> String {
        let account = random.chance(12) ? JudgedWorld.owner : account()
        return random.pick([
            account, "arn:aws:iam::\(account):root", "arn:aws:iam::\(account):root",
            "arn:aws:iam::\(account):role/build", "arn:aws:iam::\(account):role/path/ci",
            "arn:aws:iam::\(account):user/ann", "arn:aws:sts::\(account):assumed-role/build/s1",
            "arn:aws:sts::\(account):assumed-role/ci/s1", "arn:aws:sts::\(account):federated-user/fed",
        ])
    }

    private mutating func actions() -> [String] {
        switch Int.random(in: 0..<12, using: &random) {
        case 0: ["ecr:*"]
        case 1: ["*"]
        case 2: ["ecr:Put*", "ecr:BatchGetImage"]
        case 3: ["ecr:putimage"]
        case 4: ["ecr:Batch*", "ecr:Get*"]
        case 5: ["ecr:DescribeImages", "ecr:ListImages"]
        case 6: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        case 7: Array(JudgedWorld.actions[..<7])
        case 8: Array(random.subset(of: JudgedWorld.actions, atMost: 4)) + ["ecr:BatchGetImage"]
        default: Array(JudgedWorld.actions[..<3])
        }
    }

    // MARK: Conditions

    private mutating func condition() -> JudgedCondition {
        let account = account()
        func p(_ text: String) -> String { text.replacing("ACCT", with: account) }
        let key: String
        let pool: [String]
        var names = ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"]
        if random.chance(8) { names = ["StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"] }
        switch Int.random(in: 0..<30, using: &random) {
        case 0..<4:
            key = random.pick(["aws:PrincipalAccount", "aws:principalaccount"])
            pool = [
                account, account, self.account(), "2000*", "*", "????????????", "${aws:PrincipalAccount}",
                "${aws:ResourceAccount}",
            ]
        case 4..<10:
            key = random.pick(["aws:PrincipalArn", "aws:PrincipalARN"])
            pool = [
                "arn:aws:iam::ACCT:role/build", "arn:aws:iam::ACCT:role/*", "arn:aws:iam::ACCT:*",
                "arn:aws:iam::ACCT:role/path/*", "arn:aws:iam::ACCT:root", "arn:aws:iam::ACCT:user/${aws:username}",
                "arn:aws:iam::*:role/build", "arn:aws:iam::*:role/eks-*", "arn:aws:*::ACCT:*", "*",
                "arn:aws:sts::ACCT:assumed-role/build/s1", "arn:aws:sts::ACCT:federated-user/*",
                "arn:aws:sts::ACCT:federated-user/fed", "arn:aws:iam::ACCT:role/BUILD",
                "arn:aws:iam::${aws:PrincipalAccount}:role/build", "arn:aws:iam::2000*:role/build",
            ].map(p)
            if random.chance(2) { names = ["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"] }
        case 10..<14:
            key = random.pick(["aws:PrincipalOrgID", "aws:principalorgid"])
            pool = ["o-a1b2c3d4e5", "o-a1b2c3d4e5", "o-b1b2c3d4e5", "o-*", "*", "o-a1b2c3d4*", "${aws:PrincipalOrgID}"]
        case 14..<18:
            key = "aws:PrincipalOrgPaths"
            pool = Self.paths
        case 18, 19:
            key = "aws:SourceAccount"
            pool = [account, account, "2000*", "*"]
        case 20, 21:
            key = random.pick(["aws:SourceArn", "aws:sourceARN"])
            pool = [
                "arn:aws:lambda:us-east-1:ACCT:function:*", "arn:aws:lambda:us-east-1:ACCT:function:*",
                "arn:aws:lambda:*:ACCT:function:*", "arn:aws:lambda:*:ACCT:function:prod-*",
                "arn:aws:lambda:us-east-1:*:function:*", "arn:aws:lambda:us-east-1:ACCT:function:prod-x",
                "arn:aws:codebuild:us-east-1:ACCT:project/p", "arn:aws:lambda:us-*:ACCT:function:*",
                "arn:aws:lambda:*", "*", "arn:aws:lambda:us-east-1:2000*", "arn:aws:lambda:*:*:function:prod-*",
            ].map(p)
            if random.chance(2) { names = ["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"] }
        case 22:
            key = "aws:SourceOrgID"
            pool = ["o-a1b2c3d4e5", "o-b1b2c3d4e5", "o-*"]
        case 23:
            key = "aws:SourceOrgPaths"
            pool = Self.paths
        case 24:
            key = random.pick(["aws:PrincipalIsAWSService", "aws:SecureTransport"])
            pool = ["true", "false"]
            names = random.chance(5) ? ["StringEquals"] : ["Bool"]
        case 25:
            key = "aws:PrincipalServiceName"
            pool = [JudgedWorld.lambda, "codebuild.amazonaws.com", "*.amazonaws.com", "code*"]
        default:
            return free()
        }
        if random.chance(10) {
            return JudgedCondition(operatorName: "Null", key: key, values: [random.pick(["true", "false"])])
        }
        let isMultivalued = key.hasSuffix("Paths")
        return JudgedCondition(
            operatorName: decorated(random.pick(names), oftenSet: isMultivalued), key: key,
            values: Array(Set((0..<random.pick([1, 1, 1, 2, 3])).map { _ in random.pick(pool) })).sorted())
    }

    private static let paths = [
        "o-a1b2c3d4e5/r-ab12/*", "o-a1b2c3d4e5/r-ab12/", "o-a1b2c3d4e5/*", "o-*/*", "*", "o-*/r-ab12/*",
        "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*", "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/",
        "o-a1b2c3d4e5/*/ou-ab12-22222222/*", "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/ou-ab12-22222222/*",
        "o-b1b2c3d4e5/r-cd34/ou-cd34-11111111/*", "o-b1b2c3d4e5/*",
    ]

    private mutating func decorated(_ name: String, oftenSet: Bool) -> String {
        var name = name
        if random.chance(8) { name += "IfExists" }
        if oftenSet ? !random.chance(6) : random.chance(12) {
            name = random.pick(["ForAnyValue:", "ForAnyValue:", "ForAllValues:"]) + name
        }
        return name
    }

    private mutating func free() -> JudgedCondition {
        let (key, names, pool): (String, [String], [String]) = random.pick([
            ("aws:SourceIp", ["IpAddress", "NotIpAddress"], ["10.0.0.0/8", "192.0.2.1"]),
            ("aws:SourceVpce", ["StringEquals", "StringNotEquals", "StringLike"], ["vpce-1", "vpce-2", "vpce-*"]),
            ("aws:SourceVpc", ["StringEquals", "StringNotEquals"], ["vpc-1"]),
            ("aws:PrincipalTag/team", ["StringEquals", "StringNotEquals", "StringLike"], ["data", "${aws:username}"]),
            (
                "aws:CurrentTime",
                [
                    "DateLessThan", "DateGreaterThan", "DateEquals", "DateNotEquals", "DateLessThanEquals",
                    "DateGreaterThanEquals",
                ], ["2027-01-01T00:00:00Z", "2026-06-01T00:00:00Z", "2026-05-31T12:00:00Z"]
            ),
            (
                "aws:MultiFactorAuthAge",
                [
                    "NumericLessThan", "NumericGreaterThan", "NumericEquals", "NumericNotEquals",
                    "NumericLessThanEquals", "NumericGreaterThanEquals",
                ], ["3600", "100"]
            ),
            ("aws:MultiFactorAuthPresent", ["Bool"], ["true", "false"]),
            (
                "aws:ResourceAccount", ["StringEquals", "StringNotEquals", "StringLike"],
                ["111122223333", "200000000003", "1111*", "${aws:ResourceAccount}", "${aws:PrincipalAccount}"]
            ),
            ("aws:RequestedRegion", ["StringEquals", "StringNotLike"], ["us-east-1", "eu-west-1", "us-*"]),
            ("aws:TagKeys", ["ForAllValues:StringEquals", "ForAnyValue:StringEquals"], ["a", "b"]),
            ("aws:PrincipalAccount", ["NumericEquals", "Bool", "ArnLike"], ["200000000003"]),
            ("aws:PrincipalIsAWSService", ["StringLike", "StringNotEquals"], ["true", "false"]),
        ])
        if random.chance(6) {
            return JudgedCondition(operatorName: "Null", key: key, values: [random.pick(["true", "false"])])
        }
        var name = random.pick(names)
        if !name.hasPrefix("For"), random.chance(4) { name += "IfExists" }
        return JudgedCondition(operatorName: name, key: key, values: [random.pick(pool)])
    }
}

/// One account's registry in one region.
package struct RegistryAddress: Hashable, Comparable, Sendable {
    package var account: String
    package var region: String

    package static func < (first: RegistryAddress, second: RegistryAddress) -> Bool {
        (first.account, first.region) < (second.account, second.region)
    }
}

/// One repository of one registry.
package struct RepositoryAddress: Hashable, Comparable, Sendable {
    package var registry: RegistryAddress
    package var name: String

    package static func < (first: RepositoryAddress, second: RepositoryAddress) -> Bool {
        (first.registry, first.name) < (second.registry, second.name)
    }

    /// The ARN, in the partition of the region.
    package var arn: String {
        "arn:\(Partition.name(ofRegion: registry.region)):ecr:\(registry.region):\(registry.account):repository/\(name)"
    }
}

extension RepositoryAddress {
    package init(account: String, region: String, name: String) {
        self.init(registry: RegistryAddress(account: account, region: region), name: name)
    }
}

/// The families of regions that share nothing.
enum Partition {
    /// The partition's name in ARNs.
    /// Source: the region patterns of
    /// https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
    static func name(ofRegion region: String) -> String {
        let prefixes = [
            ("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("us-iso-", "aws-iso"), ("us-isob-", "aws-iso-b"),
            ("eu-isoe-", "aws-iso-e"), ("us-isof-", "aws-iso-f"), ("eusc-", "aws-eusc"),
        ]
        return prefixes.first { region.hasPrefix($0.0) }?.1 ?? "aws"
    }

    /// The one region that requests to IAM are signed for in a region's partition.
    /// Source: https://docs.aws.amazon.com/general/latest/gr/iam-service.html
    static func iamRegion(ofRegion region: String) -> String {
        name(ofRegion: region) == "aws-cn" ? "cn-north-1" : organizationsRegion(ofRegion: region)
    }

    /// The one region that serves Organizations in a region's partition.
    /// Source: https://docs.aws.amazon.com/general/latest/gr/ao.html
    static func organizationsRegion(ofRegion region: String) -> String {
        switch name(ofRegion: region) {
        case "aws-cn": "cn-northwest-1"
        case "aws-us-gov": "us-gov-west-1"
        case "aws-iso": "us-iso-east-1"
        case "aws-iso-b": "us-isob-east-1"
        case "aws-iso-e": "eu-isoe-west-1"
        case "aws-iso-f": "us-isof-south-1"
        case "aws-eusc": "eusc-de-east-1"
        default: "us-east-1"
        }
    }

    /// Whether the text looks like a region's name.
    static func isRegion(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.count >= 3 && parts.allSatisfy { !$0.isEmpty } && parts[parts.count - 1].allSatisfy(\.isNumber)
    }
}

/// Twelve digits, as every account id has.
func isAccountID(_ text: some StringProtocol) -> Bool {
    text.utf8.count == 12 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
}

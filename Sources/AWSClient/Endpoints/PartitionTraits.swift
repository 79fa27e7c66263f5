/// What differs between the AWS partitions on the network.
///
/// Source: the partition table of the AWS SDKs, `partitions.json` in botocore 1.43.
package struct PartitionTraits: Hashable, Sendable {
    /// The partition's name in an ARN: its second field.
    package let id: String
    package let dnsSuffix: String
    package let dualStackDNSSuffix: String
    /// The region that services without regions sign for.
    package let implicitGlobalRegion: String
    /// Where Organizations answers; nil when it has one endpoint a region.
    package let organizationsRegion: String?

    private init(_ id: String, _ dnsSuffix: String, _ dualStack: String, global: String, organizations: String?) {
        self.id = id
        self.dnsSuffix = dnsSuffix
        self.dualStackDNSSuffix = dualStack
        self.implicitGlobalRegion = global
        self.organizationsRegion = organizations
    }

    /// The partition with that id, nil when there is none.
    package init?(id: String) {
        guard let traits = PartitionTraits.all.first(where: { $0.id == id }) else { return nil }
        self = traits
    }

    /// The partition of a region, derived from its name.
    package init(ofRegion region: String) {
        let id = PartitionTraits.prefixes.first { region.hasPrefix($0.prefix) }?.id ?? "aws"
        self = PartitionTraits.all.first { $0.id == id } ?? PartitionTraits.all[0]
    }

    /// No prefix begins another one.
    private static let prefixes = [
        (prefix: "cn-", id: "aws-cn"), (prefix: "us-gov-", id: "aws-us-gov"), (prefix: "us-iso-", id: "aws-iso"),
        (prefix: "us-isob-", id: "aws-iso-b"), (prefix: "eu-isoe-", id: "aws-iso-e"),
        (prefix: "us-isof-", id: "aws-iso-f"), (prefix: "eusc-", id: "aws-eusc"),
    ]

    package static let all = [
        PartitionTraits("aws", "amazonaws.com", "api.aws", global: "us-east-1", organizations: "us-east-1"),
        PartitionTraits(
            "aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn",
            global: "cn-northwest-1", organizations: "cn-northwest-1"
        ),
        PartitionTraits(
            "aws-us-gov", "amazonaws.com", "api.aws", global: "us-gov-west-1", organizations: "us-gov-west-1"
        ),
        PartitionTraits(
            "aws-iso", "c2s.ic.gov", "api.aws.ic.gov", global: "us-iso-east-1", organizations: "us-iso-east-1"
        ),
        PartitionTraits(
            "aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud", global: "us-isob-east-1", organizations: "us-isob-east-1"
        ),
        PartitionTraits(
            "aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", global: "eu-isoe-west-1", organizations: nil
        ),
        PartitionTraits(
            "aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov",
            global: "us-isof-south-1", organizations: "us-isof-south-1"
        ),
        PartitionTraits(
            "aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu", global: "eusc-de-east-1", organizations: nil
        ),
    ]
}

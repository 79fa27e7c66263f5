/// The name of an AWS region, such as `eu-west-1`, with the partition that it belongs to.
///
/// A name is accepted by its form (`us-east-1`, `cn-north-1`, `us-gov-west-1`); whether AWS has such a region is
/// another question, answered by ``isKnown``. The forms are those of the partition table in the AWS SDKs.
package struct Region: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let name: String
    package let partition: Partition

    /// The region that `name` spells, or nil when it has the form of no partition's regions.
    package init?(_ name: some StringProtocol) {
        guard let partition = Region.partition(ofName: name) else { return nil }
        self.name = String(name)
        self.partition = partition
    }

    package var description: String { name }

    package static func < (left: Region, right: Region) -> Bool {
        left.name < right.name
    }

    /// The geographic prefixes of each partition's regions, those with an inner hyphen first.
    fileprivate static let prefixes: [(prefix: String, partition: Partition)] = [
        ("us-gov-", .usGov), ("us-isob-", .isoB), ("us-isof-", .isoF), ("us-iso-", .iso), ("eu-isoe-", .isoE),
        ("eusc-de-", .europeanSovereign), ("cn-", .china),
        ("us-", .aws), ("eu-", .aws), ("ap-", .aws), ("sa-", .aws), ("ca-", .aws), ("me-", .aws), ("af-", .aws),
        ("il-", .aws), ("mx-", .aws),
    ]

    /// Works on bytes: each line of a plan and of a journal names a region.
    private static func partition(ofName name: some StringProtocol) -> Partition? {
        let name = name.utf8
        for (prefix, partition) in prefixes where name.starts(with: prefix.utf8) {
            let rest = name.dropFirst(prefix.utf8.count)
            guard let hyphen = rest.firstIndex(of: UInt8(ascii: "-")) else { continue }
            let (place, number) = (rest[..<hyphen], rest[hyphen...].dropFirst())
            guard !place.isEmpty, place.allSatisfy({ UInt8(ascii: "a") <= $0 && $0 <= UInt8(ascii: "z") }),
                !number.isEmpty, number.allSatisfy({ UInt8(ascii: "0") <= $0 && $0 <= UInt8(ascii: "9") })
            else { continue }
            return partition
        }
        return nil
    }
}

extension Partition {
    /// The partition of a region, derived from how its name begins, whatever follows; `aws` for an unknown beginning.
    package init(ofRegionNamed name: String) {
        self = Region.prefixes.first { name.utf8.starts(with: $0.prefix.utf8) }?.partition ?? .aws
    }
}

extension Region {
    /// Whether this region was known when the program was built.
    package var isKnown: Bool { Region.knownNames.contains(name) }

    /// The regions of all partitions, as the AWS SDKs listed them in 2026.
    package static let knownNames: Set<String> = [
        "af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1",
        "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5",
        "ap-southeast-6", "ap-southeast-7", "ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1",
        "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1",
        "me-south-1", "mx-central-1", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
        "cn-north-1", "cn-northwest-1", "us-gov-east-1", "us-gov-west-1", "us-iso-east-1", "us-iso-west-1",
        "us-isob-east-1", "us-isob-west-1", "eu-isoe-west-1", "us-isof-east-1", "us-isof-south-1", "eusc-de-east-1",
    ]
}

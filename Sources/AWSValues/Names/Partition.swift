/// One of the AWS partitions. Grants and roles never cross from one to another.
///
/// Source: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
package enum Partition: String, CaseIterable, Hashable, Sendable {
    case aws
    case china = "aws-cn"
    case usGov = "aws-us-gov"
    case iso = "aws-iso"
    case isoB = "aws-iso-b"
    case isoE = "aws-iso-e"
    case isoF = "aws-iso-f"
    case europeanSovereign = "aws-eusc"

    /// The partition's name in an ARN: its second field.
    package var id: String { rawValue }
}

import AWSValues

/// What differs between the AWS partitions on the network.
///
/// Source: the partition table of the AWS SDKs, `partitions.json` in botocore 1.43.
extension Partition {
    private var network: (dnsSuffix: String, dualStackDNSSuffix: String, region: String) {
        switch self {
        case .aws: ("amazonaws.com", "api.aws", "us-east-1")
        case .china: ("amazonaws.com.cn", "api.amazonwebservices.com.cn", "cn-northwest-1")
        case .usGov: ("amazonaws.com", "api.aws", "us-gov-west-1")
        case .iso: ("c2s.ic.gov", "api.aws.ic.gov", "us-iso-east-1")
        case .isoB: ("sc2s.sgov.gov", "api.aws.scloud", "us-isob-east-1")
        case .isoE: ("cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "eu-isoe-west-1")
        case .isoF: ("csp.hci.ic.gov", "api.aws.hci.ic.gov", "us-isof-south-1")
        case .europeanSovereign: ("amazonaws.eu", "api.amazonwebservices.eu", "eusc-de-east-1")
        }
    }

    var dnsSuffix: String { network.dnsSuffix }
    var dualStackDNSSuffix: String { network.dualStackDNSSuffix }

    /// The region that services without regions sign for.
    var implicitGlobalRegion: String { network.region }

    /// Where Organizations answers; nil when it has one endpoint a region.
    var organizationsRegion: String? {
        switch self {
        case .isoE, .europeanSovereign: nil
        default: implicitGlobalRegion
        }
    }

    /// The domain that AWS Sign-In has of its own.
    var signInDomain: String? {
        switch self {
        case .aws: "signin.aws.amazon.com"
        case .china: "signin.amazonaws.cn"
        case .usGov: "signin.amazonaws-us-gov.com"
        default: nil
        }
    }
}

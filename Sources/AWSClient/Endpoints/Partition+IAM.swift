import AWSValues

extension Partition {
    /// Where IAM answers in a partition: one endpoint for all its regions.
    ///
    /// Source: `endpoint-rule-set-1.json` of IAM in botocore 1.43.
    struct IAMEndpoint {
        let signingRegion: String
        /// Nil where AWS documents none.
        private let hosts: (plain: String, fips: String?, dualStack: String?, fipsDualStack: String?)

        fileprivate init(_ region: String, _ plain: String, _ fips: String?, _ dualStack: String?, _ both: String?) {
            signingRegion = region
            hosts = (plain, fips, dualStack, both)
        }

        func host(fips: Bool, dualStack: Bool) -> String? {
            switch (fips, dualStack) {
            case (false, false): hosts.plain
            case (true, false): hosts.fips
            case (false, true): hosts.dualStack
            case (true, true): hosts.fipsDualStack
            }
        }
    }

    var iam: IAMEndpoint {
        switch self {
        case .aws:
            IAMEndpoint(
                implicitGlobalRegion, "iam.amazonaws.com", "iam-fips.amazonaws.com", "iam.global.api.aws",
                "iam-fips.global.api.aws"
            )
        case .china:
            // Not the partition's implicit region: IAM's home in China is Beijing.
            IAMEndpoint(
                "cn-north-1", "iam.cn-north-1.amazonaws.com.cn", nil, "iam.global.api.amazonwebservices.com.cn", nil
            )
        case .usGov:
            // The plain names are the validated ones.
            IAMEndpoint(
                implicitGlobalRegion, "iam.us-gov.amazonaws.com", "iam.us-gov.amazonaws.com", "iam.us-gov.api.aws",
                "iam.us-gov.api.aws"
            )
        default: IAMEndpoint(implicitGlobalRegion, "iam.\(implicitGlobalRegion).\(dnsSuffix)", nil, nil, nil)
        }
    }
}

package import AWSValues

/// Finds a service's endpoint from a partition and a region.
///
/// The host names are those of the SDKs' endpoint rules. AWS does not offer each of them in each region; a name that it
/// does not offer is not found.
/// Sources: `endpoint-rule-set-1.json` of each service in botocore 1.43;
/// https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html for ECR's names with FIPS
package struct EndpointResolver: Hashable, Sendable {
    package var usesFIPS = false
    package var usesDualStack = false
    /// Instead of every service's own endpoint, as `AWS_ENDPOINT_URL` gives it.
    package var override: HTTPURL? { general?.url }
    /// Instead of one service's endpoint, as `AWS_ENDPOINT_URL_ECR` gives it; wins over the general one.
    package var overrides: [AWSService: HTTPURL] { ofServices.mapValues(\.url) }
    private var general: Override?
    private var ofServices: [AWSService: Override] = [:]
    /// Where signed calls go when there is no other override. It comes from a working folder, whose author may be
    /// anybody: a signature is good for one host and one call, a bearer token for everything its owner may do.
    /// By service; under nil what holds for the others.
    private var ofSignedCalls: [AWSService?: Override] = [:]

    /// An endpoint's URL with the setting that names it.
    private struct Override: Hashable {
        let url: HTTPURL
        let origin: String
    }

    /// Sends one service's requests, or with nil every service's, to another endpoint, which the setting `origin`
    /// names. Plain http is accepted for a loopback host only.
    package mutating func redirect(
        _ service: AWSService?, to text: String, from origin: String
    ) throws(EndpointError) {
        let found = Override(url: try EndpointResolver.url(text, origin), origin: origin)
        if let service { ofServices[service] = found } else { general = found }
    }

    /// Sends every signed request of one service, or with nil of every service, to another endpoint, and none that
    /// carries a token instead of a signature.
    package mutating func redirectSignedCalls(
        _ service: AWSService? = nil, to text: String, from origin: String
    ) throws(EndpointError) {
        ofSignedCalls[service] = Override(url: try EndpointResolver.url(text, origin), origin: origin)
    }

    private static func url(_ text: String, _ origin: String) throws(EndpointError) -> HTTPURL {
        let url: HTTPURL
        do throws(InvalidURLError) {
            url = try HTTPURL(parsing: text)
        } catch {
            throw EndpointError("the endpoint URL of \(origin) cannot be used: \(error)")
        }
        guard url.scheme == .https || url.isLoopback else {
            throw EndpointError(
                "the endpoint URL of \(origin) uses plain http to \(url.host); credentials and policies would travel in "
                    + "the clear. Use https://, or http:// to localhost only"
            )
        }
        guard url.query.isEmpty else {
            throw EndpointError("the endpoint URL of \(origin) must not have a query ('?…')")
        }
        return url
    }

    /// The endpoint of a service in one region, which may be newer than this program. What is not signed does not go
    /// where the URL for signed calls leads.
    package func endpoint(
        for service: AWSService,
        region: String,
        isSigned: Bool = true
    ) throws(EndpointError) -> Endpoint {
        let partition = Partition(ofRegionNamed: region)
        guard EndpointResolver.isRegionName(region) else {
            throw EndpointError("\(String(reflecting: region)) is not the name of an AWS region")
        }
        let signingRegion =
            switch service {
            case .organizations: partition.organizationsRegion ?? region
            case .iam: partition.iam.signingRegion
            case .ecr, .sts, .s3, .ssoPortal, .ssoOIDC, .signIn: region
            }
        // A URL says where the service is, so FIPS and dual stack do not change it; botocore does the same.
        if let found = ofServices[service] ?? general {
            return Endpoint(url: found.url, signingRegion: signingRegion, origin: found.origin)
        }
        if isSigned, let found = ofSignedCalls[service] ?? ofSignedCalls[nil],
            [.ecr, .sts, .iam, .organizations, .s3].contains(service)
        {
            // But whoever wrote a file in the working folder must not switch FIPS off.
            guard !usesFIPS, !usesDualStack else {
                throw EndpointError(
                    "endpoint-url in the configuration file cannot be combined with FIPS or dual-stack endpoints: give "
                        + "the URL with --endpoint-url, or unset AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT "
                        + "(use_fips_endpoint and use_dualstack_endpoint in a profile)"
                )
            }
            return Endpoint(url: found.url, signingRegion: signingRegion, origin: found.origin)
        }
        let host = try host(of: service, region: signingRegion, partition)
        return Endpoint(url: HTTPURL(host: host), signingRegion: signingRegion)
    }

    /// STS in a partition. The region is used when it lies in the partition; else, or without one, the partition's own
    /// default, since sessions from any regional endpoint are valid in every region.
    package func stsEndpoint(
        partition: Partition, region: String?, isSigned: Bool
    ) throws(AWSError) -> Endpoint {
        let fitting = region.flatMap { Partition(ofRegionNamed: $0) == partition ? $0 : nil }
        return try endpoint(
            for: .sts, "AssumeRole", region: fitting ?? partition.implicitGlobalRegion, configured: region,
            isSigned: isSigned)
    }

    /// As ``endpoint(for:region:isSigned:)``. The error is of a call, and names the region that was configured.
    func endpoint(
        for service: AWSService, _ operation: String = "", account: AccountID? = nil, region: String,
        configured: String?, isSigned: Bool = true
    ) throws(AWSError) -> Endpoint {
        do throws(EndpointError) {
            return try endpoint(for: service, region: region, isSigned: isSigned)
        } catch {
            throw AWSError(
                service: service, operation: operation, account: account, region: configured, cause: .endpoint(error))
        }
    }

    private func host(
        of service: AWSService,
        region: String,
        _ partition: Partition
    ) throws(EndpointError) -> String {
        let suffix = usesDualStack ? partition.dualStackDNSSuffix : partition.dnsSuffix
        switch (service, fips: usesFIPS, dualStack: usesDualStack) {
        case (.ecr, fips: false, dualStack: false): return "api.ecr.\(region).\(suffix)"
        case (.ecr, fips: false, dualStack: true): return "ecr.\(region).\(suffix)"
        case (.ecr, fips: true, dualStack: true): return "ecr-fips.\(region).\(suffix)"
        case (.ecr, fips: true, dualStack: false): return "api.ecr-fips.\(region).\(suffix)"
        // Dual stack has a name of its own, in the domain that S3 always has.
        case (.s3, let fips, let dualStack):
            return "s3\(fips ? "-fips" : "")\(dualStack ? ".dualstack" : "").\(region).\(partition.dnsSuffix)"
        // IAM has one endpoint a partition.
        case (.iam, let fips, let dualStack):
            guard let host = partition.iam.host(fips: fips, dualStack: dualStack) else {
                throw EndpointError(
                    "AWS documents no such endpoint of IAM in \(partition.id); unset AWS_USE_FIPS_ENDPOINT and "
                        + "AWS_USE_DUALSTACK_ENDPOINT, or name the endpoint with AWS_ENDPOINT_URL_IAM"
                )
            }
            return host
        // In three partitions AWS Sign-In has a domain of its own.
        case (.signIn, fips: false, dualStack: false) where partition.signInDomain != nil:
            return "\(region).\(partition.signInDomain ?? suffix)"
        case (.signIn, fips: true, _): return "signin-fips.\(region).\(suffix)"
        // In GovCloud the plain names are the validated ones.
        case (_, fips: true, dualStack: false) where partition == .usGov:
            return "\(service.hostPrefix).\(region).\(suffix)"
        case (_, fips: true, _): return "\(service.hostPrefix)-fips.\(region).\(suffix)"
        case (_, fips: false, _): return "\(service.hostPrefix).\(region).\(suffix)"
        }
    }

    /// Since the name becomes part of a host name, nothing else may be in it.
    static func isRegionName(_ text: String) -> Bool {
        (1...63).contains(text.utf8.count) && text.first != "-" && text.last != "-"
            && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }
}

import AWSValues
import Testing

@testable import AWSClient

@Suite struct EndpointResolverTests {
    @Test(arguments: [
        (AWSService.ecr, "aws", "eu-west-1", false, false, "api.ecr.eu-west-1.amazonaws.com", "eu-west-1"),
        (.ecr, "aws-cn", "cn-north-1", false, false, "api.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        (.ecr, "aws", "eu-west-1", false, true, "ecr.eu-west-1.api.aws", "eu-west-1"),
        (.ecr, "aws", "us-east-1", true, false, "api.ecr-fips.us-east-1.amazonaws.com", "us-east-1"),
        (.ecr, "aws", "eu-west-1", true, false, "api.ecr-fips.eu-west-1.amazonaws.com", "eu-west-1"),
        (.ecr, "aws-cn", "cn-north-1", true, false, "api.ecr-fips.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        (.ecr, "aws-us-gov", "us-gov-west-1", true, true, "ecr-fips.us-gov-west-1.api.aws", "us-gov-west-1"),
        (.sts, "aws", "eu-west-1", false, false, "sts.eu-west-1.amazonaws.com", "eu-west-1"),
        (.sts, "aws", "us-east-1", true, false, "sts-fips.us-east-1.amazonaws.com", "us-east-1"),
        (.sts, "aws-us-gov", "us-gov-east-1", true, false, "sts.us-gov-east-1.amazonaws.com", "us-gov-east-1"),
        (.sts, "aws-eusc", "eusc-de-east-1", false, false, "sts.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"),
        (.organizations, "aws", "eu-west-1", false, false, "organizations.us-east-1.amazonaws.com", "us-east-1"),
        (.organizations, "aws", "eu-west-1", true, false, "organizations-fips.us-east-1.amazonaws.com", "us-east-1"),
        (
            .organizations, "aws-cn", "cn-north-1", false, false, "organizations.cn-northwest-1.amazonaws.com.cn",
            "cn-northwest-1"
        ),
        (
            .organizations, "aws-us-gov", "us-gov-east-1", true, false, "organizations.us-gov-west-1.amazonaws.com",
            "us-gov-west-1"
        ),
        (.iam, "aws", "eu-west-1", false, false, "iam.amazonaws.com", "us-east-1"),
        (.iam, "aws", "eu-west-1", true, false, "iam-fips.amazonaws.com", "us-east-1"),
        (.iam, "aws", "eu-west-1", false, true, "iam.global.api.aws", "us-east-1"),
        (.iam, "aws-cn", "cn-northwest-1", false, false, "iam.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        (.iam, "aws-us-gov", "us-gov-east-1", true, false, "iam.us-gov.amazonaws.com", "us-gov-west-1"),
        (.iam, "aws-iso", "us-iso-west-1", false, false, "iam.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"),
        (.iam, "aws-iso-b", "us-isob-east-1", false, false, "iam.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"),
        (.iam, "aws-iso-e", "eu-isoe-west-1", false, false, "iam.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1"),
        (.iam, "aws-iso-f", "us-isof-east-1", false, false, "iam.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1"),
        (.iam, "aws-eusc", "eusc-de-east-1", false, false, "iam.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"),
        (.s3, "aws", "eu-west-1", false, false, "s3.eu-west-1.amazonaws.com", "eu-west-1"),
        (.s3, "aws", "us-east-1", true, false, "s3-fips.us-east-1.amazonaws.com", "us-east-1"),
        (.s3, "aws", "eu-west-1", false, true, "s3.dualstack.eu-west-1.amazonaws.com", "eu-west-1"),
        (
            .s3, "aws-us-gov", "us-gov-west-1", true, true, "s3-fips.dualstack.us-gov-west-1.amazonaws.com",
            "us-gov-west-1"
        ),
        (.s3, "aws-cn", "cn-north-1", false, false, "s3.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        (.ssoPortal, "aws", "eu-west-1", false, false, "portal.sso.eu-west-1.amazonaws.com", "eu-west-1"),
        (.ssoOIDC, "aws", "eu-west-1", false, false, "oidc.eu-west-1.amazonaws.com", "eu-west-1"),
        (.signIn, "aws", "eu-west-1", false, false, "eu-west-1.signin.aws.amazon.com", "eu-west-1"),
        (.signIn, "aws-cn", "cn-north-1", false, false, "cn-north-1.signin.amazonaws.cn", "cn-north-1"),
        (
            .signIn, "aws-us-gov", "us-gov-west-1", true, false, "signin-fips.us-gov-west-1.amazonaws.com",
            "us-gov-west-1"
        ),
        (.signIn, "aws-eusc", "eusc-de-east-1", false, false, "signin.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"),
        (.signIn, "aws", "eu-west-1", false, true, "signin.eu-west-1.api.aws", "eu-west-1"),
    ]) func `Hosts and signing regions follow the endpoint rules`(
        service: AWSService,
        partition: String,
        region: String,
        fips: Bool,
        dualStack: Bool,
        host: String,
        signingRegion: String
    ) throws {
        var resolver = EndpointResolver()
        resolver.usesFIPS = fips
        resolver.usesDualStack = dualStack
        let endpoint = try resolver.endpoint(for: service, region: region)
        #expect(endpoint.url.description == "https://\(host)/")
        #expect(endpoint.signingRegion == signingRegion)
        #expect(Partition(ofRegionNamed: region).id == partition)
    }

    @Test func `An endpoint for signed calls gets no token`() throws {
        for url in ["https://elsewhere.example", "http://127.0.0.1:9"] {
            var resolver = EndpointResolver()
            try resolver.redirectSignedCalls(to: url, from: "x.yaml")
            func host(_ service: AWSService, isSigned: Bool = true) throws -> String {
                try resolver.endpoint(for: service, region: "eu-west-1", isSigned: isSigned).url.host
            }
            for service in [AWSService.ecr, .sts, .iam, .organizations, .s3] {
                #expect(try host(service) == (url.hasPrefix("https") ? "elsewhere.example" : "127.0.0.1"))
                #expect(try host(service, isSigned: false).hasSuffix(".amazonaws.com"))
            }
            #expect(try host(.ssoPortal) == "portal.sso.eu-west-1.amazonaws.com")
            #expect(try host(.ssoOIDC) == "oidc.eu-west-1.amazonaws.com")
            #expect(try host(.signIn) == "eu-west-1.signin.aws.amazon.com")
            // A variable or an option is the user's own, and wins.
            try resolver.redirect(nil, to: "https://own.example", from: "AWS_ENDPOINT_URL")
            #expect(try host(.ssoPortal) == "own.example" && host(.sts, isSigned: false) == "own.example")
        }
    }

    @Test(arguments: ["eu-west-1.example.com/", "a b", "", "-a", "EU-WEST-1", "a#"])
    func `Nothing but a region's name gets into a host name`(region: String) {
        #expect(throws: EndpointError.self) {
            try EndpointResolver().endpoint(for: .ecr, region: region)
        }
    }

    @Test func `A service's own endpoint wins over the general one, and the signing region stays`() throws {
        var resolver = EndpointResolver()
        try resolver.redirect(nil, to: "http://localhost:4566", from: "A")
        try resolver.redirect(.ecr, to: "https://vpce-1.api.ecr.eu-west-1.vpce.amazonaws.com", from: "B")
        let ecr = try resolver.endpoint(for: .ecr, region: "eu-west-1")
        let organizations = try resolver.endpoint(for: .organizations, region: "eu-west-1")
        #expect(ecr.url.host == "vpce-1.api.ecr.eu-west-1.vpce.amazonaws.com")
        #expect(ecr.signingRegion == "eu-west-1")
        #expect(ecr.origin == "B" && organizations.origin == "A")
        #expect(organizations.url.authority == "localhost:4566")
        #expect(organizations.signingRegion == "us-east-1")
        resolver.usesDualStack = true
        resolver.usesFIPS = true
        #expect(try resolver.endpoint(for: .ecr, region: "eu-west-1") == ecr)
        var other = EndpointResolver()
        try other.redirectSignedCalls(to: "http://localhost:4566", from: "x.yaml")
        other.usesFIPS = true
        #expect(throws: EndpointError.self) { try other.endpoint(for: .ecr, region: "eu-west-1") }
    }

    @Test(arguments: ["http://example.com", "nonsense", "https://user:hunter2@h/", "https://h/?q=1"])
    func `An unsafe endpoint URL is refused`(url: String) {
        var resolver = EndpointResolver()
        let error = #expect(throws: EndpointError.self) { try resolver.redirect(.sts, to: url, from: "--x") }
        #expect(error?.description.contains("hunter2") == false)
        #expect(error?.description.contains("--x") == true)
    }

    @Test(arguments: [
        ("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"), ("eu-isoe-west-1", "aws-iso-e"), ("us-isof-south-1", "aws-iso-f"),
        ("eusc-de-east-1", "aws-eusc"), ("mx-central-1", "aws"),
    ]) func `A region's name tells its partition`(region: String, partition: String) {
        #expect(Partition(ofRegionNamed: region).id == partition)
        #expect(Region(region)?.partition.id == partition)
    }

    @Test func `STS is asked in the role's partition`() throws {
        let resolver = EndpointResolver()
        #expect(
            try resolver.stsEndpoint(partition: .aws, region: "eu-west-1", isSigned: true).signingRegion == "eu-west-1"
        )
        #expect(try resolver.stsEndpoint(partition: .aws, region: nil, isSigned: true).signingRegion == "us-east-1")
        #expect(
            try resolver.stsEndpoint(partition: .china, region: "eu-west-1", isSigned: true).signingRegion
                == "cn-northwest-1")
    }

    @Test func `The standard variables configure the endpoints`() throws {
        let files = TestFiles()
        var variables = [
            "AWS_ENDPOINT_URL": "http://localhost:1", "AWS_ENDPOINT_URL_STS": "http://localhost:2",
            "AWS_DEFAULT_REGION": "eu-west-2", "AWS_CA_BUNDLE": "~/ca.pem",
        ]
        let configuration = try AWSConfiguration(files.environment(variables))
        #expect(configuration.endpoints.override?.port == 1)
        #expect(configuration.endpoints.overrides[.sts]?.port == 2)
        #expect(configuration.region == "eu-west-2")
        #expect(configuration.http.caBundlePath == "/home/me/ca.pem")
        variables["AWS_REGION"] = "eu-west-1"
        variables["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true"
        variables["AWS_USE_FIPS_ENDPOINT"] = "true"
        let other = try AWSConfiguration(files.environment(variables))
        #expect(other.region == "eu-west-1")
        #expect(other.endpoints.override == nil)
        #expect(other.endpoints.usesFIPS)
        variables = ["AWS_ENDPOINT_URL_ECR": "http://example.com"]
        #expect(throws: EndpointError.self) { try AWSConfiguration(files.environment(variables)) }
    }

    private static let profiles = """
        [default]
        region = eu-west-3
        ca_bundle = ~/profile.pem
        endpoint_url = https://all.example.com
        services = own
        use_fips_endpoint = True
        [profile plain]
        use_dualstack_endpoint = true
        ignore_configured_endpoint_urls = true
        endpoint_url = https://never.example.com
        [profile lost]
        services = missing
        [services own]
        ecr =
          endpoint_url = https://ecr.example.com
        sso_oidc =
          endpoint_url = https://oidc.example.com
        """

    @Test func `A profile configures the endpoints where no variable does`() throws {
        let files = TestFiles(["/home/me/.aws/config": Self.profiles])
        let configuration = try AWSConfiguration(files.environment())
        #expect(configuration.regionOfProfile == "eu-west-3")
        #expect(configuration.http.caBundlePath == "/home/me/profile.pem")
        #expect(configuration.endpoints.override?.host == "all.example.com")
        #expect(
            configuration.endpoints.overrides.mapValues(\.host) == [
                .ecr: "ecr.example.com", .ssoOIDC: "oidc.example.com",
            ])
        #expect(configuration.endpoints.usesFIPS)
        let variables = [
            "AWS_ENDPOINT_URL": "https://variable.example.com", "AWS_CA_BUNDLE": "/ca.pem",
            "AWS_USE_FIPS_ENDPOINT": "false",
        ]
        let other = try AWSConfiguration(files.environment(variables))
        #expect(other.endpoints.override?.host == "variable.example.com")
        #expect(other.endpoints.overrides.isEmpty)
        #expect(other.http.caBundlePath == "/ca.pem")
        #expect(!other.endpoints.usesFIPS)
    }

    @Test func `The profile that is named counts, and its mistakes name it`() throws {
        let files = TestFiles(["/home/me/.aws/config": Self.profiles])
        let configuration = try AWSConfiguration(files.environment(["AWS_PROFILE": "lost"]), profile: "plain")
        #expect(configuration.endpoints.override == nil)
        #expect(configuration.endpoints.usesDualStack)
        #expect(!configuration.endpoints.usesFIPS)
        let error = #expect(throws: EndpointError.self) { try AWSConfiguration(files.environment(), profile: "lost") }
        #expect(error?.description.contains("profile lost") == true)
        #expect(error?.description.contains("[services missing]") == true)
    }
}

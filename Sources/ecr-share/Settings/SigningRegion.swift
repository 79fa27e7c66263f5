import AWSClient
import AWSValues
import SharePlan

/// The region in which STS is called. A name that is not a region would lead to a host that does not exist, or into the
/// wrong partition, so it is refused and not guessed at.
enum SigningRegion {
    /// A region that this version does not know.
    struct Unknown: Error, CustomStringConvertible {
        let description: String
    }

    /// Makes sure that the region that is in use is known, unless STS has an endpoint of its own. `flag` is the option
    /// that gave it, if one did.
    static func check(_ configuration: AWSConfiguration, named flag: String?) throws(Unknown) {
        let endpoints = configuration.endpoints
        guard endpoints.override == nil, endpoints.overrides[.sts] == nil else { return }
        let environment = configuration.environment
        let source: String
        let region: String
        if let given = configuration.region {
            region = given
            let variables = ["AWS_REGION", "AWS_DEFAULT_REGION"]
            source = flag ?? variables.first { environment[$0] == given } ?? "region in the configuration file"
        } else if let given = configuration.regionOfProfile {
            region = given
            source = "region in the profile \(configuration.profile ?? environment.profile ?? "default")"
        } else {
            return
        }
        guard !Region.knownNames.contains(region) else { return }
        throw Unknown(
            description: "\(source): \(String(reflecting: region)) is not a region that this version knows"
                + Region.suggestion(for: region) + " It is only where STS is called, and a session from any region is "
                + "valid in all of its partition: name one that is known, or give the endpoint of a newer one with "
                + "AWS_ENDPOINT_URL_STS")
    }
}

/// The parts of an `Authorization` header of Signature Version 4.
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html#add-signature-to-request
struct Authorization: Sendable {
    var keyID: String
    /// `yyyyMMdd`.
    var date: String
    var region: String
    var service: String
    /// Lower-case names in the order of the header.
    var signedHeaders: [String]
    var signature: String

    init(_ request: WireRequest) throws(ServiceError) {
        guard let header = request.header("authorization") else {
            throw ServiceError("MissingAuthenticationTokenException", "Missing Authentication Token")
        }
        guard header.hasPrefix("AWS4-HMAC-SHA256 ") else { throw Authorization.incomplete("Algorithm") }
        var fields: [Substring: Substring] = [:]
        for part in header.dropFirst("AWS4-HMAC-SHA256 ".count).split(separator: ",") {
            let halves = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            guard halves.count == 2, fields.updateValue(halves[1], forKey: halves[0]) == nil else {
                throw Authorization.incomplete("field")
            }
        }
        guard let credential = fields["Credential"] else { throw Authorization.incomplete("Credential") }
        guard let names = fields["SignedHeaders"] else { throw Authorization.incomplete("SignedHeaders") }
        guard let signature = fields["Signature"] else { throw Authorization.incomplete("Signature") }
        let scope = credential.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard scope.count == 5, scope[4] == "aws4_request", !scope.contains("") else {
            throw Authorization.incomplete("Credential")
        }
        (keyID, date, region, service) = (scope[0], scope[1], scope[2], scope[3])
        signedHeaders = names.split(separator: ";").map(String.init)
        guard signedHeaders == signedHeaders.sorted(), signedHeaders.allSatisfy({ $0 == $0.lowercased() }) else {
            throw Authorization.incomplete("SignedHeaders")
        }
        self.signature = String(signature)
    }

    private static func incomplete(_ part: String) -> ServiceError {
        ServiceError(
            "IncompleteSignatureException",
            "Authorization header requires a well-formed '\(part)' parameter."
        )
    }
}

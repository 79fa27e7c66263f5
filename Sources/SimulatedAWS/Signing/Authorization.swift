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
        // Every call comes through here: bytes, since characters would cost as much as the signature itself.
        var fields: [String: String] = [:]
        for part in header.utf8.dropFirst("AWS4-HMAC-SHA256 ".utf8.count).split(separator: UInt8(ascii: ",")) {
            let field = part.drop { $0 == UInt8(ascii: " ") }
            guard let equals = field.firstIndex(of: UInt8(ascii: "=")),
                fields.updateValue(
                    Authorization.text(field[equals...].dropFirst()),
                    forKey: Authorization.text(field[..<equals])
                ) == nil
            else { throw Authorization.incomplete("field") }
        }
        guard let credential = fields["Credential"] else { throw Authorization.incomplete("Credential") }
        guard let names = fields["SignedHeaders"] else { throw Authorization.incomplete("SignedHeaders") }
        guard let signature = fields["Signature"] else { throw Authorization.incomplete("Signature") }
        let scope = credential.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map(Authorization.text)
        guard scope.count == 5, scope[4] == "aws4_request", !scope.contains("") else {
            throw Authorization.incomplete("Credential")
        }
        (keyID, date, region, service) = (scope[0], scope[1], scope[2], scope[3])
        signedHeaders = names.utf8.split(separator: UInt8(ascii: ";")).map(Authorization.text)
        guard zip(signedHeaders, signedHeaders.dropFirst()).allSatisfy(<),
            !names.utf8.contains(where: { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) })
        else { throw Authorization.incomplete("SignedHeaders") }
        self.signature = signature
    }

    private static func text(_ bytes: Substring.UTF8View) -> String {
        String(Substring(bytes))
    }

    private static func incomplete(_ part: String) -> ServiceError {
        ServiceError(
            "IncompleteSignatureException",
            "Authorization header requires a well-formed '\(part)' parameter."
        )
    }
}

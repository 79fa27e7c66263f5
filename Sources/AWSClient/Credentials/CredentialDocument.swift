import AWSValues
import OrderedJSON

/// The JSON in which containers, instances and programs hand out credentials.
struct CredentialDocument {
    let session: SessionCredentials

    /// Reads the document; `tokenName` is `Token` or `SessionToken`, depending on who writes it. The error says what is
    /// missing and repeats no value, nor any of `secrets`.
    init(_ bytes: [UInt8], tokenName: String, hiding secrets: [String]) throws(FileAccessError) {
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONValue(lenient: bytes)
        } catch {
            throw FileAccessError("its response is \(error)")
        }
        if let code = json["Code"]?.string, code != "Success" {
            let words = CleanText(
                "\(code): \(json["Message"]?.string ?? "")", hiding: secrets + CredentialDocument.secrets(in: bytes),
                hidesLongWords: true)
            throw FileAccessError("the response was \(words)")
        }
        guard let keyID = json["AccessKeyId"]?.string, let secret = json["SecretAccessKey"]?.string else {
            throw FileAccessError("its response lacks AccessKeyId or SecretAccessKey")
        }
        guard !keyID.isEmpty, !secret.isEmpty else {
            throw FileAccessError("AccessKeyId or SecretAccessKey in its response is empty")
        }
        var expiration: Timestamp?
        if let value = json["Expiration"] {
            guard let time = value.string.flatMap({ Timestamp(expiration: $0) }) else {
                throw FileAccessError("Expiration in its response is not a time")
            }
            expiration = time
        }
        session = SessionCredentials(
            Credentials(accessKeyID: keyID, secretAccessKey: secret, sessionToken: json[tokenName]?.string),
            expiration: expiration,
            account: json["AccountId"]?.string.flatMap { AccountID($0) }
        )
    }

    /// The texts of a document that must not be repeated, whether or not it can be used.
    private static func secrets(in bytes: [UInt8]) -> [String] {
        guard let json = try? JSONValue(lenient: bytes) else { return [] }
        return ["SecretAccessKey", "SessionToken", "Token", "AccessKeyId"].compactMap { json[$0]?.string }
    }
}

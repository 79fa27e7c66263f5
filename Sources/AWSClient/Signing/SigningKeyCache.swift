import Crypto
import Synchronization

/// What signs the requests of one day, for one region and service.
struct SigningKey: Sendable {
    /// What the signature is limited to: `20260102/us-east-1/ecr/aws4_request`.
    let scope: String
    /// Has taken in the key, which is a third of the work for a short text.
    private let code: HMAC<SHA256>

    /// Derives the key with four HMACs.
    ///
    /// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
    init(secretAccessKey: String, date: String, region: String, service: String) {
        scope = "\(date)/\(region)/\(service)/aws4_request"
        var key = SymmetricKey(data: Array("AWS4\(secretAccessKey)".utf8))
        for part in [date, region, service, "aws4_request"] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
        }
        code = HMAC(key: key)
    }

    func authenticationCode(of text: [UInt8]) -> HMAC<SHA256>.MAC {
        var code = code
        code.update(data: text)
        return code.finalize()
    }
}

/// Remembers signing keys, which only change with the day, the credentials, the region and the service.
final class SigningKeyCache: Sendable {
    private struct Name: Hashable {
        let credentials: Credentials
        let date: String
        let region: String
        let service: String

        /// Leaves out secret and session token: the key's id is enough, and a token has a thousand bytes.
        func hash(into hasher: inout Hasher) {
            hasher.combine(credentials.accessKeyID)
            hasher.combine(region)
        }
    }

    /// Plenty for one day's accounts and regions; when it is reached, all are forgotten, which costs microseconds each.
    private static let capacity = 4_096

    private let keys = Mutex<[Name: SigningKey]>([:])

    func key(for credentials: Credentials, date: String, region: String, service: String) -> SigningKey {
        let name = Name(credentials: credentials, date: date, region: region, service: service)
        if let key = keys.withLock({ $0[name] }) { return key }
        let key = SigningKey(
            secretAccessKey: credentials.secretAccessKey, date: date, region: region, service: service)
        keys.withLock { keys in
            if keys.count >= SigningKeyCache.capacity { keys.removeAll() }
            keys[name] = key
        }
        return key
    }
}

import Crypto
import Synchronization

/// Remembers derived signing keys: four HMACs that only change with the day, the credentials, the region and the service.
final class SigningKeyCache: Sendable {
    private struct Name: Hashable {
        let credentials: Credentials
        let date: String
        let region: String
        let service: String
    }

    /// Plenty for one day's accounts and regions; when it is reached, all are forgotten, which costs microseconds each.
    private static let capacity = 4_096

    private let keys = Mutex<[Name: SymmetricKey]>([:])

    func key(for credentials: Credentials, date: String, region: String, service: String) -> SymmetricKey {
        let name = Name(credentials: credentials, date: date, region: region, service: service)
        if let key = keys.withLock({ $0[name] }) { return key }
        var key = SymmetricKey(data: Array("AWS4\(credentials.secretAccessKey)".utf8))
        for part in [date, region, service, "aws4_request"] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
        }
        keys.withLock { keys in
            if keys.count >= SigningKeyCache.capacity { keys.removeAll() }
            keys[name] = key
        }
        return key
    }
}

import Crypto
import Foundation

/// Shared files and variables in which botocore and the program both look for credentials.
struct SharedFilesCase: Codable {
    struct File: Codable {
        /// Below the home folder.
        var path: String
        var contents = Data()
        var isFolder = false
    }

    var files: [File] = []
    var environment: [String: String] = [:]
    /// As `--profile` names it.
    var profile: String?
}

/// What `aws login` leaves.
enum LoginFile {
    static func text(expiresAt: String, refreshToken: String) -> String {
        #"{"accessToken":{"accessKeyId":"LOGINCACHED","secretAccessKey":"s","sessionToken":"t","#
            + #""accountId":"111122223333","expiresAt":"\#(expiresAt)"},"tokenType":"aws_sigv4","#
            + #""refreshToken":"\#(refreshToken)","dpopKey":"\#(key)","#
            + #""clientId":"arn:aws:signin:::devtools/same-device"}"#
    }

    /// The private key 1, 2, 3 … 32, as OpenSSL writes one (RFC 5915), with its line ends as JSON writes them.
    private static let key: String = {
        let secret = Array(1...32).map { UInt8($0) }
        guard let key = try? P256.Signing.PrivateKey(rawRepresentation: secret) else { return "" }
        let curve: [UInt8] = [0xA0, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
        let start: [UInt8] = [0x30, 0x77, 0x02, 0x01, 0x01, 0x04, 0x20]
        let der = start + secret + curve + [0xA1, 0x44, 0x03, 0x42, 0x00] + Array(key.publicKey.x963Representation)
        let kind = "EC PRIVATE KEY"
        return "-----BEGIN \(kind)-----\\n\(Data(der).base64EncodedString())\\n-----END \(kind)-----\\n"
    }()
}

import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The checksums of an object that a request may give, each in Base64.
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
enum S3Checksum {
    private static let prefix = "x-amz-checksum-"

    /// The checksums in a request's headers, once they fit the body.
    static func verified(_ input: S3Input) throws(ServiceError) -> [S3Field] {
        if let stated = input.header("content-md5"), stated != md5(input.body) {
            throw S3Error.badDigest("Content-MD5")
        }
        let fields = input.headers(beginningWith: prefix).filter { $0.name != prefix + "algorithm" }
        for field in fields {
            let algorithm = String(field.name.dropFirst(prefix.count))
            let actual: String
            switch algorithm {
            case "sha256": actual = base64(SHA256.hash(data: input.body))
            case "sha1": actual = base64(Insecure.SHA1.hash(data: input.body))
            case "crc32": actual = base64(withUnsafeBytes(of: crc32(input.body).bigEndian, Array.init))
            default: throw S3Error.notImplemented
            }
            guard field.value == actual else { throw S3Error.badDigest(algorithm.uppercased()) }
        }
        return fields
    }

    /// The tag of an object that is not encrypted with a KMS key.
    static func tag(_ bytes: [UInt8]) -> String {
        Insecure.MD5.hash(data: bytes).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    private static func md5(_ bytes: [UInt8]) -> String { base64(Insecure.MD5.hash(data: bytes)) }

    private static func base64(_ bytes: some Sequence<UInt8>) -> String { Data(bytes).base64EncodedString() }

    /// Source: https://www.rfc-editor.org/rfc/rfc1952#section-8
    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var crc = UInt32.max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 {
                let isOdd = crc & 1 == 1
                crc >>= 1
                if isOdd { crc ^= 0xEDB8_8320 }
            }
        }
        return ~crc
    }
}

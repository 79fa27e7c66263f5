package import AWSValues

/// The name of an S3 bucket, right in its form.
///
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
package struct S3BucketName: Hashable, Sendable, CustomStringConvertible {
    /// As it was given.
    package let description: String

    /// Nil for a text that names no general-purpose bucket: 3 to 63 lower-case letters, digits, hyphens and dots. Old
    /// buckets in us-east-1 may have up to 255, with capitals and underscores. The name of a directory bucket
    /// (`…--x-s3`) is refused, since S3 does not list those in the order of their keys.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard (3...255).contains(bytes.count), !text.hasSuffix("--x-s3"),
            bytes.allSatisfy({ S3BucketName.isAlphanumeric($0) || "-._".utf8.contains($0) }),
            S3BucketName.isAlphanumeric(bytes[0]), S3BucketName.isAlphanumeric(bytes[bytes.count - 1])
        else { return nil }
        description = String(text)
    }

    /// Whether the name can be a label before S3's host: without dots, which a certificate's wildcard does not cover.
    var isHostLabel: Bool {
        description.utf8.count <= 63
            && description.utf8.allSatisfy { !(0x41...0x5A).contains($0) && $0 != 0x2E && $0 != 0x5F }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }
}

/// A bucket and what holds for every request to it.
package struct S3Bucket: Hashable, Sendable {
    /// Without region or account: a name belongs to one bucket in a partition.
    package var name: S3BucketName
    /// The bucket's own region, which requests are signed for and sent to.
    package var region: String
    /// The account that the bucket must belong to, sent as `x-amz-expected-bucket-owner`; S3 refuses every request to
    /// another account's bucket with status 403. Nil does not ask.
    ///
    /// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
    package var owner: AccountID?
    /// The KMS key, as id, alias or ARN, with which every object is encrypted on the server; nil leaves it to the
    /// bucket.
    ///
    /// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/specifying-kms-encryption.html
    package var kmsKey: String?

    /// A bucket; whether it exists is not asked.
    package init(_ name: S3BucketName, region: String, owner: AccountID? = nil, kmsKey: String? = nil) {
        self.name = name
        self.region = region
        self.owner = owner
        self.kmsKey = kmsKey
    }
}

import AWSValues
import OrderedJSON

/// What the session of `--archive-role` may do: nothing outside of the archive.
enum BucketPermission: Sendable {
    /// `plan`, `runs`.
    case reading
    /// `apply`, `rollback`, `runs release`.
    case writing

    /// The session policy for a bucket's prefix, which is empty or ends with a slash.
    ///
    /// Listing is allowed on the whole bucket: without it S3 does not say that an object is missing.
    /// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html, "Permissions"
    func policy(for bucket: String, prefix: String, in partition: Partition) -> String {
        var onObjects: [JSONValue] = ["s3:GetObject"]
        var onKeys: [JSONValue] = ["kms:Decrypt"]
        if case .writing = self {
            onObjects += ["s3:PutObject", "s3:DeleteObject"]
            onKeys.append("kms:GenerateDataKey")
        }
        let arn = "arn:\(partition.id):s3:::\(bucket)"
        func statement(_ actions: [JSONValue], _ resource: String) -> JSONValue {
            ["Effect": "Allow", "Action": .array(actions), "Resource": .string(resource)]
        }
        let policy: JSONValue = [
            "Version": "2012-10-17",
            "Statement": .array([
                statement(onObjects, "\(arn)/\(prefix)*"), statement(["s3:ListBucket"], arn), statement(onKeys, "*"),
            ]),
        ]
        return policy.minified
    }
}

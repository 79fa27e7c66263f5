/// The refusals of S3.
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
enum S3Error {
    static var wrongURI: ServiceError { ServiceError("InvalidURI", "Couldn't parse the specified URI.") }

    static var notImplemented: ServiceError {
        ServiceError(
            "NotImplemented", "A header you provided implies functionality that is not implemented", status: 501)
    }

    static func noSuchBucket(_ name: String) -> ServiceError {
        var error = ServiceError("NoSuchBucket", "The specified bucket does not exist", status: 404)
        error.details = [S3Field(name: "BucketName", value: name)]
        return error
    }

    static func noSuchKey(_ key: String) -> ServiceError {
        var error = ServiceError("NoSuchKey", "The specified key does not exist.", status: 404)
        error.details = [S3Field(name: "Key", value: key)]
        return error
    }

    static func preconditionFailed(_ condition: String) -> ServiceError {
        var error = ServiceError(
            "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", status: 412)
        error.details = [S3Field(name: "Condition", value: condition)]
        return error
    }

    static func invalidRange(_ range: String, size: Int) -> ServiceError {
        var error = ServiceError("InvalidRange", "The requested range is not satisfiable", status: 416)
        error.details = [
            S3Field(name: "RangeRequested", value: range), S3Field(name: "ActualObjectSize", value: String(size)),
        ]
        return error
    }

    static var accessDenied: ServiceError { ServiceError("AccessDenied", "Access Denied", status: 403) }

    static func badDigest(_ algorithm: String) -> ServiceError {
        ServiceError("BadDigest", "The \(algorithm) you specified did not match the calculated checksum.")
    }

    static func wrongContentHash(stated: String, actual: String) -> ServiceError {
        var error = ServiceError(
            "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.")
        error.details = [
            S3Field(name: "ClientComputedContentSHA256", value: stated),
            S3Field(name: "S3ComputedContentSHA256", value: actual),
        ]
        return error
    }

    static func wrongRegion(_ bucket: Bucket, signedFor region: String) -> ServiceError {
        var error: ServiceError
        switch bucket.wrongRegionAnswer {
        case .redirect:
            error = ServiceError(
                "PermanentRedirect",
                "The bucket you are attempting to access must be addressed using the specified endpoint. Please send "
                    + "all future requests to this endpoint.", status: 301)
            error.details = [
                S3Field(name: "Endpoint", value: "\(bucket.name).s3.\(bucket.region).amazonaws.com"),
                S3Field(name: "Bucket", value: bucket.name),
            ]
        case .malformed:
            error = ServiceError(
                "AuthorizationHeaderMalformed",
                "The authorization header is malformed; the region '\(region)' is wrong; expecting '\(bucket.region)'")
            error.details = [S3Field(name: "Region", value: bucket.region)]
        case .location:
            error = ServiceError(
                "IllegalLocationConstraintException",
                "The \(bucket.region) location constraint is incompatible for the region specific endpoint this "
                    + "request was sent to.")
        }
        error.fields = [S3Field(name: "x-amz-bucket-region", value: bucket.region)]
        return error
    }
}

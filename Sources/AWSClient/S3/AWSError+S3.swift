import AWSValues

extension AWSError {
    /// Whether S3 itself says that there is no object with the key. That the bucket is missing is another error.
    package var isObjectNotFound: Bool { isAnswerOfS3("NoSuchKey", status: 404) }

    /// Whether S3 did nothing because the condition of a write did not hold.
    package var isFailedCondition: Bool { isAnswerOfS3("PreconditionFailed", status: 412) }

    /// Whether S3 did nothing because another write of the same object was under way.
    package var isConditionalConflict: Bool {
        isAnswerOfS3("ConditionalRequestConflict", status: 409) || isAnswerOfS3("OperationAborted", status: 409)
    }

    /// Whether S3 says that no byte of the range that was asked for is in the object.
    var isRangeBehindEnd: Bool { isAnswerOfS3("InvalidRange", status: 416) }

    /// Whether S3 itself says that there is no such bucket.
    package var isBucketNotFound: Bool { isAnswerOfS3("NoSuchBucket", status: 404) }

    /// The region that the bucket is in, when the request went to another one; nil otherwise.
    package var regionOfBucket: String? {
        guard service == .s3, case .answered(let answer) = cause, let found = answer.bucketRegion, found != region,
            [301, 307, 400].contains(answer.httpStatus)
        else { return nil }
        return found
    }

    /// Whether it is S3 that says so, in its own form, and no gateway.
    private func isAnswerOfS3(_ code: String, status: Int) -> Bool {
        guard service == .s3, case .answered(let answer) = cause else { return false }
        return answer.code == code && answer.httpStatus == status && answer.codeSource == .body
    }

    /// What to do about an answer of S3; nil where the general advice holds.
    ///
    /// Source of the codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    func adviceOnS3(_ answer: ErrorAnswer) -> String? {
        let bucket = resource?.dropFirst("s3://".count).prefix { $0 != "/" } ?? ""
        if let regionOfBucket {
            return "The bucket \(bucket) is in \(regionOfBucket), not in \(region ?? "this region"): pass "
                + "--archive-region \(regionOfBucket)"
        }
        switch answer.code {
        case "PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraint",
            "IllegalLocationConstraintException", "IncorrectEndpoint":
            return "The bucket \(bucket) seems to be in another region than \(region ?? "this one"): pass its own with "
                + "--archive-region"
        case "NoSuchBucket":
            return "There is no bucket \(bucket): check the name, or create it (docs/archive.md)"
        case "InvalidBucketName": return "Check the bucket's name in --archive"
        case "KMS.NotFoundException", "KMS.DisabledException", "KMS.InvalidStateException",
            "KMS.KMSInvalidStateException":
            return "Check the key of --archive-kms-key: it must be enabled, and in the bucket's region"
        case "BadDigest", "XAmzContentSHA256Mismatch":
            return
                "The bytes changed on the way, so nothing was stored: something between here and S3 rewrites requests"
        case "NotImplemented":
            return "The store at this endpoint does not know what ecr-share needs of S3: conditional writes and "
                + "checksums"
        case "AccessDenied": return adviceOnDenialByS3(answer)
        default: return nil
        }
    }

    /// S3 often says no more than "Access Denied": which of the reasons it is can only be listed.
    private func adviceOnDenialByS3(_ answer: ErrorAnswer) -> String? {
        let denial = AccessDenial(answer.message)
        if let obstacle = denial.obstacle { return obstacle }
        let action = denial.action ?? (operation == "ListObjectsV2" ? "s3:ListBucket" : "s3:\(operation)")
        let arn =
            "arn:\(Partition(ofRegionNamed: region ?? "").id):s3:::"
            + (resource.map { String($0.dropFirst("s3://".count)) } ?? "*")
        let statement =
            "\(denial.caller ?? "The caller")'s policy needs this statement: "
            + #"{"Effect":"Allow","Action":"\#(action)","Resource":"\#(denial.resource ?? arn)"}"#
        var others: [String] = []
        if denial.action == nil {
            if let account {
                others.append("the bucket does not belong to account \(account), as --archive-bucket-owner says")
            }
            if operation == "GetObject" {
                others.append(
                    "the object does not exist and the caller lacks s3:ListBucket, without which S3 does not say so")
            }
            others.append("the bucket's policy, or that of its KMS key, does not allow it")
        }
        return statement + (others.isEmpty ? "" : ". S3 also answers so when \(others.joined(separator: ", or when "))")
    }
}

/// Under which condition S3 carries out a write. S3 decides and writes in one step.
///
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
package enum S3Condition: Hashable, Sendable {
    case none
    /// There is no object with that key (`If-None-Match: *`).
    case isAbsent
    /// The object still has this tag (`If-Match`). The caller needs `s3:GetObject` too.
    case has(S3Tag)
}

/// What became of a put.
package enum S3PutOutcome: Sendable {
    /// Stored, under this tag.
    case stored(S3Tag)
    /// Nothing was stored: there is an object, or one with another tag (status 412).
    case conditionFailed
    /// Nothing was stored: the object that should have had the tag does not exist (status 404).
    case missing
    /// Nothing was stored: other writes of the same object were under way each time (status 409).
    case conflict(AWSError)
    /// Nobody knows whether it was stored: the answer was lost, or could not be read, or was a failure inside S3. A
    /// conditional put is never repeated then, since one that was stored would lose against itself: the caller reads
    /// and compares. An unconditional one was repeated as often as the retry policy allows.
    case lost(AWSError)
}

/// What became of a deletion.
package enum S3DeleteOutcome: Sendable {
    /// The object is gone. Without a condition it may not have been there before.
    case deleted
    /// Nothing was deleted: the object has another tag (status 412).
    case conditionFailed
    /// Nothing was deleted: the object that should have had the tag does not exist (status 404).
    case missing
    /// Nothing was deleted: other writes of the same object were under way each time (status 409).
    case conflict(AWSError)
    /// As ``S3PutOutcome/lost(_:)``.
    case lost(AWSError)
}

/// How a write ended, before its answer is read.
enum S3WriteEnd {
    case answered(HTTPResponse)
    case conditionFailed
    case missing
    case conflict(AWSError)
    case lost(AWSError)

    /// The end of a write that failed and may not be repeated.
    ///
    /// - Throws: The error of a write that did nothing, for another reason than its condition.
    init(failed error: AWSError, under condition: S3Condition, mayHaveHappened: Bool) throws(AWSError) {
        switch condition {
        case _ where mayHaveHappened: self = .lost(error)
        case .none: throw error
        case _ where error.isFailedCondition: self = .conditionFailed
        case _ where error.isConditionalConflict: self = .conflict(error)
        case .has where error.isObjectNotFound: self = .missing
        case .isAbsent, .has: throw error
        }
    }
}

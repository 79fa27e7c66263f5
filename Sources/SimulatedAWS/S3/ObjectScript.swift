import Synchronization

/// Chooses what becomes of each call to S3 that names an object, for tests that play through sequences of answers and
/// of other people's writes. It is asked while the cloud is locked, so it must not use the cloud.
package typealias ObjectScript = @Sendable (ScriptedObjectCall) -> ObjectScriptStep

/// A call to S3 that a script is asked about.
package struct ScriptedObjectCall: Hashable, Sendable {
    /// Such as `PutObject`.
    package var operation: String
    /// The bucket's name.
    package var bucket: String
    /// Decoded.
    package var key: String
    /// The value of `If-None-Match`.
    package var ifNoneMatch: String?
    /// The value of `If-Match`.
    package var ifMatch: String?
}

/// What becomes of one call to S3, and what others do around it.
package struct ObjectScriptStep: Hashable, Sendable {
    /// Something that somebody else does to the object.
    package enum Edit: Hashable, Sendable {
        case put([UInt8])
        case delete
    }

    /// What goes wrong; nil for nothing.
    package var effect: FaultRule.Effect?
    /// Done before the call is handled.
    package var before: [Edit]
    /// Done after it took effect, before it is answered.
    package var after: [Edit]

    /// Without arguments, a step that lets the call be.
    package init(_ effect: FaultRule.Effect? = nil, before: [Edit] = [], after: [Edit] = []) {
        self.effect = effect
        self.before = before
        self.after = after
    }
}

extension CloudState {
    /// Handles a call as the script wants it; nil without a script, and for a call that names no object.
    mutating func handleByObjectScript(_ call: Call) -> Outcome? {
        guard let objectScript, case .s3(let input) = call.input, let key = input.keyText else { return nil }
        let step = objectScript(
            ScriptedObjectCall(
                operation: call.operation, bucket: input.bucket, key: key, ifNoneMatch: input.header("if-none-match"),
                ifMatch: input.header("if-match")))
        for edit in step.before { make(edit, at: key, in: input.bucket) }
        var outcome = Outcome(result: .failure(ServiceError("InternalFailure", "", status: 500)))
        carryOut(call, step.effect, &outcome)
        for edit in step.after { make(edit, at: key, in: input.bucket) }
        return outcome
    }

    private mutating func make(_ edit: ObjectScriptStep.Edit, at key: String, in bucket: String) {
        switch edit {
        case .put(let bytes): store(bytes, at: key, in: bucket)
        case .delete: removeObject(at: key, in: bucket)
        }
    }
}

/// Objects as tests look at them and change them.
extension Cloud {
    /// Lets a script choose what becomes of each call to S3 from now on; nil for none.
    package func setObjectScript(_ script: ObjectScript?) {
        state.withLock { $0.objectScript = script }
    }

    /// What readers see under a key; nil for nothing.
    package func object(at key: String, in bucket: String) -> [UInt8]? {
        state.withLock { $0.s3Buckets[bucket]?[Array(key.utf8)]?.bytes }
    }

    /// What was ever stored under a key of a versioned bucket, oldest first; nil for a delete marker.
    package func versions(of key: String, in bucket: String) -> [[UInt8]?] {
        state.withLock { $0.s3Buckets[bucket]?.versions(of: Array(key.utf8)) ?? [] }
            .map { $0.isDeleteMarker ? nil : $0.bytes }
    }

    /// The KMS key that an object is encrypted with.
    package func kmsKey(of key: String, in bucket: String) -> String? {
        state.withLock { $0.s3Buckets[bucket]?[Array(key.utf8)]?.kmsKey }
    }

    /// The keys in a bucket, in the order of their bytes.
    package func keys(in bucket: String) -> [String] {
        state.withLock { $0.s3Buckets[bucket]?.keys(withPrefix: [], after: nil) ?? [] }
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// The names of all buckets, sorted.
    package var bucketNames: [String] { state.withLock { $0.s3Buckets.keys.sorted() } }

    /// Puts an object as somebody else would, past all checks and faults.
    package func putObject(_ bytes: [UInt8], at key: String, in bucket: String) {
        state.withLock { $0.store(bytes, at: key, in: bucket) }
    }

    /// Deletes an object as somebody else would, past all checks and faults.
    package func deleteObject(at key: String, in bucket: String) {
        state.withLock { $0.removeObject(at: key, in: bucket) }
    }
}

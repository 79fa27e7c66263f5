package import AWSValues
package import OrderedJSON
import Synchronization

/// A policy: its exact text, and what that says, which is read once.
///
/// The text comes from outside, so it need not be a policy document: then ``document`` throws why. "No policy" is a nil
/// `Policy`. Equal are policies whose texts are the same to the byte; see ``haveSameMeaning(_:_:in:)`` for those that
/// say the same. A class, since a policy is long, never changes, and belongs to everything that is found out about it.
package final class Policy: Sendable {
    package let text: String
    private let known = Mutex(Known())

    /// What was found out about the text so far.
    private struct Known {
        var size: Int?
        var reading: Reading?
        var meanings: [Partition: PolicyMeaning] = [:]
    }

    /// The text as the merge reads it, and as the evaluator does: they share nothing beyond JSON.
    private struct Reading {
        let json: Result<JSONValue, JSONError>
        let document: Result<PolicyDocument, PolicyError>
        let parts: Result<PolicyParts, PolicyError>

        init(_ text: String) {
            do throws(JSONError) {
                let json = try JSONValue(parsing: text)
                self.json = .success(json)
                document = Result { () throws(PolicyError) in try PolicyDocument(json) }
                parts = Result { () throws(PolicyError) in try PolicyParts(json) }
            } catch {
                json = .failure(error)
                document = .failure(.notJSON(error))
                parts = .failure(.notJSON(error))
            }
        }
    }

    package init(_ text: String) {
        self.text = text
    }

    /// The policy that a document is sent as: on one line, without white space.
    package convenience init(_ document: PolicyDocument) {
        self.init(document.text)
    }

    /// The text's value, be it a policy document or not.
    package var json: JSONValue {
        get throws(JSONError) { try reading.json.get() }
    }

    /// What the text says.
    package var document: PolicyDocument {
        get throws(PolicyError) { try reading.document.get() }
    }

    /// What the text says, as the evaluator reads it.
    var parts: PolicyParts {
        get throws(PolicyError) { try reading.parts.get() }
    }

    private var reading: Reading {
        known.withLock { known in
            let reading = known.reading ?? Reading(text)
            known.reading = reading
            return reading
        }
    }

    /// The size that is held against ECR's limit, see ``Swift/String/policySize``.
    package var size: Int {
        known.withLock { known in
            let size = known.size ?? text.policySize
            known.size = size
            return size
        }
    }

    private func meaning(in partition: Partition) throws(PolicyError) -> PolicyMeaning {
        if let meaning = known.withLock({ $0.meanings[partition] }) { return meaning }
        let meaning = PolicyMeaning(try document, in: partition)
        known.withLock { $0.meanings[partition] = meaning }
        return meaning
    }

    /// Whether two policies allow and deny the same, as ECR would print either for the other.
    ///
    /// nil is "no policy". Texts that are not policy documents are equal only when they are the same text. What does
    /// not count: white space, the order of statements, principals, actions and condition values, a string or a list of
    /// one, an account id or its root ARN, letter case of actions and condition keys, a condition's `true` or `"true"`.
    package static func haveSameMeaning(_ left: Policy?, _ right: Policy?, in partition: Partition) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        if left == right { return true }
        guard let left = try? left.meaning(in: partition), let right = try? right.meaning(in: partition) else {
            return false
        }
        return left == right
    }
}

extension Policy: Hashable {
    /// Whether the texts are the same bytes. `==` of strings also treats different spellings of a letter as equal.
    package static func == (left: Policy, right: Policy) -> Bool {
        if left === right { return true }
        var (left, right) = (left.text, right.text)
        return left.withUTF8 { left in
            right.withUTF8 { UnsafeRawBufferPointer(left).hasSameBytes(as: UnsafeRawBufferPointer($0)) }
        }
    }

    package func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension Policy: CustomStringConvertible {
    package var description: String { text }
}

extension UnsafeRawBufferPointer {
    /// Whether both are the same bytes, compared eight at a time.
    func hasSameBytes(as other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        var offset = 0
        while offset + 8 <= count {
            let (left, right) = (
                loadUnaligned(fromByteOffset: offset, as: UInt64.self),
                other.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            )
            guard left == right else { return false }
            offset += 8
        }
        return self[offset...].elementsEqual(other[offset...])
    }
}

extension String {
    /// How long ECR takes a policy to be: its Unicode code points, since that is how AWS's models count the length of a
    /// string. Ours are ASCII, so that the bytes are as many; foreign statements may hold anything.
    ///
    /// Source: https://smithy.io/2.0/spec/constraint-traits.html#length-trait and
    /// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html
    package var policySize: Int { utf8.count { $0 & 0b1100_0000 != 0b1000_0000 } }
}

package import AWSValues

/// The Lambda functions of one account in one region, as a source ARN pattern names them.
///
/// Partition and region are kept as they are spelled: a policy may name one that this program does not know.
package struct FunctionScope: Hashable, Sendable {
    package let partition: String
    package let region: String
    package let account: AccountID
}

extension FunctionScope {
    /// The scope that `pattern` names, or nil unless it is exactly `arn:PARTITION:lambda:REGION:ACCOUNT:function:*`.
    init?(_ pattern: String) {
        guard pattern.utf8.last == UInt8(ascii: "*"), let fields = FunctionScope.fields(of: pattern),
            fields.nameLength == 1
        else { return nil }
        self.init(partition: fields.partition, region: fields.region, account: fields.account)
    }

    /// The scope that a function's ARN lies in.
    init?(containing arn: String) {
        guard let fields = FunctionScope.fields(of: arn) else { return nil }
        self.init(partition: fields.partition, region: fields.region, account: fields.account)
    }

    var pattern: String { "arn:\(partition):lambda:\(region):\(account):function:*" }

    private typealias Fields = (partition: String, region: String, account: AccountID, nameLength: Int)

    private static func fields(of arn: String) -> Fields? {
        var arn = arn
        return arn.withUTF8 { bytes in
            var fields: [Range<Int>] = []
            fields.reserveCapacity(7)
            var start = 0
            while fields.count < 6, let colon = bytes[start...].firstIndex(of: UInt8(ascii: ":")) {
                fields.append(start..<colon)
                start = colon + 1
            }
            guard fields.count == 6, start < bytes.count, bytes[fields[0]].elementsEqual("arn".utf8),
                isWord(bytes[fields[1]]), bytes[fields[2]].elementsEqual("lambda".utf8), isWord(bytes[fields[3]]),
                bytes[fields[5]].elementsEqual("function".utf8),
                let account = AccountID(String(decoding: bytes[fields[4]], as: UTF8.self))
            else { return nil }
            return (
                String(decoding: bytes[fields[1]], as: UTF8.self), String(decoding: bytes[fields[3]], as: UTF8.self),
                account, bytes.count - start
            )
        }
    }

    /// Lower-case letters, digits and hyphens, so no wildcard.
    private static func isWord(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        !bytes.isEmpty
            && bytes.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
            }
    }
}

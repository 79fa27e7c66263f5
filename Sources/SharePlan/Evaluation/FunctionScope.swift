/// The Lambda functions of one account in one region, as a source ARN pattern names them.
///
/// Partition and region are kept as they are spelled: a policy may name one that this program does not know.
package struct FunctionScope: Hashable, Sendable {
    package let partition: String
    package let region: String
    package let account: AccountID

    init(partition: String, region: String, account: AccountID) {
        self.partition = partition
        self.region = region
        self.account = account
    }

    /// The scope that `pattern` names, or nil unless it is exactly `arn:PARTITION:lambda:REGION:ACCOUNT:function:*`.
    init?(_ pattern: String) {
        guard pattern.utf8.last == UInt8(ascii: "*"), let fields = FunctionScope.fields(of: pattern),
            fields.name.utf8.count == 1
        else { return nil }
        self.init(partition: String(fields.partition), region: String(fields.region), account: fields.account)
    }

    /// The scope that a function's ARN lies in.
    init?(containing arn: String) {
        guard let fields = FunctionScope.fields(of: arn) else { return nil }
        self.init(partition: String(fields.partition), region: String(fields.region), account: fields.account)
    }

    var pattern: String { "arn:\(partition):lambda:\(region):\(account):function:*" }

    private typealias Fields = (partition: Substring, region: Substring, account: AccountID, name: Substring)

    private static func fields(of arn: String) -> Fields? {
        let fields = arn.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 6, omittingEmptySubsequences: false)
        guard fields.count == 7, fields[0].elementsEqual("arn".utf8), fields[2].elementsEqual("lambda".utf8),
            fields[5].elementsEqual("function".utf8), isWord(fields[1]), isWord(fields[3]), !fields[6].isEmpty,
            let account = AccountID(Substring(fields[4]))
        else { return nil }
        return (Substring(fields[1]), Substring(fields[3]), account, Substring(fields[6]))
    }

    /// Lower-case letters, digits and hyphens, so no wildcard.
    private static func isWord(_ bytes: Substring.UTF8View) -> Bool {
        !bytes.isEmpty
            && bytes.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
            }
    }
}

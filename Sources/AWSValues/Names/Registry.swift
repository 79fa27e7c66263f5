/// One private ECR registry: an owner account in one region.
package struct Registry: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let account: AccountID
    package let region: Region

    package init(account: AccountID, region: Region) {
        self.account = account
        self.region = region
    }

    /// `ACCOUNT REGION`, as people read it.
    package var description: String { "\(account) \(region)" }

    package static func < (left: Registry, right: Registry) -> Bool {
        left.account == right.account ? left.region < right.region : left.account < right.account
    }
}

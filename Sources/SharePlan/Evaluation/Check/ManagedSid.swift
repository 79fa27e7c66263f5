extension StatementReference {
    /// The names that managed Sids have behind the prefix.
    private static let names: Set<String> = [
        "AllowPull", "AllowPullAndPush", "AllowLambdaPull", "AllowPullOrg", "AllowPullAndPushOrg", "AllowPullOrgPaths",
        "AllowPullAndPushOrgPaths",
    ]

    /// Whether the statement is managed: its Sid is exactly `prefix`, in its letter case, and one of the names.
    func isManaged(prefix: String) -> Bool {
        guard let sid, sid.utf8.starts(with: prefix.utf8) else { return false }
        return StatementReference.names.contains(String(decoding: sid.utf8.dropFirst(prefix.utf8.count), as: UTF8.self))
    }

    /// Whether the statement is managed under some prefix that is not empty, whoever uses it.
    var isManagedUnderAnyPrefix: Bool {
        guard let sid else { return false }
        return StatementReference.names.contains { name in
            sid.utf8.count > name.utf8.count && sid.utf8.suffix(name.utf8.count).elementsEqual(name.utf8)
        }
    }
}

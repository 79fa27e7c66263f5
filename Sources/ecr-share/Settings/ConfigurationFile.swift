import AWSValues

/// What `ecr-share.yaml` says: values of ``Settings``, and what is different in single owner accounts.
struct ConfigurationFile: Sendable {
    /// What is different in one owner account.
    struct Account: Hashable, Sendable {
        var role: String?
        var externalID: String?
    }

    /// Where it was read; nil when there is none.
    var path: String?
    var accounts: [AccountID: Account] = [:]
    private var values: [String: any Sendable] = [:]

    /// What the file says of a setting; nil for nothing.
    subscript<Value, Result>(setting: Setting<Value, Result>) -> Value? {
        get { values[setting.name] as? Value }
        set { values[setting.name] = newValue }
    }

    /// The file itself and those that it names.
    var files: [String] { [path].compactMap(\.self) + (self[Settings.allow] ?? []).filter { $0.hasSuffix(".csv") } }
}

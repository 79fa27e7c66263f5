/// The repositories of one account in one region.
struct Registry: Sendable {
    /// Names in the order of pages.
    private(set) var names: [String] = []
    /// The policy of every repository as compact JSON; an empty text means none, which is shorter than an optional.
    private var policies: [String: String] = [:]
    /// The registry's own policy as compact JSON.
    var registryPolicy: String?

    init() {}

    /// Fills a registry at once; the last of equal names wins.
    init(_ repositories: [(name: String, policy: String?)]) {
        for (name, policy) in repositories { policies[name] = policy ?? "" }
        names = policies.keys.sorted()
    }

    func contains(_ name: String) -> Bool { policies[name] != nil }

    /// Compact JSON, or nil for a repository without a policy or a name that is unknown.
    func policy(of name: String) -> String? {
        policies[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Sets or, with nil, removes the policy; adds the repository if it is new.
    mutating func setPolicy(_ policy: String?, of name: String) {
        if policies.updateValue(policy ?? "", forKey: name) == nil {
            names.insert(name, at: position(of: name))
        }
    }

    mutating func remove(_ name: String) {
        if policies.removeValue(forKey: name) != nil { names.remove(at: position(of: name)) }
    }

    /// The index of the first name that is not before this one.
    func position(of name: String) -> Int {
        var (low, high) = (0, names.count)
        while low < high {
            let middle = (low + high) / 2
            if names[middle] < name { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

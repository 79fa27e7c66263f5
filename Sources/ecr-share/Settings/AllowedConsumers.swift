import SharePlan

/// The `allow:` list of the configuration file: consumers, or CSV files that list them.
enum AllowedConsumers {
    /// - Throws: `CommandError` when an entry is neither, or when a file cannot be read or has an error.
    static func read(_ entries: [String], messages: Messages) throws -> Set<Consumer> {
        var consumers: Set<Consumer> = []
        for entry in entries {
            if let consumer = Consumer(entry) {
                consumers.insert(consumer)
            } else if entry.lowercased().hasSuffix(".csv") {
                let list = try InputFile.read(
                    entry, what: "list of allowed consumers", messages, by: ConsumerList.parse(_:path:))
                consumers.formUnion(list.consumers)
            } else {
                throw CommandError(
                    .failed,
                    "allow: \"\(entry)\" is not an account, role, user, organization or CSV file (NAME.csv)")
            }
        }
        return consumers
    }
}

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
                consumers.formUnion(try list(entry, messages))
            } else {
                throw CommandError(
                    .failed,
                    "allow: \"\(entry)\" is not an account, role, user, organization or CSV file (NAME.csv)")
            }
        }
        return consumers
    }

    private static func list(_ path: String, _ messages: Messages) throws -> Set<Consumer> {
        let bytes = try InputFile.bytes(of: path, what: "list of allowed consumers")
        let (list, diagnostics) = ConsumerList.parse(bytes, path: path)
        messages.lines(diagnostics.lines())
        guard let list else {
            throw CommandError(.failed, "\(path) has errors; correct them. Nothing was read from AWS")
        }
        return list.consumers
    }
}

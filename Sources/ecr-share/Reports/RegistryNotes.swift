import AWSValues
import SharePlan

extension Messages {
    /// Says which registries' own policies were not read, of those that were `asked` about (nil for all), save those of
    /// `accounts` of which more is said elsewhere.
    func warn(
        _ notes: [PlanHeader.Note], of asked: Set<Registry>? = nil, except accounts: some Sequence<AccountID>
    ) {
        let told = Set(accounts)
        var unread = PlanNotes()
        for note in notes where asked?.contains(note.registry) != false && !told.contains(note.registry.account) {
            unread.add(warning: note.message, of: note.registry)
        }
        for note in unread.warnings { warning(note.line) }
    }
}

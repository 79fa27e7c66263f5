import Rollout
import Synchronization

extension Archive {
    /// The archive that was chosen; what it has to say of runs that cannot be read is said as a warning, once.
    init(_ options: ArchiveOptions, _ configuration: ConfigurationFile, _ messages: Messages) {
        let said = SaidWarnings()
        self.init(options.archive ?? configuration.archive ?? ".ecr-share") { text in
            if said.isNew(text) { messages.warning(text) }
        }
    }
}

/// Remembers which warnings were said.
private final class SaidWarnings: Sendable {
    private let texts = Mutex<Set<String>>([])

    func isNew(_ text: String) -> Bool { texts.withLock { $0.insert(text).inserted } }
}

import Rollout
import Synchronization

extension Archive {
    /// The archive that was chosen; runs that cannot be read are reported as a warning, once.
    init(_ options: ArchiveOptions, _ configuration: ConfigurationFile, _ messages: Messages) {
        let said = SaidWarnings()
        self.init(Settings.archive.value(options.archive, configuration)) { text in
            if said.isNew(text) { messages.warning(text) }
        }
    }
}

/// Remembers which warnings were shown.
private final class SaidWarnings: Sendable {
    private let texts = Mutex<Set<String>>([])

    func isNew(_ text: String) -> Bool { texts.withLock { $0.insert(text).inserted } }
}

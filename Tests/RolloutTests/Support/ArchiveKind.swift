import Rollout

/// The kinds of archive that runs are tried in.
enum ArchiveKind: String, CaseIterable, Sendable {
    case folder

    /// A new archive, in a folder or with its temporary files there.
    func archive(in folder: Folder) -> Archive {
        switch self {
        case .folder: Archive(folder.path(of: "archive"))
        }
    }
}

extension Runner {
    init(_ store: MemoryStore, _ archive: Archive, _ options: ApplyOptions = ApplyOptions()) {
        self.init(archive: archive, store: store, options: options, clock: FakeClock().clock)
    }
}

import Rollout

/// The kinds of archive that runs are tried in.
enum ArchiveKind: String, CaseIterable, Sendable {
    case folder
    /// Objects in memory, with a claim for a lock and segments for journals.
    case objects

    /// A new archive, in a folder or with its temporary files there.
    func archive(in folder: Folder) -> Archive {
        switch self {
        case .folder: Archive(folder.path(of: "archive"))
        case .objects: Archive(MemoryArchiveStore(), in: folder)
        }
    }
}

extension Archive {
    /// An archive of objects, with its temporary files in `folder`.
    init(_ store: MemoryArchiveStore, in folder: Folder, warn: @escaping @Sendable (String) -> Void = { _ in }) {
        self.init(store, claimant: Claimant(who: "ann", host: "build-7"), spoolFolder: folder, warn: warn)
    }
}

extension Runner {
    init(_ store: MemoryStore, _ archive: Archive, _ options: ApplyOptions = ApplyOptions()) {
        self.init(archive: archive, store: store, options: options, clock: FakeClock().clock)
    }
}

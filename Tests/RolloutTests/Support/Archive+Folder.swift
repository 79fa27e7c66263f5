import Rollout

extension Archive {
    /// Of an archive that is kept in a folder.
    var folder: Folder { Folder(location) }
}

extension ArchivedRun {
    /// Of a run whose archive is kept in a folder.
    var folder: Folder { Folder(location) }
}

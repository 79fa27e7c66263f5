import ArgumentParser

/// Where runs are kept.
struct ArchiveOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Folder in which plans, journals and snapshots are kept (default: .ecr-share).", valueName: "folder"),
        completion: .directory)
    var archive: String?
}

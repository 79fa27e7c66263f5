import ArgumentParser

/// Where runs are kept.
struct ArchiveOptions: ParsableArguments {
    @Option(help: Settings.archive.help, completion: .directory, transform: Settings.archive.parse)
    var archive: String?
}

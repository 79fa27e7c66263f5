import AWSValues
import ArgumentParser
import SharePlan

/// Where runs are kept.
struct ArchiveOptions: ParsableArguments {
    @Option(help: Settings.archive.help, completion: .directory, transform: Settings.archive.parse)
    var archive: ArchivePlace?

    @Option(help: Settings.archiveRegion.help, transform: Settings.archiveRegion.parse) var archiveRegion: String?
    @Option(help: Settings.archiveRole.help, transform: Settings.archiveRole.parse) var archiveRole: String?
    @Option(
        name: .customLong("archive-kms-key"), help: Settings.archiveKMSKey.help,
        transform: Settings.archiveKMSKey.parse)
    var archiveKMSKey: String?
    @Option(help: Settings.archiveBucketOwner.help, transform: Settings.archiveBucketOwner.parse)
    var archiveBucketOwner: AccountID?

    /// What was given, for commands that are to find the archive again: ` --archive team`; empty for nothing.
    var given: String {
        let words = [
            ("--archive", archive?.text), ("--archive-region", archiveRegion), ("--archive-role", archiveRole),
            ("--archive-kms-key", archiveKMSKey), ("--archive-bucket-owner", archiveBucketOwner?.description),
        ]
        return words.map { name, value in value.map { " \(name) \($0.shellQuoted)" } ?? "" }.joined()
    }
}

import AWSClient
import AWSValues
import SharePlan

/// Every setting that may be in `ecr-share.yaml`, in the order of docs/configuration.md.
enum Settings {
    // Signing in.
    static let role = Setting(
        "role", .role(orNone: true),
        "Role to assume in each owner account; 'none' uses the base credentials as they are",
        default: RoleTemplate.standardText)
    static let via = Setting("via", .role(orNone: false), "Hub role that is assumed first")
    static let externalID = Setting("external-id", .text("id"), "External id that the roles require")
    static let sessionName = Setting(
        "session-name", .text("name"), "Session name, as CloudTrail shows it", default: "ecr-share")
    static let sessionDuration = Setting(
        "session-duration", .number(900...43_200, "seconds"), "Duration of each session in seconds", default: 3600)
    static let profile = Setting(
        "profile", .text("name"), "Profile of the shared AWS files for the base credentials",
        variables: ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"])
    static let region = Setting(
        "region", .text("region"), "Region in which STS is called", variables: ["AWS_REGION", "AWS_DEFAULT_REGION"])
    static let endpointURL = Setting(
        "endpoint-url", .text("url"), "Endpoint for all services; plain http is accepted for loopback only",
        variables: ["AWS_ENDPOINT_URL"])
    static let endpointURLOfS3 = Setting(
        "endpoint-url-s3", .text("url"), "Endpoint for S3 alone, which only an archive in a bucket needs",
        variables: ["AWS_ENDPOINT_URL_S3"])
    static let timeout = Setting(
        "timeout", .number(1...600, "seconds"), "Longest time for one request in seconds", standard: "30")
    static let concurrency = Setting(
        "concurrency", .number(1...4096), "Requests in flight at once, over all accounts", default: 64)

    // Files and regions.
    static let archive = Setting(
        "archive", .archive,
        "Folder, or bucket of S3 with a prefix, in which plans, journals and reports are kept (docs/archive.md)",
        default: ArchivePlace.folder(".ecr-share"), standard: ".ecr-share")
    static let archiveRegion = Setting(
        "archive-region", .text("region"), "Region of the archive's bucket", standard: "as for region")
    static let archiveRole = Setting(
        "archive-role", .role(orNone: false), "Role to assume for the archive's bucket",
        standard: "the base credentials")
    static let archiveKMSKey = Setting(
        "archive-kms-key", .text("key"), "KMS key that encrypts what is stored in the archive's bucket",
        standard: "as the bucket says")
    static let archiveBucketOwner = Setting(
        "archive-bucket-owner", .account, "Account that the archive's bucket must belong to")
    static let groups = Setting(
        "groups", .path("a CSV file", "file"), "CSV file that says who belongs to each @group")
    static let allowRegion = Setting(
        "allow-region",
        .texts(
            "regions", "region",
            problem: { text in
                Region(text) == nil
                    ? "\"\(text)\" does not have the form of a region's name, such as us-east-1" : nil
            }), "A region of the matrix that this version does not know yet. Repeatable", default: [], standard: "")
    static let checkAccounts = Setting(
        "check-accounts", .flag,
        "First check that every consumer account is in the organization and active (docs/organizations.md)",
        default: false)

    // Statements.
    static let merge = Setting(
        "merge", .mode,
        "What the matrix means for statements that ecr-share wrote: 'match' adds and revokes, 'add' never revokes, "
            + "'remove' revokes what the matrix lists", default: MergeMode.match)
    static let adopt = Setting(
        "adopt", .flag,
        "Adopt foreign statements that are exactly what ecr-share would write, except those with another prefix. With "
            + "--no-adopt they are not mentioned", standard: "not adopted, but mentioned")
    static let adoptSid = Setting(
        "adopt-sid", .texts("Sids, or globs over them", "glob"),
        "Adopt foreign statements of our shapes whose Sid matches, whatever its prefix. Repeatable", default: [],
        standard: "")
    static let takeOver = Setting(
        "take-over", .flag, "Replace statements of ours that somebody edited by hand", default: false)
    static let prune = Setting(
        "prune", .flag,
        "Also revoke what ecr-share granted on repositories that the matrix no longer names: all in its accounts and "
            + "regions, and those that the archive knows", default: false)
    static let sidPrefix = Setting(
        "sid-prefix", .sidPrefix, "Prefix of every Sid that ecr-share writes", default: "EcrShare")
    static let maxPolicySize = Setting(
        "max-policy-size", .number(1_000...PolicyTooLarge.hardLimit), "Longest policy, in characters",
        default: SharingRules.defaultMaximumPolicySize)

    // Guardrails.
    static let allowRevocations = Setting(
        "allow-revocations", .flag, "Allow an apply with --yes to take access away; a rollback may do so anyway",
        default: false)
    static let maxChanges = Setting(
        "max-changes", .bound,
        "Refuse a plan with more changes than this number or share of its repositories; not for a rollback")
    static let maxRevocations = Setting(
        "max-revocations", .bound,
        "Refuse a plan that removes more grants than this number, or takes access away in more than this share of its "
            + "repositories; not for a rollback")
    static let maxFailures = Setting(
        "max-failures", .positive,
        "Start no more writes once this many repositories have failed; those in flight, up to --concurrency, still "
            + "finish", default: 10)
    static let canary = Setting("canary", .bound, "Write these first, read them back, and continue if all succeed")
    static let rollbackOnFailure = Setting(
        "rollback-on-failure", .flag, "Undo the run when a repository fails", default: false)

    // Without an option: they belong into a file that is reviewed.
    static let protect = Setting(
        "protect", .texts("names or globs of repositories", "glob"), "Repositories that are never written", default: [],
        standard: "")
    static let allow = Setting(
        "allow",
        .texts(
            "accounts, role and user ARNs, organizations, paths, CSV files", "consumer",
            isPath: { $0.hasSuffix(".csv") }), "The only consumers that may gain access", standard: "all consumers")

    static let all: [any AnySetting] = [
        role, via, externalID, sessionName, sessionDuration, profile, region, endpointURL, endpointURLOfS3, timeout,
        concurrency, archive, archiveRegion, archiveRole, archiveKMSKey, archiveBucketOwner,
        groups, allowRegion, checkAccounts, merge, adopt, adoptSid, takeOver, prune, sidPrefix, maxPolicySize,
        allowRevocations, maxChanges, maxRevocations, maxFailures, canary, rollbackOnFailure, protect, allow,
    ]
}

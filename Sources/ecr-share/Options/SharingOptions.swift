import ArgumentParser
import SharePlan

/// How the matrix is read against the live policies.
struct SharingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What the matrix means for statements that ecr-share wrote: 'match' adds and revokes, 'add' never revokes, "
                + "'remove' revokes what the matrix lists (default: match).",
            valueName: "mode"))
    var merge: MergeMode?

    @Flag(
        inversion: .prefixedNo,
        help:
            "Also revoke what ecr-share granted on repositories that the matrix no longer names: all in its accounts and regions, and those that the archive knows."
    )
    var prune: Bool?

    @Flag(inversion: .prefixedNo, help: "Replace statements of ours that somebody edited by hand.")
    var takeOver: Bool?

    @Flag(
        inversion: .prefixedNo,
        help:
            """
            Adopt foreign statements that are exactly what ecr-share would write, except those with another prefix. With \
            --no-adopt they are not mentioned.
            """)
    var adopt: Bool?

    @Option(
        help: ArgumentHelp(
            "Adopt foreign statements of our shapes whose Sid matches, whatever its prefix. Repeatable.",
            valueName: "glob"))
    var adoptSid: [String] = []

    @Option(help: ArgumentHelp("Prefix of every Sid that ecr-share writes (default: EcrShare).", valueName: "prefix"))
    var sidPrefix: String?

    @Option(
        help: ArgumentHelp(
            "Longest policy, in characters; ECR's own limit is 10240 (default: \(SharingRules.defaultMaximumPolicySize)).",
            valueName: "n"))
    var maxPolicySize: Int?

    func validate() throws {
        if let sidPrefix, !SharingOptions.isSidPrefix(sidPrefix) {
            throw ValidationError("--sid-prefix takes 1 to 64 letters and digits")
        }
        if adoptSid.contains("") { throw ValidationError("--adopt-sid takes a Sid or a glob such as 'OtherTeam*'") }
        if let maxPolicySize, !(1_000...10_240).contains(maxPolicySize) {
            throw ValidationError("--max-policy-size takes a number from 1000 to 10240")
        }
    }

    /// The names of the options that were given.
    var given: [String] {
        [
            ("--merge", merge != nil), ("--adopt", adopt != nil), ("--adopt-sid", !adoptSid.isEmpty),
            ("--take-over", takeOver != nil), ("--prune", prune != nil), ("--sid-prefix", sidPrefix != nil),
            ("--max-policy-size", maxPolicySize != nil),
        ].filter(\.1).map(\.0)
    }

    /// Whether repositories that the matrix no longer names are planned too.
    func prunes(_ file: ConfigurationFile) -> Bool { prune ?? file.prune ?? false }

    static func isSidPrefix(_ text: String) -> Bool {
        (1...64).contains(text.count) && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }
}

extension MergeMode: ExpressibleByArgument {}

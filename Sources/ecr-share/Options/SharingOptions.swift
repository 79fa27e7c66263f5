import ArgumentParser
import SharePlan

/// How the matrix is read against the live policies.
struct SharingOptions: ParsableArguments {
    @Option(help: Settings.merge.help) var merge: MergeMode?
    @Flag(inversion: .prefixedNo, help: Settings.prune.flagHelp) var prune: Bool?
    @Flag(inversion: .prefixedNo, help: Settings.takeOver.flagHelp) var takeOver: Bool?
    @Flag(inversion: .prefixedNo, help: Settings.adopt.flagHelp) var adopt: Bool?
    @Option(help: Settings.adoptSid.help, transform: Settings.adoptSid.parseOne) var adoptSid: [String] = []
    @Option(help: Settings.sidPrefix.help, transform: Settings.sidPrefix.parse) var sidPrefix: String?
    @Option(help: Settings.maxPolicySize.help, transform: Settings.maxPolicySize.parse) var maxPolicySize: Int?

    /// The names of the options that were given.
    var given: [String] {
        [
            ("--merge", merge != nil), ("--adopt", adopt != nil), ("--adopt-sid", !adoptSid.isEmpty),
            ("--take-over", takeOver != nil), ("--prune", prune != nil), ("--sid-prefix", sidPrefix != nil),
            ("--max-policy-size", maxPolicySize != nil),
        ].filter(\.1).map(\.0)
    }
}

extension MergeMode: ExpressibleByArgument {}

import SharePlan

extension SharingRules {
    /// The rules of this run: flags first, then the configuration file, then the defaults.
    init(_ options: SharingOptions, _ file: ConfigurationFile) throws {
        self.init(
            mode: Settings.merge.value(options.merge, file),
            sidPrefix: Settings.sidPrefix.value(options.sidPrefix, file),
            adopt: Settings.adopt.value(options.adopt, file) ?? false,
            adoptedSids: Settings.adoptSid.value(options.adoptSid, file).compactMap { SidPattern($0) },
            hintsAtAdoption: Settings.adopt.value(options.adopt, file) ?? true,
            takeOver: Settings.takeOver.value(options.takeOver, file),
            maximumPolicySize: Settings.maxPolicySize.value(options.maxPolicySize, file))
        if Settings.prune.value(options.prune, file), mode != .match {
            throw CommandError(
                .usage,
                "--prune needs --merge match: \(mode == .add ? "add never revokes" : "remove revokes what it lists alone"); "
                    + "leave one of them out, or pass --no-prune")
        }
        if takeOver, mode != .match {
            throw CommandError(
                .usage,
                "--take-over needs --merge match: what an edited statement grants is not known, so the other modes cannot keep it"
            )
        }
    }
}

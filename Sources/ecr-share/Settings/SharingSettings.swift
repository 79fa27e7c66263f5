import SharePlan

extension SharingRules {
    /// The rules of this run: flags first, then the configuration file, then the defaults.
    init(_ options: SharingOptions, _ file: ConfigurationFile) throws {
        self.init(
            mode: options.merge ?? file.merge ?? .match,
            sidPrefix: options.sidPrefix ?? file.sidPrefix ?? "EcrShare",
            adopt: options.adopt ?? file.adopt ?? false,
            adoptedSids: (options.adoptSid.isEmpty ? file.adoptedSids : options.adoptSid).compactMap { SidPattern($0) },
            hintsAtAdoption: options.adopt ?? file.adopt ?? true,
            takeOver: options.takeOver ?? file.takeOver ?? false,
            maximumPolicySize: options.maxPolicySize ?? file.maximumPolicySize ?? SharingRules.defaultMaximumPolicySize)
        if options.prunes(file), mode != .match {
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

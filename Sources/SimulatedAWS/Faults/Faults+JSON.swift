extension Faults {
    /// Reads a fault file, as docs/sandbox.md describes it. Unknown members are errors.
    package init(json text: String) throws {
        self = try JSONFields.read(text, "the fault file", path: "faults") { fields in
            var faults = Faults()
            faults.latencyMilliseconds = try fields.number("latencyMilliseconds") ?? 0
            faults.jitterMilliseconds = try fields.number("jitterMilliseconds") ?? 0
            faults.rateLimits = try fields.objects("rateLimits", RateLimit.init)
            faults.readLags = try fields.objects("readLags", ReadLag.init)
            faults.foreignWriters = try fields.objects("foreignWriters", ForeignWriter.init)
            faults.rules = try fields.objects("rules", FaultRule.init)
            faults.sessionCalls = try fields.integer("sessionCalls")
            faults.sessionSeconds = try fields.number("sessionSeconds")
            faults.clockOffsetSeconds = try fields.number("clockOffsetSeconds") ?? 0
            faults.shufflesPrincipals = try fields.flag("shufflePrincipals") ?? false
            faults.namespacesErrors = try fields.flag("namespacedErrors") ?? false
            faults.skewErrorCode = try fields.string("skewErrorCode")
            faults.ignoresIfNoneMatch = try fields.flag("ignoreIfNoneMatch") ?? false
            faults.ignoresIfMatch = try fields.flag("ignoreIfMatch") ?? false
            faults.listPageSize = try fields.integer("listPageSize").map { max(1, $0) }
            return faults
        }
    }
}

extension FaultTarget {
    /// Takes the members of a target out of the object that contains them.
    fileprivate init(taking fields: inout JSONFields) throws {
        self.init(
            services: try fields.strings("service"),
            accounts: try fields.strings("account"),
            regions: try fields.strings("region"),
            operations: try fields.strings("operation"),
            repositories: try fields.strings("repository"),
            objects: try fields.strings("object")
        )
    }
}

extension Faults.RateLimit {
    fileprivate init(taking fields: inout JSONFields) throws {
        guard let perSecond = try fields.number("perSecond"), perSecond > 0 else {
            throw fields.wrong("perSecond", "must be a number above 0")
        }
        self.init(
            perSecond: perSecond,
            burst: try fields.number("burst"),
            target: try FaultTarget(taking: &fields)
        )
        status = try fields.integer("status") ?? status
        retryAfterMilliseconds = try fields.integer("retryAfterMilliseconds")
    }
}

extension Faults.ReadLag {
    fileprivate init(taking fields: inout JSONFields) throws {
        self.init(
            milliseconds: try fields.number("milliseconds"),
            reads: try fields.integer("reads"),
            target: try FaultTarget(taking: &fields)
        )
    }
}

extension Faults.ForeignWriter {
    fileprivate init(taking fields: inout JSONFields) throws {
        let policy = fields.take("policy")
        self.init(
            afterRead: try fields.integer("afterRead") ?? 1,
            policy: policy.map { $0.string ?? $0.compact },
            target: try FaultTarget(taking: &fields)
        )
    }
}

extension FaultRule {
    fileprivate init(taking fields: inout JSONFields) throws {
        self.init(
            try Effect(taking: &fields),
            target: try FaultTarget(taking: &fields),
            probability: try fields.number("probability") ?? 1,
            skip: try fields.integer("skip") ?? 0,
            count: try fields.integer("count"),
            each: try fields.choice("each") ?? .world
        )
    }
}

extension FaultRule.Effect {
    fileprivate init(taking fields: inout JSONFields) throws {
        switch try fields.required("effect") {
        case "throttle":
            self = .throttle(
                status: try fields.integer("status") ?? 400,
                retryAfterMilliseconds: try fields.integer("retryAfterMilliseconds")
            )
        case "serverError":
            self = .serverError(
                status: try fields.integer("status") ?? 500,
                body: try fields.choice("body") ?? .native,
                afterWork: try fields.flag("afterWork") ?? false
            )
        case "refuse":
            self = .refuse(
                code: try fields.required("code"),
                message: try fields.string("message") ?? "",
                status: try fields.integer("status") ?? 400
            )
        case "resetBeforeWork": self = .resetBeforeWork
        case "resetAfterWork": self = .resetAfterWork
        case "cut": self = .cut
        case "corrupt": self = .corrupt
        case "stall": self = .stall
        case "drip": self = .drip(milliseconds: try fields.number("milliseconds") ?? 1000)
        case "delay": self = .delay(milliseconds: try fields.number("milliseconds") ?? 1000)
        case "expireSession": self = .expireSession
        case let other: throw fields.wrong("effect", "does not know \"\(other)\"")
        }
    }
}

extension JSONFields {
    /// One of an enumeration's words.
    mutating func choice<Choice>(_ name: String) throws(ConfigurationError) -> Choice?
    where Choice: RawRepresentable<String> & CaseIterable {
        guard let text = try string(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw wrong(name, "must be one of \(words)")
        }
        return choice
    }
}

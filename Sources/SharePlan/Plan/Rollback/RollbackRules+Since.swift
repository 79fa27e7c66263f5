import OrderedCollections

extension RollbackRules {
    /// Who still can do what the run gave, though no managed statement grants it in `document`, the policy as the
    /// rollback leaves it: through statements that were written since the run, with another prefix or by somebody. A
    /// sentence each.
    func keptSince(
        _ grants: [Grant], in document: PolicyDocument?, _ change: Change, _ history: RollbackHistory,
        _ steps: PolicySteps
    ) throws -> [String] {
        let partition = change.repository.region.partition
        func statements(_ text: String?) throws -> [PolicyStatement] {
            try text.map { try PolicyDocument(parsing: $0).statements } ?? []
        }
        func has(_ statement: PolicyStatement, in statements: [PolicyStatement]) -> Bool {
            statements.contains { $0.hasSameMeaning(as: statement, in: partition) }
        }
        let known = try statements(change.before) + statements(change.after)
        guard var document, !grants.isEmpty else { return [] }
        let new = document.statements.filter { !has($0, in: known) }
        guard !new.isEmpty else { return [] }

        let asked = GrantDifference(removed: grants.map { WantedGrant($0) })
        func policy(_ text: String?) throws -> PolicyEvaluator {
            try PolicyEvaluator(
                parsing: text, partition: partition, owner: change.repository.account, today: history.today)
        }
        let (before, given, after) = try (policy(change.before), policy(change.after), policy(document.text))
        func held(in policy: PolicyEvaluator) -> [AccessChange.Entry] {
            // Beside whole grants, the parts of those that the run gave.
            let parts = EffectiveAccess.difference(from: given, to: policy, naming: asked).kept.filter { entry in
                if case .other = entry.extent { true } else { false }
            }
            return EffectiveAccess.difference(from: policy, to: policy, naming: asked).kept + parts
        }
        let now = held(in: after)
        let once = now.isEmpty ? [] : held(in: before)
        // What is uncertain may come from statements that the run found or left, whatever the new ones say.
        document.statements.removeAll { $0.members["Effect"] == "Allow" && has($0, in: known) }
        let uncertain = try now.isEmpty ? [] : held(in: policy(document.text))
        var left = now.filter { entry in
            // Who had it before the run has it as before.
            (entry.doubts.isEmpty || uncertain.contains { $0.covers(entry) })
                && !once.contains { $0.doubts.isEmpty && $0.covers(entry) }
        }
        // What statements from before and new ones give together.
        left += EffectiveAccess.difference(from: before, to: after, naming: asked).gained.filter { gain in
            !left.contains { $0.covers(gain) }
        }
        left.removeAll { entry in !entry.isPart(of: grants) || !new.contains { entry.isThrough($0) } }
        if left.isEmpty { return [] }

        let statementsOf = left.map { entry in new.first { entry.isThrough($0) } }
        // Since when the statement gives it, without what the run gave.
        let authors = try steps.states { text -> Set<Int> in
            let live = try LivePolicy(text: text, sidPrefix: sidPrefix, partition: partition)
            let others = GrantSet(live.held.capabilities.subtracting(grants))
            let document = try live.document(granting: others, maximumSize: .max)
            return try Set(
                left.indices.filter { index in
                    var alone = document
                    alone?.statements.removeAll { statement in
                        guard let name = statementsOf[index]?.sid, !name.isEmpty else {
                            return statementsOf[index]?.hasSameMeaning(as: statement, in: partition) != true
                        }
                        return statement.sid != name
                    }
                    return try policy(alone?.text).mayGive(left[index])
                })
        }
        return left.indices.map { index in
            let entry = left[index]
            let run = history.laterRun(authors[index].origin)
            let verb = entry.doubts.isEmpty ? "keeps" : "may keep"
            let doubt = entry.doubts.isEmpty ? "" : ", depending on \(entry.doubts.inWords),"
            let sid = statementsOf[index]?.sid ?? ""
            let name = sid.isEmpty ? "a statement" : "the statement \"\(sid)\""
            let advice =
                run.map { "run \($0) wrote since: undo that run first, or take the grant away with its matrix" }
                ?? "somebody wrote since: take the grant away there"
            return "\(entry.holderInWords) \(verb) \(entry.accessInWords)\(doubt) through \(name), which \(advice)"
        }
    }

    /// Who gets a grant back and cannot use it, since a statement that somebody wrote since the run denies it. A
    /// sentence each.
    func deniedSince(
        _ grants: [Grant], in document: PolicyDocument?, _ change: Change, _ history: RollbackHistory
    ) throws -> [String] {
        guard var document, !grants.isEmpty else { return [] }
        let partition = change.repository.region.partition
        let old = try change.before.map { try PolicyDocument(parsing: $0).statements } ?? []
        document.statements.removeAll { statement in old.contains { $0.hasSameMeaning(as: statement, in: partition) } }
        return try PolicyEvaluator(
            parsing: document.text, partition: partition, owner: change.repository.account, today: history.today
        ).deniedGrants(among: grants, sidPrefix: sidPrefix).map { denied in
            let region = denied.grant.consumerRegion.map { " in \($0)" } ?? ""
            let verb = denied.isCertain ? "denies" : "may deny"
            let name =
                denied.statement.sid.flatMap { $0.isEmpty ? nil : "the statement \"\($0)\"" } ?? "a statement"
            return
                "\(denied.grant.consumer) gets \(denied.grant.access.rawValue)\(region) back, but \(name), which "
                + "somebody wrote since, \(verb) it"
        }
    }
}

extension PolicyEvaluator {
    /// Whether a statement gives the entry's holder some of its actions, or may do so.
    fileprivate func mayGive(_ entry: AccessChange.Entry) -> Bool {
        var mentions = Mentions()
        for statement in statements { mentions.add(statement) }
        if let grant = entry.grant { mentions.add(Holder(of: grant, partition: partition)) }
        let actions = entry.actions
        return AccessSubject.all(mentions).contains { subject in
            guard subject.principal == entry.principal, subject.region == entry.region,
                subject.function == entry.function
            else { return false }
            let answers = answers(to: subject.context(in: partition))
            return zip(statements, answers).contains { statement, answer in
                answer.fit != .no && !ActionSet(possiblyIn: statement).isDisjoint(with: actions)
            }
        }
    }
}

extension AccessChange.Entry {
    /// What of grants it is about.
    fileprivate var actions: ActionSet {
        switch extent {
        case .access(let access): ActionSet(access)
        case .other(let names): ActionSet(among: names)
        }
    }

    /// Whether this is what one of some grants gives, or a part of it: some of the actions, a role or user of the
    /// account, some of its functions.
    fileprivate func isPart(of grants: [Grant]) -> Bool {
        grants.contains { grant in
            let isLambda = grant.access == .lambdaOnly
            guard isLambda == (kind == .lambda), isLambda || function == nil else { return false }
            guard isHeld(by: grant.consumer), !isLambda || region == nil || region == grant.consumerRegion?.name else {
                return false
            }
            guard case .access(let access) = extent else {
                return !isLambda && !actions.isDisjoint(with: ActionSet(grant.access))
            }
            return access == grant.access || !isLambda && access == .push
        }
    }

    private func isHeld(by consumer: Consumer) -> Bool {
        if case .account(let id) = consumer, let own = account { return own == id }
        return self.consumer == consumer
    }

    /// The account of a role, user or session.
    private var account: AccountID? {
        if case .principal(let arn) = consumer { return arn.account }
        return SessionARN(principal)?.account
    }

    /// Whether who has this has all of `other`.
    fileprivate func covers(_ other: AccessChange.Entry) -> Bool {
        guard principal == other.principal, region == other.region, function == other.function else { return false }
        switch (extent, other.extent) {
        case (.access(let mine), .access(let others)): return mine == others || (mine, others) == (.push, .pull)
        case (.access(let mine), .other(let actions)):
            return ActionSet(exactly: actions)?.isSubset(of: ActionSet(mine)) ?? false
        case (.other(let mine), .other(let actions)): return Set(actions).isSubset(of: mine)
        case (.other, .access): return false
        }
    }

    fileprivate var holderInWords: String {
        let functions = function.map { "functions \($0) of " } ?? ""
        return functions + principal
    }

    fileprivate var accessInWords: String {
        let place = region.map { " in \($0)" } ?? ""
        return switch extent {
        case .access(let access): access.rawValue + place
        case .other(let actions): actions.inWords + place
        }
    }

    /// Whether a statement gives this, by its name.
    fileprivate func isThrough(_ statement: PolicyStatement) -> Bool {
        guard let sid = statement.sid, !sid.isEmpty else { return through.contains { $0.hasPrefix("#") } }
        return through.contains(sid)
    }
}

extension ActionSet {
    /// Those of some actions that a grant consists of.
    fileprivate init(among names: [String]) {
        self = names.reduce(into: []) { $0.formUnion(ActionSet(exactly: [$1]) ?? []) }
    }
}

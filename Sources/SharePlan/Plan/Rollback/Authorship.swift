import AWSValues

/// Who decided about the consumers of a run's change since, as far as the archive and the live policy show it: about
/// what the managed statements let them do, and what all others let those do from whom the run took something.
struct Authorship {
    /// One action that a consumer, its Lambda functions in a region, or a part of these can do, surely or perhaps.
    private struct Ability: Hashable {
        let consumer: Consumer
        let subject: AccessSubject
        let action: String
        let isCertain: Bool
    }

    /// What the consumers can do now by managed statements.
    var capabilities: Set<Grant> { managed.now }
    /// Whether somebody deleted managed statements that a run had left.
    let hasLostStatements: Bool
    private let managed: PolicySteps.States<Grant>
    private let foreign: PolicySteps.States<Ability>

    /// `taken`: what the run took.
    init(_ steps: PolicySteps, of change: Change, taken: [Grant], sidPrefix: String, on today: CalendarDate?) throws {
        let repository = change.repository
        let partition = repository.region.partition
        func read(_ policy: Policy?) throws(PolicyError) -> LivePolicy {
            try LivePolicy(policy, sidPrefix: sidPrefix, partition: partition)
        }
        let before = try read(change.before).held(adoptedBy: read(change.after), in: partition)
        // A statement that somebody edited still gives what it gives, until a run replaces it.
        func edited(_ policy: LivePolicy) -> Set<Grant> {
            let statements = TakeOver(of: policy, owner: repository.account, partition: partition)
            return GrantSet(statements.given + statements.possible).capabilities
        }
        managed = try steps.states(
            before: before.capabilities,
            remade: { try read($1).handEdited.isEmpty ? edited(read($0)) : [] }
        ) { policy in
            let policy = try read(policy)
            return policy.held.capabilities.union(edited(policy))
        }
        let asked =
            Set(taken.map(\.consumer)).map { Grant(consumer: $0, access: .push) }
            + taken.filter { $0.access == .lambdaOnly }
        foreign = try steps.states { policy in
            guard let document = try policy?.document, !asked.isEmpty else { return [] }
            let policy = try PolicyEvaluator(
                of: Policy(document.leavingOut(managed: sidPrefix)), partition: partition,
                owner: repository.account, today: today)
            let mentions = Mentions(of: policy.statements)
            var abilities: Set<Ability> = []
            for grant in asked {
                let holder = Holder(of: grant, partition: partition)
                let parts = AccessSubject.all(mentions).filter { subject in
                    subject.isPart(of: holder) || subject.kind == .path && subject.mayBePart(of: holder)
                }
                for subject in parts.union([AccessSubject(holder)]) {
                    // Of single accounts only what is granted to themselves counts.
                    var context = subject.context(in: partition)
                    if case .unknown = context.organization { context.organization = .none }
                    let answers = policy.answers(to: context)
                    for action in ActionSet(grant.access).names {
                        let grade = policy.decision(answers, action: action).grade
                        for isCertain in [false, true] where grade >= (isCertain ? .sure : .possible) {
                            abilities.insert(
                                Ability(
                                    consumer: grant.consumer, subject: subject, action: action, isCertain: isCertain))
                        }
                    }
                }
            }
            return abilities
        }
        hasLostStatements = try steps.byOthers.contains { left, found in
            func names(_ policy: LivePolicy) -> Set<String> {
                Set(policy.held.sorted.map { sidPrefix + GrantShape($0).sidSuffix } + policy.handEdited.map(\.sid))
            }
            return try left != found && !names(read(left)).isSubset(of: names(read(found)))
        }
    }

    /// Of one thing that a consumer can do by managed statements, or cannot.
    func state(of grant: Grant) -> PolicySteps.State { managed[grant] }

    /// The last later run that changed what managed statements let the consumer do, or took what others did, and that
    /// was not undone.
    func laterRun(changing consumer: Consumer) -> Int? {
        (managed.changed.filter { $0.key.consumer == consumer }.map(\.value)
            + taken(from: consumer).filter { $0.last != .somebody })
            .compactMap(\.laterRun).max()
    }

    /// Whether somebody took something from the consumer.
    func somebodyTook(from consumer: Consumer) -> Bool {
        let gone = managed.changed.filter { $0.key.consumer == consumer && !managed.now.contains($0.key) }
        return (gone.map(\.value) + taken(from: consumer)).contains { $0.last == .somebody }
    }

    /// Of what other statements let the consumer do no longer, and managed ones the roles and users of its account.
    private func taken(from consumer: Consumer) -> [PolicySteps.State] {
        let parts = managed.changed.filter { grant, _ in
            guard case .account(let id) = consumer, case .principal(let arn) = grant.consumer else { return false }
            return arn.account == id && !managed.now.contains(grant)
        }
        return parts.map(\.value)
            + foreign.changed.filter { $0.key.consumer == consumer && !foreign.now.contains($0.key) }.map(\.value)
    }
}

extension PolicyDocument {
    /// The same without the statements that are managed under a prefix.
    func leavingOut(managed sidPrefix: String) -> PolicyDocument {
        var document = self
        document.statements.removeAll { $0.isManaged(prefix: sidPrefix) }
        return document
    }
}

/// The content of an archive's `lock.json`: the run that has the archive, without expiry.
package struct Claim: Hashable, Sendable {
    /// The id of the run. All its workers, its resume and its rollback share the claim.
    package let run: String
    /// The process that made the claim; it makes the content, and so its tag, unlike any other.
    package let owner: WorkerID
    /// Who started the run, for a message.
    package let who: String
    /// Where the run was started, for a message.
    package let host: String
    /// When the run was started, in RFC 3339, for a message. Never compared.
    package let since: String

    /// The claim that a process makes for its run.
    package init(run: String, owner: WorkerID, who: String, host: String, since: String) {
        self.run = run
        self.owner = owner
        self.who = who
        self.host = host
        self.since = since
    }
}

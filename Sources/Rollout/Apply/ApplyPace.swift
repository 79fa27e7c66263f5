/// How long an apply waits for what AWS does not do at once. Each list holds the pauses before the tries that follow
/// the first; when it is used up, the answer counts.
package struct ApplyPace: Hashable, Sendable {
    /// Before reading again a policy that was written and still reads as before: about 13 s in all.
    package var readBack: [Duration]
    /// Before reading again a policy whose write was not answered.
    package var settling: [Duration]
    /// Before writing again when ECR does not know a role or user that may be new: IAM takes seconds to be consistent,
    /// Terraform's provider waits up to two minutes.
    package var newPrincipal: [Duration]
    /// How often a write whose answer was lost, and which did not happen, is sent again.
    package var lostWrites: Int

    package init(
        readBack: [Duration] = [
            .milliseconds(200), .milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(5),
        ],
        settling: [Duration] = [.seconds(1), .seconds(2)],
        newPrincipal: [Duration] = [
            .seconds(2), .seconds(4), .seconds(8), .seconds(16), .seconds(30), .seconds(30), .seconds(30),
        ],
        lostWrites: Int = 2
    ) {
        self.readBack = readBack
        self.settling = settling
        self.newPrincipal = newPrincipal
        self.lostWrites = lostWrites
    }
}

/// How long an apply waits for what AWS does not do at once. Each list holds the pauses before the tries that follow
/// the first; when it is used up, the answer counts.
package struct ApplyPace: Hashable, Sendable {
    /// Before reading again a policy that was written and still reads as before: about 13 s in all.
    package var readBack: [Duration] = [200, 500, 1_000, 2_000, 4_000, 5_000].map { .milliseconds($0) }
    /// Before reading again a policy whose write was not answered.
    package var settling: [Duration] = [.seconds(1), .seconds(2)]
    /// Before writing again when ECR does not know a role or user that may be new: IAM takes seconds to be consistent,
    /// Terraform's provider waits up to two minutes.
    package var newPrincipal: [Duration] = [2, 4, 8, 16, 30, 30, 30].map { .seconds($0) }
    /// How often a write whose answer was lost, and which did not happen, is sent again.
    package var lostWrites = 2
}

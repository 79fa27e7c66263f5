/// How live policies and wanted grants become plan entries: the options of `plan` that change what is planned.
package struct SharingRules: Hashable, Sendable {
    package var mode: MergeMode
    /// The start of every managed Sid.
    package var sidPrefix: String
    /// Fold foreign statements of exactly our shapes into managed ones.
    package var adopt: Bool
    /// Rewrite managed statements that somebody edited by hand, instead of reporting them.
    package var takeOver: Bool
    /// The most UTF-8 bytes that a document may have. ECR's own limit is 10,240.
    package var maximumPolicySize: Int

    package init(
        mode: MergeMode = .match, sidPrefix: String = "EcrShare", adopt: Bool = false, takeOver: Bool = false,
        maximumPolicySize: Int = 10_240
    ) {
        self.mode = mode
        self.sidPrefix = sidPrefix
        self.adopt = adopt
        self.takeOver = takeOver
        self.maximumPolicySize = maximumPolicySize
    }

    /// What is to be done with one repository.
    ///
    /// `live` is the text that ECR returned, nil for a repository without a policy and never nil for a failed read.
    /// `wanted` is what the matrix grants there, in any order.
    package func entry(for repository: RepositoryID, live: String?, wanted: [WantedGrant]) -> PlanEntry {
        preconditionFailure("not written yet")
    }
}

extension World {
    /// A large world of even shape, for benchmarks: accounts from 100000000001, regions from us-east-1 and eu-west-1
    /// on, repositories `base/app-0001` and so on, an operator role in every account.
    ///
    /// The foreign share, from 0 to 1, is the part of the repositories that carry somebody else's statement.
    package static func generated(accounts: Int, regions: Int, repositories: Int, foreignShare: Double = 0.25) -> World
    {
        var world = World()
        world.recordedCalls = 0
        world.repositories.reserveCapacity(accounts * regions * repositories)
        var number = 0
        for account in 1...max(1, accounts) {
            let id = String(100_000_000_000 + account)
            world.addOperatorRole(account: id)
            for region in generatedRegions.prefix(regions) {
                for repository in 1...max(1, repositories) {
                    number += 1
                    let digits = String(repository)
                    let name = "base/app-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
                    // Spreads the foreign policies evenly: one whenever the share adds up to a whole.
                    let isForeign = Int(Double(number) * foreignShare) > Int(Double(number - 1) * foreignShare)
                    let policy = isForeign ? foreignPolicies[number % foreignPolicies.count] : nil
                    world.addRepository(account: id, region: region, name: name, policy: policy)
                }
            }
        }
        return world
    }

    /// The regions of a generated world, in order; there are no more than these.
    package static let generatedRegions = [
        "us-east-1", "eu-west-1", "us-west-2", "eu-central-1", "ap-southeast-1", "ap-northeast-1", "us-east-2",
        "eu-north-1", "ap-southeast-2", "sa-east-1", "ca-central-1", "eu-west-2", "eu-west-3", "ap-south-1",
        "ap-northeast-2", "us-west-1", "ap-northeast-3", "eu-south-1", "af-south-1", "me-south-1",
    ]

    private static let foreignPolicies = [
        #"{"Version":"2008-10-17","Statement":[{"Sid":"new statement","Effect":"Allow","Principal":{"AWS":"#
            + #""arn:aws:iam::200000000001:root"},"Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"]}]}"#,
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"ecr:DeleteRepository"}]}"#,
    ]
}

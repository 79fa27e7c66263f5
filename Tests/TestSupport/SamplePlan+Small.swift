import SharePlan

extension SamplePlan {
    /// A handful of repositories, one of each kind of entry.
    package static let small = SamplePlan(name: "small", header: header(), entries: smallEntries())

    private static func smallEntries() -> [PlanEntry] {
        let audit =
            #"{"Sid":"audit","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999900001111:role/audit"},"#
            + #""Action":"ecr:DescribeImages"}"#
        let deny =
            #"{"Sid":"no partner","Effect":"Deny","Principal":{"AWS":"arn:aws:iam::666677778888:root"},"#
            + #""Action":"ecr:*"}"#
        return [
            change(
                "111122223333 eu-west-1 base/python", before: nil, after: policy(pull: ["444455556666"]),
                added: ["444455556666 pull"], reason: "TICKET-42"),
            change(
                "111122223333 us-east-1 base/go",
                before: policy(pull: ["444455556666", "777788889999"], foreign: [audit]),
                after: policy(pull: ["444455556666"], foreign: [audit]), removed: ["777788889999 pull"]),
            change(
                "111122223333 us-east-1 base/java",
                before: policy(pull: ["777788889999"], foreign: [deny]),
                after: policy(push: ["555566667777"], lambda: ["555566667777"], foreign: [deny]),
                added: ["555566667777 push", "555566667777 lambda-only us-east-1"],
                removed: ["777788889999 pull"],
                warnings: ["statement \"no partner\" denies ecr:* to 666677778888, whatever is granted"]),
            change(
                "111122223333 us-east-1 base/python", before: nil, after: policy(pull: ["444455556666"]),
                added: ["444455556666 pull"], reason: "TICKET-42"),
            change(
                "111122223333 us-east-1 base/retired", before: policy(pull: ["444455556666"]), after: nil,
                removed: ["444455556666 pull"]),
            problem(
                "111122223333 us-east-1 base/rust", code: "RepositoryNotFoundException",
                message: "The repository with name 'base/rust' does not exist in the registry with id '111122223333'"
                    + Problem.adviceOnMissingRepository),
            unchanged("222233334444 us-east-1 tools/kubectl"),
            unchanged("222233334444 us-east-1 tools/terraform"),
        ]
    }
}

import SharePlan

extension SamplePlan {
    /// 3,000 changes of a dozen kinds over four accounts and three regions.
    package static let grouped = SamplePlan(
        name: "grouped", header: header(path: "platform/matrix.csv", rows: 4_812),
        entries: groupedEntries())

    private static func groupedEntries() -> [PlanEntry] {
        let many = (0..<290).map { String(300_000_000_000 + $0 * 7_919) }
        var entries: [PlanEntry] = []
        for account in ["111122223333", "222233334444"] {
            for region in ["eu-west-1", "us-east-1"] {
                for number in 1...500 {
                    entries.append(
                        change(
                            "\(account) \(region) base/app-\(padded(number, 4))",
                            before: policy(pull: ["444455556666"]),
                            after: policy(pull: ["444455556666", "555566667777"]), added: ["555566667777 pull"],
                            reason: "TICKET-42"))
                }
                for name in ["go", "java", "node", "python", "rust"] {
                    entries.append(
                        change(
                            "\(account) \(region) base/\(name)", before: nil, after: policy(pull: many),
                            added: many.map { "\($0) pull" }))
                }
                for number in 1...100 {
                    entries.append(
                        change(
                            "\(account) \(region) data/job-\(number)", before: policy(pull: ["777788889999"]),
                            after: policy(organization: "o-a1b2c3d4e5"), added: ["o-a1b2c3d4e5 pull"],
                            removed: ["777788889999 pull"], reason: "leaves the group"))
                }
                for number in 1...10 {
                    entries.append(
                        change(
                            "\(account) \(region) edge/fn-\(padded(number, 2))", before: nil,
                            after: policy(pull: ["444455556666"], lambda: ["444455556666"], lambdaRegion: region),
                            added: ["444455556666 pull", "444455556666 lambda-only \(region)"]))
                }
            }
        }
        for number in 1...484 {
            let name = ["alpha", "beta", "gamma", "delta", "omega"][number % 5]
            entries.append(
                change(
                    "333344445555 us-west-2 team-\(padded(number, 3))/\(name)",
                    before: policy(pull: ["444455556666", "777788889999"]), after: policy(pull: ["444455556666"]),
                    removed: ["777788889999 pull"]))
        }
        for (index, name) in ["billing", "checkout", "ledger", "payments", "refunds", "risk"].enumerated() {
            entries.append(
                change(
                    "444455556666 eu-west-1 \(name)/service", before: policy(push: ["555566667777"]),
                    after: index % 2 == 0 ? policy(pull: ["555566667777"]) : nil, removed: ["555566667777 push"]))
        }
        for (name, consumer) in [
            ("a", "arn:aws:iam::555566667777:role/ci"), ("b", "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*"),
            ("c", "o-a1b2c3d4e5"), ("d", "666677778888"),
        ] {
            for number in 1...5 {
                entries.append(
                    change(
                        "444455556666 eu-west-1 kind-\(name)/image-\(number)", before: nil,
                        after: name == "a"
                            ? policy(push: [consumer])
                            : name == "d"
                                ? policy(pull: [consumer], lambda: [consumer]) : policy(organization: consumer),
                        added: ["\(consumer) \(name == "a" ? "push" : "pull")"]
                            + (name == "d" ? ["\(consumer) lambda-only us-east-1"] : [])))
            }
        }
        for number in 1...30 {
            entries.append(
                change(
                    "444455556666 eu-west-1 shared/lib-\(padded(number, 2))",
                    before: policy(pull: ["555566667777", "666677778888"]),
                    after: policy(pull: ["666677778888", "555566667777"]),
                    warnings: number < 20 ? ["statement 2 could be adopted with --adopt"] : []))
        }
        for number in 1...12 {
            entries.append(
                problem(
                    "444455556666 us-east-1 huge/image-\(number)", code: "policy-too-large",
                    message: "317 accounts need 10,611 characters of 10,240; grant the organization instead"))
        }
        for number in 1...2_000 {
            entries.append(unchanged("444455556666 us-east-1 quiet/image-\(padded(number, 4))"))
        }
        return entries.sorted { $0.subject < $1.subject }
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

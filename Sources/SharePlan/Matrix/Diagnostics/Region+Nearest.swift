import AWSValues

extension Region {
    /// `: did you mean "us-east-1"?` for a name that no known region has, or nothing when none is near.
    package static func suggestion(for name: String) -> String {
        SharePlan.suggestion(for: name, among: knownNames)
    }
}

import ArgumentParser

/// The forms in which a plan can be shown.
enum PlanFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    /// JSON Lines: the plan itself.
    case json
    case markdown
    case html
    /// The commands that a person could run instead.
    case awsCLI = "aws-cli"
}

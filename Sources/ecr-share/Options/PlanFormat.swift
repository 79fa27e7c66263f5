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

/// The forms of a result that is not a plan: for people, or JSON Lines.
enum ResultFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}

/// How a plan's HTML form looks.
package struct HTMLOptions: Hashable, Sendable {
    /// The plan's file, named in the command that applies it; nil when it was not saved.
    package var planFile: String?

    package init(planFile: String? = nil) {
        self.planFile = planFile
    }
}

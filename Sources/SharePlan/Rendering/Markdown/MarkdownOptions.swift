/// How a plan's Markdown form looks.
package struct MarkdownOptions: Hashable, Sendable {
    /// The most UTF-8 bytes to write. GitHub takes 65,536 characters in a comment.
    package var limit: Int
    /// The plan's file, named in the command that applies it; nil when it was not saved.
    package var planFile: String?

    package init(limit: Int = 65_536, planFile: String? = nil) {
        self.limit = max(4_096, limit)
        self.planFile = planFile
    }
}

import AWSValues
import Platform
import SharePlan

/// Shows who has what, in the form that the user chose.
struct AccessPresenter {
    /// What a form needs of one repository, made where its policy is read, so that nothing else is kept.
    enum Finding: Sendable {
        case lines(String)
        case row(HTMLAccessRow)

        /// `report` is nil for the page.
        init(_ access: RepositoryAccess, policy: Policy?, sidPrefix: String, for report: AccessReport?) {
            self =
                report.map { .lines($0.lines(for: access)) }
                ?? .row(HTMLAccessRow(access, policy: policy, sidPrefix: sidPrefix))
        }
    }

    private let report: AccessReport?
    private var page: HTMLAccessRenderer
    private var result: ResultOutput

    init(_ report: AccessReport?, title: String, sidPrefix: String, _ result: ResultOutput) {
        self.report = report
        self.result = result
        page = HTMLAccessRenderer(title: "\(title), read \(Timestamp.now.rfc3339)", sidPrefix: sidPrefix)
    }

    /// What comes before the first repository.
    mutating func begin() throws {
        if let report { try result.write(report.head) }
    }

    mutating func add(_ finding: Finding) throws {
        switch finding {
        case .lines(let lines): try result.write(lines)
        case .row(let row):
            page.add(row)
            try result.write(page.takeOutput())
        }
    }

    /// Adds what could not be read. The page is about repositories only.
    mutating func addUnread(_ problem: Problem) throws {
        if let report { return try result.write(report.lines(unread: problem)) }
        guard let repository = problem.subject.repository else { return }
        page.addUnread(repository, "\(problem.code): \(problem.message)")
        try result.write(page.takeOutput())
    }

    mutating func finish() throws {
        if report == nil { try result.write(page.finish()) }
        try result.finish()
    }
}

import Rollout
import SharePlan

/// Shows who has what, in the form that the user chose.
struct AccessPresenter {
    /// What a form needs of one repository, made where its policy is read, so that nothing else is kept.
    enum Finding: Sendable {
        case lines(String)
        case row(HTMLAccessRow)

        init(_ access: RepositoryAccess, policy: String?, sidPrefix: String, for format: AccessCommand.Format) {
            switch format {
            case .text: self = .lines(AccessReport.text.lines(for: access))
            case .json: self = .lines(AccessReport.json.lines(for: access))
            case .csv: self = .lines(AccessReport.csv.lines(for: access))
            case .html: self = .row(HTMLAccessRow(access, policy: policy, sidPrefix: sidPrefix))
            }
        }
    }

    private let format: AccessCommand.Format
    private var page: HTMLAccessRenderer
    private var result: ResultOutput

    init(_ format: AccessCommand.Format, title: String, sidPrefix: String, _ result: ResultOutput) {
        self.format = format
        self.result = result
        page = HTMLAccessRenderer(title: "\(title), read \(Timestamp.now.rfc3339)", sidPrefix: sidPrefix)
    }

    /// What comes before the first repository.
    mutating func begin() throws {
        if format == .csv { try result.write(AccessReport.csv.head) }
    }

    mutating func add(_ finding: Finding) throws {
        switch finding {
        case .lines(let lines): try result.write(lines)
        case .row(let row):
            page.add(row)
            try result.write(page.takeOutput())
        }
    }

    /// The page shows what could not be read; the other forms leave it to the messages.
    mutating func addUnread(_ repository: RepositoryID, _ reason: String) throws {
        guard format == .html else { return }
        page.addUnread(repository, reason)
        try result.write(page.takeOutput())
    }

    mutating func finish() throws {
        if format == .html { try result.write(page.finish()) }
        try result.finish()
    }
}

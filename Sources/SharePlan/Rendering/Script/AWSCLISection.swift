import AWSValues
import Crypto

/// The commands of one account in a script: those that save, then those that write.
struct AWSCLISection: Sendable {
    let account: AccountID
    /// The role that the reader is asked to assume.
    private let role: String
    private var saving = ""
    private var writing = ""
    private var problems = PlanNotes()
    private var changes = 0
    private var folders: Set<String> = []

    init(_ registry: Registry) {
        account = registry.account
        role = "arn:\(registry.region.partition.id):iam::\(account):role/EcrShareOperator"
    }

    mutating func add(_ problem: Problem) {
        problems.add(problem)
    }

    mutating func add(_ change: Change) {
        changes += 1
        save(change)
        write(change)
    }

    /// The section, which runs only with credentials of its account.
    var text: String {
        var text = "\n# Account \(account): \(changes.repositories) to write\n# Assume \(role) first.\n"
        for note in problems.problems {
            text += "# Not planned: \("\(note.place): \(note.message) [\(note.code ?? "")]".visible())\n"
        }
        guard changes > 0 else { return text }
        return text + """
            if [ "$account" = \(account) ]; then
                # 1. Save what is there now.
            \(saving)
                # 2. Write.
            \(writing)else
                echo "skipped \(account) (\(changes.repositories)): the credentials are of $account" >&2
            fi

            """
    }

    private mutating func save(_ change: Change) {
        guard let before = change.before?.text else {
            saving += "    planned_without\(change.repository.commandOptions)\n"
            return
        }
        let folder = "\(change.repository.account)/\(change.repository.region)"
        if folders.insert(folder).inserted { saving += "    mkdir -p \"$backup\"/\(folder)\n" }
        let file = "\"$backup\"/" + (folder + "/" + change.repository.name.fileName + ".json").shellQuoted
        saving += """
                aws ecr get-repository-policy\(change.repository.commandOptions) \\
                    --query policyText --output text > \(file)
                planned_from \(SHA256.hash(data: Array((before + "\n").utf8)).hexadecimal) \(file)

            """
    }

    private mutating func write(_ change: Change) {
        if changes > 1 { writing += "\n" }
        let group = PlanGroups.Group(change)
        let reason = group.sharedReason.map { " (\($0))" } ?? ""
        for clause in group.clauses {
            let consumers = clause.names.inWords
            let own = clause.reason.isEmpty ? reason : " (\(clause.reason))"
            writing +=
                "    # " + "\(consumers) \(clause.verb) \(clause.access)\(own)".visible() + "\n"
        }
        for warning in change.warnings { writing += "    # Warning: \(warning.visible())\n" }
        guard let after = change.after?.text else {
            writing += "    aws ecr delete-repository-policy\(change.repository.commandOptions) > /dev/null\n"
            return
        }
        guard !after.utf8.contains(0) else {
            writing +=
                "    echo \"\(change.repository): the policy contains a NUL, which no command can pass\" >&2; exit 1\n"
            return
        }
        writing += """
                aws ecr set-repository-policy\(change.repository.commandOptions) \\
                    --policy-text \(after.shellQuoted) > /dev/null

            """
    }
}

extension RepositoryID {
    /// The options that name the repository to the AWS CLI, with a space in front.
    fileprivate var commandOptions: String {
        " --registry-id \(account) --region \(region) --repository-name \(name.text.shellQuoted)"
    }
}

extension RepositoryName {
    /// The name as one path component: `+` for `/`, which no repository name contains.
    fileprivate var fileName: String {
        text.replacing("/", with: "+")
    }
}

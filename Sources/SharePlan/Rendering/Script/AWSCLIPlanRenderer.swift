import AWSValues

/// A plan as a bash script of the AWS CLI commands that a person could run instead.
///
/// Account by account: who to be, then the commands that save every policy, then those that write. A section runs only
/// with credentials of its account, and writes only when every policy there is still what the plan was made from.
/// Any text is inert: commands quote it, comments hold no line end.
package struct AWSCLIPlanRenderer: PlanRenderer {
    private let operation: PlanHeader.Operation
    private var output: String
    private var section: AWSCLISection?

    package init(header: PlanHeader) {
        operation = header.operation
        output = """
            #!/usr/bin/env bash
            # \(header.sentence.visible()), as AWS CLI commands.
            #
            # Run it once with the credentials of each owner account; sections of other accounts are skipped.
            # Policies are saved under backup before anything is written. To put one back:
            #   aws ecr set-repository-policy --registry-id ACCOUNT --region REGION --repository-name NAME \\
            #     --policy-text file://BACKUP
            set -euo pipefail
            umask 077
            export AWS_PAGER=
            backup=backup
            # The first version of the AWS CLI asks STS nothing without a region.
            export AWS_DEFAULT_REGION="${AWS_DEFAULT_REGION:-${AWS_REGION:-us-east-1}}"
            account=$(aws sts get-caller-identity --query Account --output text)

            changed() {
                echo "changed since the plan was made, nothing is written in $account: $1" >&2
                exit 3
            }

            # Stops the script when a saved policy is not the one that the plan was made from.
            planned_from() {
                local sum
                sum=$( (sha256sum || shasum -a 256) < "$2" 2> /dev/null)
                [ "${sum%% *}" = "$1" ] || changed "$2"
            }

            # Stops the script when a repository has a policy that the plan does not know of, or cannot be read.
            planned_without() {
                local answer
                if answer=$(aws ecr get-repository-policy "$@" 2>&1); then changed "$6"; fi
                case $answer in
                    *RepositoryPolicyNotFoundException*) ;;
                    *)
                        echo "$answer" >&2
                        exit 1
                        ;;
                esac
            }

            """
        for note in header.notes { output += "# Warning: \("\(note.registry): \(note.message)".visible())\n" }
    }

    package mutating func add(_ entry: PlanEntry) {
        switch entry {
        case .unchanged, .orphan: return
        case .problem(let problem):
            open(problem.subject.registry)
            section?.add(problem)
        case .change(let change):
            open(change.repository.registry)
            section?.add(change)
        }
    }

    package mutating func takeOutput() -> String {
        defer { output = "" }
        return output
    }

    package mutating func finish(summary: PlanSummary, digest: String) -> String {
        close()
        output += "\n# \(summary.sentence(operation))\n# Digest \(digest.visible())\n"
        return takeOutput()
    }

    private mutating func open(_ registry: Registry) {
        guard section?.account != registry.account else { return }
        close()
        section = AWSCLISection(registry)
    }

    private mutating func close() {
        guard let section else { return }
        self.section = nil
        output += section.text
    }
}

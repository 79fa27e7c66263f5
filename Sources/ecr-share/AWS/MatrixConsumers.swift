import AWSClient
import AWSValues
import SharePlan

/// What only AWS Organizations knows about a matrix's consumers: which accounts are in its units, and whether its
/// accounts can use what they are granted.
struct MatrixConsumers {
    let aws: AWS
    let messages: Messages

    /// The matrix with the active accounts of its units in place of them. With `checksAccounts` every consumer account
    /// must be in the organization and active. Not so in mode `remove`: access is taken from closed accounts too.
    ///
    /// Organizations is asked only when there is something to ask. When it does not answer, the command ends with 1: a
    /// unit that could not be looked up is never mistaken for an empty one, which would revoke its accounts' access.
    func settle(_ matrix: Matrix, checksAccounts: Bool, mode: MergeMode = .match) async throws -> Matrix {
        let checksAccounts = checksAccounts && mode != .remove
        guard checksAccounts || !matrix.openUnits.isEmpty else { return matrix }
        let organizations = try client(for: matrix)
        let settled = try await resolve(matrix, organizations, withInactive: mode == .remove)
        if checksAccounts { try await check(settled, organizations) }
        return settled
    }

    private func client(for matrix: Matrix) throws -> OrganizationsClient {
        let partitions = Set(matrix.registries.map(\.region.partition))
        guard let partition = partitions.first, partitions.count == 1 else {
            throw CommandError(
                .failed,
                "units (ou-…) and --check-accounts need a matrix of one partition, since each partition has "
                    + "organizations of its own; split \(matrix.source.path)")
        }
        do throws(AWSError) {
            return try aws.organizations(partition: partition)
        } catch {
            throw CommandError(.failed, "\(error)")
        }
    }

    private func resolve(
        _ matrix: Matrix, _ organizations: OrganizationsClient, withInactive: Bool
    ) async throws -> Matrix {
        guard !matrix.openUnits.isEmpty else { return matrix }
        let lines = matrix.linesOfOpenUnits()
        var accounts: [OrganizationalUnitID: [AccountID]] = [:]
        var warnings: [String] = []
        for unit in matrix.openUnits {
            let place = Place(matrix.source.path, lines[unit] ?? [])
            let found: [OrganizationAccount]
            do throws(AWSError) {
                found = try await organizations.accounts(below: unit.text)
            } catch {
                throw CommandError(.failed, "\(place): the accounts of \(unit) cannot be looked up: \(error)")
            }
            accounts[unit] = found.filter { $0.isActive || withInactive }.map(\.id)
            for account in found where !account.isActive && !withInactive {
                warnings.append(
                    "\(place): warning: \(unit) has the account \(account.id) (\(account.name)), which is "
                        + "\(account.state) and gets no access")
            }
            if accounts[unit]?.isEmpty != false {
                warnings.append("\(place): warning: \(unit) has no active account; nothing is granted to it")
            }
        }
        messages.lines(warnings)
        return matrix.resolving(accounts)
    }

    private func check(_ matrix: Matrix, _ organizations: OrganizationsClient) async throws {
        let states: [AccountID: String]
        let organization: OrganizationSummary
        do throws(AWSError) {
            organization = try await organizations.organization()
            states = Dictionary(
                try await organizations.accounts().map { ($0.id, $0.state) }, uniquingKeysWith: { $1 })
        } catch {
            throw CommandError(.failed, "the consumer accounts cannot be checked: \(error)")
        }
        var problems: [String] = []
        for (account, lines) in matrix.consumerAccounts() {
            let place = Place(matrix.source.path, lines)
            switch states[account] {
            case "ACTIVE"?: break
            case let state?:
                problems.append("\(place): error: account \(account) is \(state); ECR refuses policies that name it")
            case nil:
                problems.append(
                    "\(place): error: account \(account) is not in the organization \(organization.id); correct the "
                        + "id, or leave --check-accounts out for consumers outside of it")
            }
        }
        guard !problems.isEmpty else { return }
        messages.lines(problems)
        throw CommandError(
            .failed,
            "\(problems.count.counting("consumer account")) cannot be granted anything; nothing was written")
    }
}

/// The lines of a file that mention something: `FILE:LINE`, and how many more.
private struct Place: CustomStringConvertible {
    let description: String

    init(_ path: String, _ lines: [Int]) {
        let first = lines.first.map { ":\($0)" } ?? ""
        let others = lines.dropFirst().map(String.init).listed()
        let noun = lines.count == 2 ? "line" : "lines"
        description = "\(path)\(first)\(others.isEmpty ? "" : " (and \(noun) \(others))")"
    }
}

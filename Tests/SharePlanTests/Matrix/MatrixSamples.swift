import AWSValues
import SharePlan
import Testing

/// A day on which no example has expired.
let sampleDay: CalendarDate = {
    guard let day = CalendarDate("2026-11-24") else { preconditionFailure("the day exists") }
    return day
}()

let longHeader = "owner_account,region,repository,consumer,access,consumer_region,expires,reason\n"

func parse(_ text: String, groups: String? = nil, today: CalendarDate = sampleDay, options: MatrixOptions = .init())
    -> MatrixResult
{
    Matrix.parse(
        Array(text.utf8), path: "m.csv", groups: groups.flatMap { Groups.parse(Array($0.utf8), path: "g.csv").groups },
        today: today, options: options)
}

/// Every grant of a matrix as text, sorted: `ACCOUNT REGION PATTERN CONSUMER ACCESS REGION REASON`. Globs are matched
/// against `live`.
func grants(of matrix: Matrix, live: [String] = []) -> [String] {
    let live = live.compactMap { RepositoryName($0) }
    return matrix.registries.flatMap { registry in
        matrix.targets(in: registry, live: live).targets.flatMap { target in
            matrix.wantedGrants(for: target).map { wanted in
                [
                    target.repository.description, wanted.grant.consumer.description, wanted.grant.access.rawValue,
                    wanted.grant.consumerRegion?.name ?? "-", wanted.reason,
                ].joined(separator: " ").trimmingSpace
            }
        }
    }
}

extension String {
    fileprivate var trimmingSpace: String { last == " " ? String(dropLast()) : self }
}

import AWSValues
import Foundation
import SharePlan
import Testing

@Suite struct ExampleMatrixTests {
    private func example(_ name: String) throws -> [UInt8] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return Array(try Data(contentsOf: root.appending(path: "manifests/examples/\(name)")))
    }

    private var lastDay: CalendarDate {
        get throws { try #require(CalendarDate("2030-12-31")) }
    }

    @Test(arguments: ["base-images.csv", "base-images-wide.csv", "platform.csv"])
    func `An example is clean and nothing in it expires soon`(name: String) throws {
        let (groups, diagnostics) = Groups.parse(try example("groups.csv"), path: "groups.csv")
        #expect(diagnostics.isEmpty)
        let result = Matrix.parse(try example(name), path: name, groups: groups, today: try lastDay)
        #expect(result.diagnostics.isEmpty, "\(result.diagnostics.lines())")
        #expect(try #require(result.matrix).summary.expiredRows == 0)
    }

    @Test func `The long and the wide example give equal grants`() throws {
        func wanted(_ name: String) throws -> [[Grant]] {
            let matrix = try #require(Matrix.parse(try example(name), path: name, today: try lastDay).matrix)
            return matrix.registries.flatMap { matrix.targets(in: $0, live: nil).targets }
                .map { matrix.wantedGrants(for: $0).map(\.grant) }
        }
        let long = try wanted("base-images.csv")
        #expect(long.count == 6)
        #expect(try wanted("base-images-wide.csv") == long)
    }
}

import ArgumentParser
import SimulatedAWS

/// The size of a made-up world, as in `10x2x500`.
struct WorldSize: ExpressibleByArgument {
    var accounts: Int
    var regions: Int
    var repositories: Int

    init?(argument: String) {
        let numbers = argument.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard numbers.count == 3, numbers.allSatisfy({ $0 > 0 }), numbers[1] <= World.generatedRegions.count else {
            return nil
        }
        (accounts, regions, repositories) = (numbers[0], numbers[1], numbers[2])
    }
}

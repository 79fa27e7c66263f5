import Rollout
import SharePlan
import Testing

/// The search for principals that ECR does not know.
@Suite struct PrincipalSearchTests {
    private static let suspects = (0..<40).compactMap { Consumer(String(100_000_000_000 + $0)) }

    @Test(arguments: [1, 2, 3, 7, 40])
    func `Every unknown principal is found, and no known one`(count: Int) {
        for first in 0..<40 {
            let unknown = Set((0..<count).map { Self.suspects[(first + $0 * 7) % 40] })
            var search = PrincipalSearch(Self.suspects)
            var trials = 0
            while let leftOut = search.leftOut {
                trials += 1
                let tried = Set(Self.suspects).subtracting(leftOut)
                search.tried(isAccepted: tried.isDisjoint(with: unknown))
            }
            #expect(search.unknown == unknown)
            #expect(search.known == Set(Self.suspects).subtracting(unknown))
            #expect(trials <= 2 * count * 6 + 2, "\(trials) trials for \(count) unknown ones")
        }
    }

    @Test func `A single suspect needs no trial`() {
        let search = PrincipalSearch([Self.suspects[0]])
        #expect(search.leftOut == nil)
        #expect(search.unknown == [Self.suspects[0]])
    }
}

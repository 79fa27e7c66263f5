/// What a grant allows. The raw values are the words of the matrix, the plan and the reports.
///
/// The matrix's fourth word, `lambda`, is short for two grants: `pull` and `lambda-only`.
package enum Access: String, CaseIterable, Hashable, Comparable, Sendable {
    /// Pull images.
    case pull
    /// Pull and push images; an account with `push` needs no `pull` beside it.
    case push
    /// The Lambda service may fetch images for the consumer's functions in one region.
    case lambdaOnly = "lambda-only"

    package static func < (left: Access, right: Access) -> Bool {
        left.rank < right.rank
    }

    var rank: Int {
        switch self {
        case .pull: 0
        case .push: 1
        case .lambdaOnly: 2
        }
    }
}

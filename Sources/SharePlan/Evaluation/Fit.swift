/// How surely a part of a statement fits a request.
///
/// In this order the minimum is a logical *and*, the maximum a logical *or*. `some` stands below `unknown`, since what
/// covers only some of the requesters surely does not cover all, whatever the unknown turns out to be.
enum Fit: Int, Comparable {
    case no
    /// It fits some of the requesters that the request stands for.
    case some
    /// It cannot be told.
    case unknown
    case yes

    init(_ value: Bool) {
        self = value ? .yes : .no
    }

    static func < (left: Fit, right: Fit) -> Bool {
        left.rawValue < right.rawValue
    }

    static prefix func ! (fit: Fit) -> Fit {
        switch fit {
        case .no: .yes
        case .yes: .no
        case .some, .unknown: fit
        }
    }
}

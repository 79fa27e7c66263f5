/// How surely a part of a statement fits a request.
///
/// In this order the minimum is a logical *and*, the maximum a logical *or*: what covers only some of the requesters
/// surely does not cover all, whatever the unknown turns out to be.
enum Fit: Int, Comparable {
    case no
    /// It fits some of the requesters that the request represents, and the policy names each of them, so that they can
    /// be asked about one by one: an Allow of this kind says nothing about the others.
    case named
    /// It fits some of the requesters that the request represents, and not all of those are named.
    case some
    /// It is unknown.
    case unknown
    /// It fits all of the requesters that the request represents but some whom the policy names, each to be asked about
    /// by itself: a Deny of this kind hits all the others.
    case others
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
        case .named: .others
        case .others: .named
        case .some: .some
        case .unknown: .unknown
        }
    }
}

/// Values that are written once and named by their number afterwards.
struct InternTable<Value: Hashable & Sendable>: Sendable {
    private var places: [Value: Int] = [:]
    /// The values that were added since they were last taken.
    private(set) var fresh: [Value] = []

    mutating func index(of value: Value) -> Int {
        if let place = places[value] { return place }
        let place = places.count
        places[value] = place
        fresh.append(value)
        return place
    }

    mutating func takeFresh() -> [Value] {
        defer { fresh = [] }
        return fresh
    }
}

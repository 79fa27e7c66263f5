extension Array {
    /// The first position whose element does not come before what is looked for, in a sorted array.
    package func sortedStart(_ comesBefore: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if comesBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension Array where Element: Comparable {
    /// Where `element` is in a sorted array, or nil.
    func sortedIndex(of element: Element) -> Int? {
        let index = sortedStart { $0 < element }
        return index < count && self[index] == element ? index : nil
    }
}

/// A number with its noun: `1 row`, `4,213 rows`.
struct Counted: CustomStringConvertible {
    let description: String

    init(_ number: Int, _ singular: String, _ plural: String? = nil) {
        let digits = String(number)
        var grouped = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { grouped.append(",") }
            grouped.append(digit)
        }
        description = "\(grouped) \(number == 1 ? singular : plural ?? singular + "s")"
    }
}

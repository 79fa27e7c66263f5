import AWSClient
import AWSValues
import SharePlan

/// Why a text is not a value of a setting.
struct ValueProblem: Error, Hashable, Sendable {
    let message: String
}

/// The values that a setting takes, and how texts become one.
struct ValueForm<Value: Sendable>: Sendable {
    /// In words, such as `a number from 1 to 4096`.
    let words: String
    /// What the help calls the value: the `n` of `--concurrency <n>`.
    let placeholder: String
    /// The bounds of a number, as the help shows them.
    var range: String?
    /// Whether there may be several values; otherwise ``parse`` gets exactly one text.
    var takesMany = false
    /// Whether a text is a path, which in the file may be relative to the file's folder.
    var isPath: @Sendable (String) -> Bool = { _ in false }
    let parse: @Sendable ([String]) throws(ValueProblem) -> Value
}

extension ValueForm {
    /// A single value, or what was expected instead.
    init(_ words: String, _ placeholder: String, range: String? = nil, _ parse: @escaping @Sendable (String) -> Value?)
    {
        self.init(words: words, placeholder: placeholder, range: range) { texts throws(ValueProblem) in
            guard let value = texts.first.flatMap(parse) else { throw ValueProblem(message: "expected \(words)") }
            return value
        }
    }
}

extension ValueForm<Bool> {
    static let flag = ValueForm("true or false", "") { ["true": true, "false": false][$0] }
}

extension ValueForm<Int> {
    static func number(_ range: ClosedRange<Int>, _ placeholder: String = "n") -> ValueForm {
        let bounds = "\(range.lowerBound) to \(range.upperBound)"
        return ValueForm("a number from \(bounds)", placeholder, range: bounds) { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    static let positive = ValueForm("a number of at least 1", "n") { text in Int(text).flatMap { $0 > 0 ? $0 : nil } }
}

extension ValueForm<PlanLimits.Bound> {
    static let bound = ValueForm("a number or a share such as 10%", "n|p%") { PlanLimits.Bound($0) }
}

extension ValueForm<MergeMode> {
    static let mode = ValueForm("match, add or remove", "mode") { MergeMode(rawValue: $0) }
}

extension ValueForm<AccountID> {
    static let account = ValueForm("a 12-digit account id", "id") { AccountID($0) }
}

extension ValueForm<String> {
    static func text(_ placeholder: String) -> ValueForm { ValueForm("text", placeholder) { $0.isEmpty ? nil : $0 } }

    static func path(_ words: String, _ placeholder: String) -> ValueForm {
        var form = ValueForm(words, placeholder) { $0.isEmpty ? nil : $0 }
        form.isPath = { _ in true }
        return form
    }

    /// The prefix of the program's Sids.
    static let sidPrefix = ValueForm("1 to 64 letters and digits", "prefix") { text in
        let isPrefix = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return (1...64).contains(text.count) && isPrefix ? text : nil
    }

    /// A role, or with `none` as well no role.
    static func role(orNone: Bool) -> ValueForm {
        let none = orNone ? " or none" : ""
        return ValueForm(words: "the ARN of a role\(none)", placeholder: "arn") { texts throws(ValueProblem) in
            let text = texts.first ?? ""
            guard RoleTemplate.isRole(text), orNone || text != "none" else {
                throw ValueProblem(
                    message: "\"\(text)\" is not the ARN of a role, such as \(RoleTemplate.standardText)"
                        + (orNone ? ", nor none" : ""))
            }
            return text
        }
    }
}

extension ValueForm<[String]> {
    /// One or several texts, of which `problem` says what is wrong with one.
    static func texts(
        _ words: String, _ placeholder: String, isPath: @escaping @Sendable (String) -> Bool = { _ in false },
        problem: @escaping @Sendable (String) -> String? = { _ in nil }
    ) -> ValueForm {
        ValueForm(words: words, placeholder: placeholder, takesMany: true, isPath: isPath) {
            texts throws(ValueProblem) in
            for text in texts {
                if let problem = text.isEmpty ? "expected text" : problem(text) { throw ValueProblem(message: problem) }
            }
            return texts
        }
    }
}

/// Text patterns as policies and matrices have them: `*` matches any characters, `?` one.
///
/// Both work on bytes: what is matched is ASCII where wildcards matter.
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
enum Glob {
    private static let star = UInt8(ascii: "*")
    private static let question = UInt8(ascii: "?")
    private static let colon = UInt8(ascii: ":")

    static func hasWildcard(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { $0.contains(where: isWildcard) }
    }

    static func isWildcard(_ byte: UInt8) -> Bool { byte == star || byte == question }

    /// Whether `pattern` matches the whole of `text`.
    ///
    /// Takes at most pattern length × text length steps: when a byte does not fit, only the last `*` before it is tried
    /// again one byte later, since an earlier `*` could not do better.
    static func matches(_ pattern: [UInt8], _ text: [UInt8]) -> Bool {
        pattern.withUnsafeBufferPointer { pattern in text.withUnsafeBufferPointer { matches(pattern, $0) } }
    }

    /// Whether `pattern` matches the whole of `text`.
    static func matches(_ pattern: String, _ text: String) -> Bool {
        var (pattern, text) = (pattern, text)
        return pattern.withUTF8 { pattern in text.withUTF8 { matches(pattern, $0) } }
    }

    private static func matches(_ pattern: UnsafeBufferPointer<UInt8>, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var patternIndex = 0
        var textIndex = 0
        var lastStar: (pattern: Int, text: Int)?
        while textIndex < text.count {
            if patternIndex < pattern.count, pattern[patternIndex] == star {
                lastStar = (patternIndex, textIndex)
                patternIndex += 1
            } else if patternIndex < pattern.count,
                pattern[patternIndex] == question || pattern[patternIndex] == text[textIndex]
            {
                patternIndex += 1
                textIndex += 1
            } else if let last = lastStar {
                // Let the last star take one character more.
                lastStar = (last.pattern, last.text + 1)
                patternIndex = last.pattern + 1
                textIndex = last.text + 1
            } else {
                return false
            }
        }
        return pattern[patternIndex...].allSatisfy { $0 == star }
    }

    /// Whether some text matches both patterns.
    static func intersect(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        intersect(left, right, rightTakesColons: true)
    }

    /// Whether some text matches both patterns. `rightTakesColons`: whether the wildcards of `right` match colons.
    static func intersect(_ left: [UInt8], _ right: [UInt8], rightTakesColons: Bool) -> Bool {
        // Most pairs already differ before the first wildcard.
        for (one, other) in zip(left, right) {
            if one == star || other == star { break }
            if one != other, one != question, other != question { return false }
        }
        // reachable[j]: left[..<i] and right[..<j] have a common text.
        var reachable = [Bool](repeating: false, count: right.count + 1)
        for i in 0...left.count {
            var next = [Bool](repeating: false, count: right.count + 1)
            for j in 0...right.count {
                if i == 0, j == 0 {
                    next[0] = true
                    continue
                }
                let viaLeft = i > 0 && left[i - 1] == star && (reachable[j] || (j > 0 && next[j - 1]))
                let mayTake = i > 0 && (rightTakesColons || left[i - 1] != colon)
                let viaRight = j > 0 && right[j - 1] == star && (next[j - 1] || (mayTake && reachable[j]))
                let viaBoth =
                    i > 0 && j > 0 && reachable[j - 1]
                    && (left[i - 1] == right[j - 1] || left[i - 1] == question || (mayTake && right[j - 1] == question))
                next[j] = viaLeft || viaRight || viaBoth
            }
            reachable = next
        }
        return reachable[right.count]
    }

    /// Whether `pattern` matches every text that `open` matches, whose wildcards mean what those of a pattern do.
    ///
    /// They are filled with bytes that occur in no policy, so that only the pattern's own wildcards can match them,
    /// stars at three lengths, so that `?` does not pass for `*`.
    static func covers(_ pattern: [UInt8], _ open: [UInt8]) -> Bool {
        [[], [1], [1, 2, 1]].allSatisfy { (filling: [UInt8]) in
            matches(pattern, open.flatMap { $0 == star ? filling : [$0 == question ? 1 : $0] })
        }
    }
}

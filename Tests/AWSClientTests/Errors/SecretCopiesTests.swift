import Foundation
import TestSupport
import Testing

@testable import AWSClient

/// No form of a known secret comes through, nor a part of one that has twelve characters.
@Suite struct SecretCopiesTests {
    /// A session token, a key pair's secret, a signature, a proxy's password, and ones that are full of escapes or
    /// short.
    private static let secrets = [
        "IQoJb3JpZ2luX2VjEBYaCXVzLWVhc3QtMSJHMEUCIQDq4Kx0Gm7T+3xv/8wqYh2Zr5N1cPs9kLbV6tJdF0uEaQIgW3zXo8RyU1iHf+mB7eSg/2v==",
        "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
        "eyJraWQ-iOiJr_ZXktMTU2NDAyODA5OSIsImFsZyI6IlJTMzg0In0.eyJwbGFpbi1za1-9u", "Tr0ub4dor&3%zoo/quartz:Haus",
        "pässwörter-grün-12", "hunt3r2X",
    ]

    /// How a secret is written, one element for each of its characters.
    private enum Form: CaseIterable {
        case plain, upperCase, reversed, lineBreaks, invisible, percent, everyPercent, percentTwice, entities,
            hexEntities
        case json, jsonInJSON, hexadecimal, base64, base64OfURLs

        func units(_ part: [Character], _ random: inout SeededGenerator) -> [String] {
            let texts = part.map(String.init)
            func bytes(_ text: String, _ body: (UInt8) -> String) -> String { text.utf8.map(body).joined() }
            let percent = { (text: String) in bytes(text) { "%" + String(format: "%02X", $0) } }
            let unicode = { (text: String) in text.utf16.map { "\\u" + String(format: "%04x", $0) }.joined() }
            switch self {
            case .plain: return texts
            case .upperCase: return texts.map { $0.utf8.count == 1 ? $0.uppercased() : $0 }
            case .reversed: return texts.reversed()
            case .lineBreaks:
                return texts.enumerated().map {
                    $0.offset % 7 == 3 ? ["\n", "\r\n", "\t ", " "].pick(&random) + $0.element : $0.element
                }
            case .invisible:
                return texts.map {
                    $0
                        + ["", "\u{200B}", "\u{202E}", "\u{AD}", "\u{1B}", "\u{FEFF}", "&#8203;", "\u{E0041}"].pick(
                            &random)
                }
            case .percent: return texts.map { PercentEncoding.encode($0) }
            case .everyPercent: return texts.map(percent)
            case .percentTwice: return texts.map { percent($0).replacing("%", with: "%25") }
            case .entities:
                let names = ["&": "&amp;", "<": "&lt;", "/": "&#47;", "+": "&plus;"]
                return texts.map { names[$0] ?? $0 }
            case .hexEntities:
                return texts.map { $0.unicodeScalars.map { "&#x" + String($0.value, radix: 16) + ";" }.joined() }
            case .json:
                return texts.map {
                    ["/": "\\/", "\\": "\\\\"][$0] ?? (Int.random(in: 0...2, using: &random) == 0 ? unicode($0) : $0)
                }
            case .jsonInJSON: return texts.map { $0 == "/" ? "\\\\/" : unicode($0).replacing("\\", with: "\\\\") }
            case .hexadecimal: return texts.map { bytes($0) { String(format: "%02x", $0) } }
            case .base64, .base64OfURLs:
                let count = Int.random(in: 0...3, using: &random)
                let before = (0..<count).map { _ in UInt8.random(in: 33...126, using: &random) }
                let text = Data(before + Array(String(part).utf8) + Array("::".utf8)).base64EncodedString()
                let inURLs = text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
                let written = self == .base64 ? text : inURLs
                // One element for what is not of the part alone.
                let (start, end) = (before.isEmpty ? 0 : 4, 4)
                return [String(written.prefix(start))] + written.dropFirst(start).dropLast(end).map(String.init)
                    + [String(written.suffix(end))]
            }
        }

        /// How many units tell twelve characters.
        var shortest: Int { isInGroups ? 17 : 12 }
        var isInGroups: Bool { self == .base64 || self == .base64OfURLs }
    }

    private func visible(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.filter {
                    !$0.properties.isWhitespace && !$0.properties.isDefaultIgnorableCodePoint && $0.value >= 0x20
                }))
    }

    @Test func `Every secret is hidden in every form, whole or cut, wherever it is`() {
        var random = SeededGenerator(seed: 7)
        let words = [
            "the", "request", "was", "refused:", "'arn:aws:iam::111122223333:role/x'", "invalid", "100%", "a&b;", "\\",
            "(", "é",
        ]
        for _ in 0..<100 {
            for form in Form.allCases {
                let secret = Array(Self.secrets.pick(&random))
                let length =
                    secret.count <= 12 || Bool.random(using: &random)
                    ? secret.count : Int.random(in: 12...secret.count, using: &random)
                let start = Int.random(in: 0...(secret.count - length), using: &random)
                let units = form.units(Array(secret[start..<(start + length)]), &random)
                func filler() -> String {
                    (0..<Int.random(in: 0...9, using: &random)).map { _ in words.pick(&random) }.joined(separator: " ")
                }
                let text =
                    "Refused: " + filler() + ["", " ", "'", "=", "\n", "x"].pick(&random) + units.joined()
                    + ["", " ", "'", "y"].pick(&random) + filler()
                let cleaned = CleanText(text, hiding: Self.secrets).description
                #expect(cleaned.hasPrefix("Refused:"), "\(form): \(text)\n\(cleaned)")
                let own = form.isInGroups ? units.dropFirst().dropLast() : units[...]
                let (shown, run) = (visible(cleaned), min(form.shortest, own.count))
                let part = (own.startIndex...(own.endIndex - run)).lazy
                    .map { visible(own[$0..<($0 + run)].joined()) }.first { shown.contains($0) }
                #expect(part == nil, "\(form): \(text)\n\(cleaned)")
            }
        }
    }

    @Test func `A broken or escaped secret leaves nothing of itself`() {
        let token = Self.secrets[0]
        let broken = token.enumerated().map { ($0.offset % 20 == 19 ? "\n" : "") + String($0.element) }.joined()
        for text in [
            broken, broken.replacing("\n", with: "\\n"), broken.replacing("\n", with: "\u{200B}"),
            broken.replacing("\n", with: "&nbsp;"),
        ] {
            #expect(CleanText("a '\(text)' b", hiding: [token]).description == "a '[hidden]' b")
        }
    }

    @Test func `Words that are no part of a secret stay`() {
        let text =
            "User: arn:aws:sts::111122223333:assumed-role/EcrShareOperator/ecr-share is not authorized to perform: "
            + "ecr:GetRepositoryPolicy (100% a&b; c:\\temp 5d672d79c15)"
        #expect(CleanText(text, hiding: Self.secrets).description == text)
    }

    @Test func `A long text is bounded, takes little time, and its end tells no start of a secret`() {
        let secret = Self.secrets[4]
        for count in [990, 32_760, 65_520, 8 << 20] {
            for filler in ["x", " ", "e\u{301}", "\(secret) "] {
                let text = String(repeating: filler, count: count / filler.utf8.count) + secret
                let start = ContinuousClock.now
                let cleaned = CleanText(text, hiding: Self.secrets).description
                #expect(ContinuousClock.now - start < .seconds(5))
                #expect(cleaned.utf8.count < 4_100)
                for length in 6...secret.count {
                    #expect(!cleaned.hasSuffix(secret.prefix(length)), "\(cleaned.suffix(40))")
                }
            }
        }
    }
}

extension Array {
    fileprivate func pick(_ random: inout SeededGenerator) -> Element { random.pick(Array(self)) }
}

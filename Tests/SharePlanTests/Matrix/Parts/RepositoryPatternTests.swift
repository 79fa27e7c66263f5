import AWSValues
import SharePlan
import TestSupport
import Testing

@Suite struct RepositoryPatternTests {
    @Test(arguments: [
        ("base/python", "base/python", true), ("base/python", "base/python3", false), ("base/*", "base/a/b", true),
        ("base/*", "base", false), ("*", "anything/at.all", true), ("*/python", "base/python", true),
        ("base/p?thon", "base/python", true), ("base/p?thon", "base/pthon", false), ("**a**b*", "xxaxxbxx", true),
        ("a*b*c", "abcabc", true), ("a*b*c", "abcabcd", false), ("??", "ab", true), ("??", "abc", false),
    ])
    func `A glob covers what it says`(pattern: String, name: String, covers: Bool) throws {
        let pattern = try #require(RepositoryPattern(pattern))
        #expect(pattern.matches(try #require(RepositoryName(name))) == covers)
    }

    @Test(arguments: ["", "Base/*", "base/*:1", "a b*", "base/[ab]", "-a", String(repeating: "*", count: 257)])
    func `What no name can have is no pattern`(text: String) {
        #expect(RepositoryPattern(text) == nil)
    }

    @Test func `The matcher agrees with a naive one`() {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 1...9, using: &random)).map { _ in
                ["a", "b", "*", "?"].randomElement(using: &random) ?? "*"
            }.joined()
            let name = (0..<Int.random(in: 2...10, using: &random)).map { _ in Bool.random(using: &random) ? "a" : "b" }
                .joined()
            guard let pattern = RepositoryPattern(text), let repository = RepositoryName(name) else { continue }
            #expect(pattern.matches(repository) == naive(text[...], name[...]), "\(text) \(name)")
        }
    }

    @Test func `Many stars do not explode`() throws {
        let pattern = try #require(RepositoryPattern(String(repeating: "*a", count: 120) + "*b"))
        #expect(!pattern.matches(try #require(RepositoryName(String(repeating: "a", count: 256)))))
    }

    private func naive(_ pattern: Substring, _ name: Substring) -> Bool {
        guard let first = pattern.first else { return name.isEmpty }
        if first == "*" {
            return naive(pattern.dropFirst(), name) || (!name.isEmpty && naive(pattern, name.dropFirst()))
        }
        guard let letter = name.first, first == "?" || first == letter else { return false }
        return naive(pattern.dropFirst(), name.dropFirst())
    }
}

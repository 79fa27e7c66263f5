import Foundation
import Testing

@testable import ecr_share

/// YAML that is broken, or made to hurt: what is wrong with it, and in which line.
@Suite(.timeLimit(.minutes(1))) struct HostileYAMLTests {
    @Test(arguments: [
        // Something is missing, and libyaml sees it late.
        ("external-id: x\nbad\nregion: y\n", "2: not YAML: could not find expected ':' while scanning a simple key"),
        (
            "external-id: x\nregion: \"y\nmerge: add\n",
            "2: not YAML: found unexpected end of stream while scanning a quoted scalar"
        ),
        (
            "external-id: x\nregion: 'y\n--- z'\n",
            "2: not YAML: found unexpected document indicator while scanning a quoted scalar"
        ),
        (
            "external-id: x\nallow: [a, b\nprune: true\n",
            "2: not YAML: did not find expected ',' or ']' while parsing a flow sequence"
        ),
        (
            "external-id: x\nallow: [\"a\",\n  \"b\"\nprune: true\n",
            "2: not YAML: did not find expected ',' or ']' while parsing"
        ),
        (
            "accounts:\n  1: {external-id: x\n  2: {external-id: y}\n",
            "2: not YAML: did not find expected ',' or '}' while parsing"
        ),
        ("external-id: x\nallow: [\n", "2: not YAML: did not find expected node content while parsing a flow node"),
        (
            "external-id: x\nallow: [a,\n\n\n",
            "2: not YAML: did not find expected node content while parsing a flow node"
        ),
        (
            "external-id: x\nallow: [\n  'a'\n  'b',\n]\n",
            "4: not YAML: did not find expected ',' or ']' while parsing a flow sequence"
        ),
        ("allow: [a,\n  }\n", "2: not YAML: did not find expected node content while parsing a flow node"),
        // Something is there that does not fit.
        (
            "merge: add\nexternal-id: \"x\" y\nregion: z\n",
            "2: not YAML: did not find expected key while parsing a block mapping"
        ),
        ("merge: add\nexternal-id: x\n- a\n", "3: not YAML: did not find expected key while parsing a block mapping"),
        ("accounts:\n    1: {}\n  2: {}\n", "3: not YAML: did not find expected key while parsing a block mapping"),
        ("external-id: x\n region: y\n", "2: not YAML: mapping values are not allowed in this context"),
        (
            "external-id: x\nprotect: @y\n",
            "2: not YAML: found character that cannot start any token while scanning for"
        ),
        (
            "external-id: x\nregion: \"a\n  \\q\"\n",
            "3: not YAML: found unknown escape character while parsing a quoted scalar"
        ),
        ("external-id: x\nregion: !e!s y\n", "2: not YAML: found undefined tag handle while parsing a node"),
        ("# a\n%YAML 2.0\n---\nexternal-id: x\n", "2: not YAML: found incompatible YAML document"),
        // Tabs.
        (
            "external-id: x\n\tregion: y\n",
            "2: not YAML: found a tab character that violates indentation while scanning"
        ),
        ("accounts:\n\t1: {}\n", "2: not YAML: found character that cannot start any token while scanning for"),
        (
            "external-id: x\nregion: |\n\ty\n",
            "3: not YAML: found a tab character where an indentation space is expected"
        ),
        // What YAML has and a configuration does not need.
        ("external-id: &a x\nregion: *a\n", "2: \"*a\" is an alias, which is not supported; write the value itself"),
        ("protect:\n  - *-internal\n", "2: \"*-internal\" is an alias, which is not supported"),
        ("*a : x\n", "1: \"*a\" is an alias"),
        ("accounts:\n  1: &a {}\n  2:\n    <<: *a\n", "4: \"*a\" is an alias"),
        ("<<: {external-id: x}\n", "1: unknown key \"<<\""),
        ("external-id: x\n---\nexternal-id: y\n", "2: expected a single document; another one begins here"),
        ("external-id: x\n...\n---\n", "3: expected a single document; another one begins here"),
        ("external-id: x\n...\nexternal-id: y\n", "3: not YAML: did not find expected <document start>"),
        ("%TAG ! x\n---\nexternal-id: x\n", "1: %TAG is not supported"),
        ("? [a]\n: b\n", "1: expected a key"),
        ("external-id: x\nexternal-id: y\n", "2: \"external-id\" appears more than once"),
        ("accounts:\n  111122223333: {}\n  \"111122223333\": {}\n", "3: \"111122223333\" appears more than once"),
        // Bytes.
        ("external-id: x\r\nregion: y\r\n\r\nprofil: z\r\n", "4: unknown key \"profil\""),
        ("external-id: x\r\nallow: [a\r\nmerge: add\r\n", "2: not YAML: did not find expected ',' or ']'"),
        ("\u{FEFF}external-id: x\nregion: y\nprofil: z\n", "3: unknown key \"profil\""),
        ("\u{FEFF}external-id: x\nregion: \0\n", "2: not YAML: control characters are not allowed"),
        ("external-id: x\nregion: a\u{1B}[2J\n", "2: not YAML: control characters are not allowed"),
        ("external-id: x\nregion: \"a\\0b\"\n", "2: NUL characters are not allowed"),
        ("external-id: x\nregion: \"a\\ud800\"\n", "2: not YAML: found invalid Unicode character escape code"),
    ]) func `What is wrong is reported with its line`(text: String, problem: String) {
        #expect(Self.problem(Array(text.utf8)).hasPrefix("c.yaml:" + problem))
    }

    @Test(arguments: [
        ("external-id: x\nregion: \u{FF}\n", 2), ("external-id: x\r\nregion: y\r\n\u{FF}", 3),
        ("external-id: x\n\u{C3}", 2),
        ("\u{FF}\u{FE}r\0", 1),
        ("external-id: \u{C0}\u{AF}\n", 1), ("\u{E2}\u{82}\n\nexternal-id: x\n", 1),
    ]) func `What is not UTF-8 is reported with its line`(latin1: String, line: Int) {
        #expect(Self.problem(latin1.unicodeScalars.map { UInt8($0.value) }) == "c.yaml:\(line): not UTF-8")
    }

    @Test(arguments: ["[", "{a: ", "- ", "? ", "- - ? - ", "[{a: ["])
    func `What is nested deeply is refused where it becomes too deep`(text: String) {
        let bytes = Array(("\n\n" + String(repeating: text, count: 50_000)).utf8)
        #expect(Self.problem(bytes).hasPrefix("c.yaml:3: nested deeper than 32 levels"))
    }

    @Test(arguments: [
        ("#\n", 1), ("k: x\n", 1), ("%TAG !a a\n", 1), ("- &a !b \"\\u0041\"\n", 1), ("[a],\n", 1), ("x ", 1),
        ("\n", 1),
    ]) func `A file as long as may be takes no time, and a longer one is not read`(text: String, line: Int) throws {
        var bytes = Array(String(repeating: text, count: YAMLReader.maximumSize / text.utf8.count).utf8)
        let start = ContinuousClock.now
        _ = Self.problem(bytes)
        #expect(ContinuousClock.now - start < .seconds(20))
        bytes += [UInt8](repeating: 0x0A, count: YAMLReader.maximumSize + 1 - bytes.count)
        #expect(Self.problem(bytes) == "c.yaml:1: the file is longer than 1048576 bytes")
    }

    @Test func `A file without end is not read to its end`() {
        let error = #expect(throws: CommandError.self) { try ConfigurationFile(explicit: "/dev/zero", beside: nil) }
        #expect(error?.details == ["/dev/zero:1: the file is longer than 1048576 bytes"])
    }

    @Test(arguments: ["", "\n", "# nothing\n", "---\n", "---\n...\n", "\u{FEFF}", "\u{FEFF}# nothing\r\n"])
    func `A file without content sets nothing`(text: String) throws {
        let file = try ConfigurationFile(parsing: Array(text.utf8), path: "c.yaml")
        #expect(file[Settings.externalID] == nil && file.accounts.isEmpty)
    }

    /// Scalars are their text, whatever YAML takes them for.
    @Test func `Forms of the same text are the same`() throws {
        let text = """
            %YAML 1.1
            ---
            endpoint-url: !!str "a\\tb"   # a comment
            "region": 'it''s'
            ? profile
            : &anchor 010
            session-name: yes
            external-id: >-
              two
              words
            archive: ~
            adopt: "true"
            prune: !custom false
            timeout: '20'
            protect: [1.0, null, "", {}]
            allow: 444455556666
            """
        #expect(Self.problem(Array(text.utf8)) == "c.yaml:15: expected text\nc.yaml:15: expected text")
        let file = try ConfigurationFile(parsing: Array(text.replacing(#", "", {}"#, with: "").utf8), path: "d/c.yaml")
        #expect(
            file[Settings.endpointURL] == "a\tb" && file[Settings.region] == "it's" && file[Settings.profile] == "010"
                && file[Settings.sessionName] == "yes")
        #expect(
            file[Settings.externalID] == "two words" && file[Settings.archive]?.text == "d/~"
                && file[Settings.adopt] == true && file[Settings.prune] == false)
        #expect(file[Settings.timeout] == 20 && file[Settings.protect] == ["1.0", "null"])
        #expect(file[Settings.allow] == ["444455556666"])
    }

    @Test(arguments: ["True", "yes", "on", "1", "~", "''"])
    func `Only true and false are flags`(text: String) {
        #expect(Self.problem(Array("\nadopt: \(text)\n".utf8)) == "c.yaml:2: expected true or false")
    }

    @Test func `A node is where it begins`() throws {
        let root = try #require(try YAMLReader.read(Array("\u{FEFF}# é\né: [a, 'ü',\n  {b: c}]\n".utf8)))
        guard case .mapping(let entries) = root.content, case .sequence(let elements) = entries[0].value.content else {
            Issue.record("\(root)")
            return
        }
        let nodes = [root, entries[0].key, entries[0].value] + elements
        #expect(nodes.map(\.line) == [2, 2, 2, 2, 2, 3])
        #expect(nodes.map(\.column) == [1, 1, 4, 5, 8, 3])
    }

    /// All that is said of a file; nothing when it can be used.
    private static func problem(_ bytes: [UInt8]) -> String {
        do throws(ConfigurationError) {
            _ = try ConfigurationFile(parsing: bytes, path: "c.yaml")
            return ""
        } catch {
            return error.lines.joined(separator: "\n")
        }
    }
}

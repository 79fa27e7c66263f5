import Foundation
import RegexBuilder
import Testing

/// The files that the page is made of, as they are in the repository.
enum PageFiles {
    static let scripts = ["plan.js", "difference.js", "matrix.js", "paper.js", "controls.js"]

    static var script: String { scripts.map(read).joined() }
    static var style: String { read("page.css") }
    static var body: String { read("body.html") }

    static func read(_ name: String) -> String {
        let folder = URL(filePath: #filePath).appending(path: "../../../../Sources/SharePlan/Rendering/HTML/Page")
        return (try? String(contentsOf: folder.appending(path: name).standardized, encoding: .utf8)) ?? ""
    }
}

/// What Chromium cannot find out about the page's files, since to it they may be right; `BrowserTests` asks it the
/// rest.
@Suite struct PageFilesTests {
    @Test(arguments: PageFiles.scripts + ["page.css", "body.html"])
    func `Lines keep to 120 columns, without tabs and spaces at their end`(name: String) {
        let lines = PageFiles.read(name).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count > 10 && lines.last == "" && lines.dropLast().last != "")
        for (number, line) in lines.enumerated() {
            #expect(line.count <= 120 && !line.hasSuffix(" ") && !line.contains("\t"), "\(name):\(number + 1)")
        }
    }

    @Test(arguments: PageFiles.scripts)
    func `Scripts declare what they use and compare without conversion`(name: String) {
        let script = PageFiles.read(name)
        #expect(!script.contains(/\bvar\b/) && !script.contains(/[^=!]==[^=]/) && !script.contains(/!=[^=]/))
        #expect(PageFiles.script.hasPrefix("// ") && PageFiles.script.contains("\n\"use strict\";\n"))
        #expect(!script.contains(/console\.|debugger|alert\(/))
    }

    @Test func `Every function and constant of the scripts is used`() {
        let script = PageFiles.script
        let names = script.matches(of: /(?m)^(?:async )?(?:function|const|let) ([A-Za-z_]+)/).map(\.output.1)
        #expect(names.count > 60)
        for name in names {
            #expect(script.matches(of: word(name)).count > 1, "\(name)")
        }
    }

    @Test func `Every element that a script or the style names is in the page`() {
        let ids = Set(PageFiles.body.matches(of: /\bid="([a-z-]+)"/).map { String($0.output.1) })
        let asked = Set(PageFiles.script.matches(of: /element\("([a-z-]+)"\)/).map { String($0.output.1) })
        #expect(asked.count > 20 && asked.isSubset(of: ids), "\(asked.subtracting(ids))")
        let selectors = PageFiles.style.replacing(/\{[^{}]*\}/, with: "{}")
        let styled = Set(selectors.matches(of: /#([a-z-]+)/).map { String($0.output.1) })
        #expect(styled.isSubset(of: ids), "\(styled.subtracting(ids))")
        // The data of the page name these.
        let fromData: Set = ["loss", "gain", "problem", "warning", "undone", "reason", "same"]
        let classes = Set(selectors.matches(of: /\.([a-z]+)/).map { String($0.output.1) })
        for name in classes {
            let isUsed = PageFiles.body.contains(word(name)) || PageFiles.script.contains(word(name))
            #expect(isUsed || fromData.contains(name), "\(name)")
        }
    }

    @Test func `Every colour is defined, in both schemes, and used`() {
        let style = PageFiles.style
        let defined = style.matches(of: /--([a-z-]+):/).map { String($0.output.1) }
        let asked = Set(style.matches(of: /var\(--([a-z-]+)\)/).map { String($0.output.1) })
        #expect(asked.isSubset(of: defined), "\(asked.subtracting(defined))")
        for name in Set(defined) {
            #expect(defined.count { $0 == name } == 2, "\(name)")
            #expect(asked.contains(name) || PageFiles.script.contains("\"\(name)\""), "\(name)")
        }
    }

    /// A name where it is not a part of a longer one.
    private func word(_ name: some StringProtocol) -> Regex<Substring> {
        Regex {
            Anchor.wordBoundary
            String(name)
            Anchor.wordBoundary
        }
        // By Unicode's rules "plan.rows" would be one word.
        .wordBoundaryKind(.simple)
    }
}

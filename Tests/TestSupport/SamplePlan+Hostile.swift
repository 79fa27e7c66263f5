import SharePlan

extension SamplePlan {
    /// Texts that try to break out of every form: HTML, shell, Markdown, terminal escapes, line ends, bidirectional
    /// overrides, here-document ends.
    package static let hostileTexts = [
        #"</script><script>alert(1)</script><img src=x onerror=alert(1)>"#,
        #"'; touch /tmp/pwned; echo '$(touch /tmp/pwned)`touch /tmp/pwned`"#,
        "\u{1B}[2J\u{1B}]0;title\u{7}\u{9B}31m\r\n\tnew line",
        #"| a | b |  **bold** [link](https://example.com) ![x](y) @octocat #123 `code` <details> GH-7"#,
        "abc\u{202E}txt.exe\u{2066}\u{200B}\u{FEFF}end",
        "\nPOLICY\nEOF\nrm -rf ~\n",
        #"back\slash \' \" \\ %s %n ${IFS} $HOME !! & ; < > * ? [a] {b} ~"#,
        "Grüße 東京 😀 \u{2028} é",
        "```\n--> ]]> --!> \u{0}",
    ]

    /// A plan whose every free text is hostile.
    package static let hostile = SamplePlan(
        name: "hostile",
        header: PlanHeader(
            id: "run'\"<b>\u{1B}[31m$(id)", createdAt: "2026-11-24T21:03:59Z", operation: .share, mode: .match,
            sidPrefix: "Ecr'\"<Share", matrix: .init(path: "a b'\"\n$(id)<i>.csv", sha256: "ab", rows: 9)),
        entries: hostileEntries())

    private static func hostileEntries() -> [PlanEntry] {
        var entries: [PlanEntry] = []
        for (index, text) in hostileTexts.enumerated() {
            let foreign =
                #"{"Sid":\#(quoted(text)),"Effect":"Deny","Principal":"*","#
                + #""Action":[\#(quoted("ecr:" + text)),"ecr:BatchGetImage"]}"#
            let before = #"{"Version":"2008-10-17","Statement":[\#(foreign)]}"#
            entries.append(
                change(
                    "111122223333 us-east-1 odd/name-\(index)", before: Policy(before),
                    after: policy(pull: ["arn:aws:iam::444455556666:role/team@corp+=,."], foreign: [foreign]),
                    added: ["arn:aws:iam::444455556666:role/team@corp+=,. pull"], reason: text, warnings: [text]))
            entries.append(
                problem("222233334444 us-east-1 odd/problem-\(index)", code: "code " + text, message: text))
        }
        entries.append(
            change(
                "333344445555 us-east-1 odd/no-json", before: "this is 'no' JSON <b>\n\u{1B}[31m$(id)\nPOLICY",
                after: policy(pull: ["444455556666"]), added: ["444455556666 pull"]))
        return entries.sorted { $0.subject < $1.subject }
    }
}

import Testing

@testable import AWSClient

@Suite struct ProfileFileTests {
    /// The sections of a file; the names of a nested block behind a dot.
    private func sections(_ text: String) throws -> [String: [String: String]] {
        try ProfileFile(parsing: text, path: "config").sections.mapValues { section in
            var values: [String: String] = [:]
            for (key, value) in section {
                switch value {
                case .text(let text): values[key] = text
                case .nested(let block): for (name, text) in block { values["\(key).\(name)"] = text }
                }
            }
            return values
        }
    }

    @Test(
        arguments: [
            ("", [:]),
            ("# only\n; comments\n\n   \n", [:]),
            ("[default]\n", ["default": [:]]),
            ("[default]\nKey = Value", ["default": ["key": "Value"]]),
            ("\u{FEFF}[default]\r\na=b\r\n", ["default": ["a": "b"]]),
            ("[a]\rb=c\r\rd=e", ["a": ["b": "c", "d": "e"]]),
            ("[a]\nb: c = d\ne = f : g", ["a": ["b": "c = d", "e": "f : g"]]),
            ("[a]\nb\u{A0}= \u{A0}c\u{A0}", ["a": ["b": "c"]]),
            // Whatever follows the last bracket is ignored.
            ("[a] # c\nb = c\n[d] // moved\n[x]y]\n[z]]", ["a": ["b": "c"], "d": [:], "x]y": [:], "z]": [:]]),
            ("[a] [b]\n[ c ]", ["a] [b": [:], " c ": [:]]),
            ("[a]\n[x = y", ["a": ["[x": "y"]]),
            // A comment is a line of its own, however deep, and ends nothing.
            ("[a]\nb = c # d\n# e\n  ; f\ne = #;g", ["a": ["b": "c # d", "e": "#;g"]]),
            // What is as deep as the first key is a key; what is deeper continues it.
            ("[a]\n  b = c\n  d = e\n    f = g\nh = i", ["a": ["b": "c", "d": "e\nf = g", "h": "i"]]),
            ("  [a]\n  b = c\n [d]\ne = f", ["a": ["b": "c"], "d": ["e": "f"]]),
            ("[a]\n  b = c\n\n    d\n\n\ne = f", ["a": ["b": "c\n\nd", "e": "f"]]),
            ("[a]\nb =\n  c = d\n\n  E = f = g\nh =\ni = j", ["a": ["b.c": "d", "b.E": "f = g", "h": "", "i": "j"]]),
            ("[a]\n[DEFAULT]\nb = 1\nc = 2\n[d]\nb = 3", ["a": ["b": "1", "c": "2"], "d": ["b": "3", "c": "2"]]),
            ("[a]\nb = 1\nc = 1\n[a]\nb = 2", ["a": ["b": "2", "c": "1"]]),
            ("[a]\nb = 1\nB = 2", ["a": ["b": "2"]]),
            // These are not line ends, nor white space at an end that counts as one.
            ("[a]\nb = c\u{2028}d\u{0B}e", ["a": ["b": "c\u{2028}d\u{0B}e"]]),
        ] as [(String, [String: [String: String]])])
    func `Files are read as Python's configparser reads them`(
        text: String, expected: [String: [String: String]]
    ) throws {
        #expect(try sections(text) == expected)
    }

    @Test(arguments: [
        ("[default", 1, "]"), ("[]", 1, "name"), ("a = b", 1, "section"), ("[default]\nnonsense", 2, "KEY = VALUE"),
        ("[default]\n\n# c\n= b", 4, "no key"), ("[default]\ns3 =\n\n  nested", 4, "nested"),
        ("[default]\na=b\n[x", 3, "]"),
    ]) func `Errors tell the line`(text: String, line: Int, word: String) {
        let error = #expect(throws: ProfileSyntaxError.self) { try sections(text) }
        #expect(error?.line == line)
        #expect(error?.description.contains(word) == true, "\(String(describing: error))")
        #expect(error?.description.hasPrefix("config:\(line): ") == true)
    }

    @Test func `An error repeats no value`() {
        let error = #expect(throws: ProfileSyntaxError.self) {
            try sections("[default]\naws_secret_access_key hunter2")
        }
        #expect(error?.description.contains("hunter2") == false)
    }

    private func configuration(
        _ config: String, _ credentials: String = "", _ variables: [String: String] = [:]
    ) throws -> SharedConfiguration {
        let files = TestFiles(["/home/me/.aws/config": config, "/home/me/.aws/credentials": credentials])
        return try SharedConfiguration(files.environment(variables))
    }

    @Test(arguments: [
        ("[profile dev]", "dev"), ("[profile \"dev ops\"]", "dev ops"), ("[profile 'a'b]", "ab"),
        ("[default]", "default"),
        ("[profile default]", "default"), ("[profile  dev ]", "dev"), ("[profiles dev]", "dev"),
        ("[profile x]y]", "x]y"),
        ("[profile dev[1]]", "dev[1]"), ("[ profile dev ]", nil), ("[dev]", nil), ("[profile a b]", nil),
        ("[profile it's]", nil), ("[profile [OLD] x]", nil), ("[profile a] [old]", nil), ("[plugins]", nil),
        ("[profile]", nil), ("[default ]", nil),
    ]) func `A header of the config file names a profile or nothing`(header: String, name: String?) throws {
        #expect(try configuration(header).profileNames == [name].compactMap { $0 })
    }

    @Test func `In the credentials file a section is a profile by its bare name`() throws {
        let names = try configuration("", "[default]\na=1\n[profile foo]\nb=2\n[ foo ]\nc=3").profileNames
        #expect(names == [" foo ", "default", "profile foo"])
    }

    @Test func `The last of several sections of one profile counts, and the others do not add to it`() throws {
        let prefixed = "[profile default]\na=1\nb=1\n"
        let plain = "[default]\na=2\n"
        #expect(try configuration(prefixed + plain).profile("default")?.values == ["a": .text("2")])
        #expect(try configuration(plain + prefixed).profile("default")?.values == ["a": .text("1"), "b": .text("1")])
    }

    @Test func `Keys of the credentials file win over those of the config file`() throws {
        let config = "[profile a]\nregion = r\nrole_arn = from-config\ns3 =\n  x = y\n[profile b]"
        let configuration = try configuration(config, "[a]\nrole_arn = from-credentials\ns3 = text\n[c]")
        #expect(configuration.profile("a")?["role_arn"] == "from-credentials")
        #expect(configuration.profile("a")?["region"] == "r")
        #expect(configuration.profile("a")?["s3"] == "text")
        #expect(configuration.profile("a")?.config.text("role_arn") == "from-config")
        #expect(configuration.profile("d") == nil)
        #expect(configuration.profileNames == ["a", "b", "c"])
    }

    @Test(arguments: [
        "~/x", "$HOME/x", "${HOME}/x", "${HOME}/$NAME", "~me/x", "/home/me/x",
    ]) func `The files may be elsewhere`(path: String) throws {
        let files = TestFiles(["/home/me/x": "[profile a]\nregion = r", "/y": "[a]\nk = v"])
        var environment = files.environment([
            "AWS_CONFIG_FILE": path, "AWS_SHARED_CREDENTIALS_FILE": "/y", "HOME": "/home/me", "NAME": "x",
        ])
        environment.homeOfUser = { $0 == "me" ? "/home/me" : nil }
        let profile = try SharedConfiguration(environment).profile("a")
        #expect(profile?.values == ["region": .text("r"), "k": .text("v")])
    }

    @Test(arguments: [
        ("$A", "1"), ("${A}", "1"), ("a$A/b$B", "a1/b$B"), ("$", "$"), ("${}", "${}"), ("${A", "${A"), ("$$A", "$1"),
        ("$A$A", "11"), ("$AB", "$AB"), ("ü$A", "ü1"), ("$C", "$A"),
    ]) func `Variables in a path are replaced as Python's expandvars does`(text: String, expected: String) {
        #expect(TestFiles().environment(["A": "1", "C": "$A"]).substituted(text) == expected)
    }

    @Test func `A folder, or a file that cannot be opened, counts as absent`() throws {
        let folder = TestFolder()
        defer { folder.remove() }
        var environment = AWSClient.Environment.current()
        environment.variables = ["AWS_CONFIG_FILE": folder.path, "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"]
        let configuration = try SharedConfiguration(environment)
        #expect(configuration.profileNames.isEmpty)
        #expect(configuration.place.contains("\(folder.path) is not a file"))
        let files = TestFiles(["/home/me/.aws/credentials": "[a]"])
        #expect(try SharedConfiguration(files.environment(["AWS_CONFIG_FILE": "/unreadable"])).profileNames == ["a"])
    }

    @Test func `A file that is not UTF-8 is an error`() {
        var environment = TestFiles().environment()
        environment.readConfigurationFile = { _ in [0x5B, 0xFF, 0x5D] }
        let error = #expect(throws: CredentialsError.self) { try SharedConfiguration(environment) }
        #expect(error?.description.contains("UTF-8") == true)
    }
}

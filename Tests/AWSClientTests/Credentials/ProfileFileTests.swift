import Testing

@testable import AWSClient

@Suite struct ProfileFileTests {
    private func sections(_ text: String, _ kind: ProfileFile.Kind = .config) throws -> [String: ProfileFile.Section] {
        let file = try ProfileFile(parsing: text, as: kind, path: "config")
        var all: [String: ProfileFile.Section] = [:]
        for (name, section) in file.sections {
            let prefix = [.profile: "", .ssoSession: "sso:", .services: "services:"][name.kind] ?? "?"
            all[prefix + name.name] = section
        }
        return all
    }

    @Test(
        arguments: [
            ("", [:]),
            ("# only\n; comments\n\n   \n", [:]),
            ("[default]\n", ["default": [:]]),
            ("[default]\nKey = Value", ["default": ["key": "Value"]]),
            ("\u{FEFF}[default]\r\na=b\r\n", ["default": ["a": "b"]]),
            ("[ profile   foo ] # c\na = b = c", ["foo": ["a": "b = c"]]),
            ("[profile \"f oo\"]\na=b\n[profile 'bar']\nc=d", ["f oo": ["a": "b"], "bar": ["c": "d"]]),
            ("[default]\na=1\n[profile default]\na=2\n[default]\nb=3", ["default": ["a": "2"]]),
            ("[profile default]\na=2\n[default]\na=1", ["default": ["a": "2"]]),
            ("[profile a]\nx=1\ny=1\n[profile a]\nx=2", ["a": ["x": "2", "y": "1"]]),
            ("[sso-session s]\na=b\n[services t]\nc=d\n[plugins]\ne=f\n[other x]\ng", nil),
            (
                "[sso-session s]\na=b\n[services t]\nc=d\n[plugins]\ne=f",
                ["sso:s": ["a": "b"], "services:t": ["c": "d"]]
            ),
            (
                "[default]\na = b # comment\nc = d;e\nf = g ;h\ni = #",
                ["default": ["a": "b", "c": "d;e", "f": "g", "i": ""]]
            ),
            ("[default]\na = 1\n  2 # kept\n\t3\nb = 4", ["default": ["a": "1\n2 # kept\n3", "b": "4"]]),
            (
                "[default]\ns3 =\n  k = v\n  L = w # c\na = b",
                ["default": ["s3": "", "s3.k": "v", "s3.l": "w", "a": "b"]]
            ),
            ("[default]\na =\nb = c", ["default": ["a": "", "b": "c"]]),
            ("[foo]\na=b", [:]),
        ] as [(String, [String: ProfileFile.Section]?)])
    func `Config files are read`(text: String, expected: [String: ProfileFile.Section]?) throws {
        guard let expected else {
            #expect(throws: ProfileSyntaxError.self) { try sections(text) }
            return
        }
        #expect(try sections(text) == expected)
    }

    @Test func `In a credentials file a section is a profile by its bare name`() throws {
        let text = "[default]\na=1\n[profile foo]\nb=2\n[foo]\nc=3"
        let expected = ["default": ["a": "1"], "profile foo": ["b": "2"], "foo": ["c": "3"]]
        #expect(try sections(text, .credentials) == expected)
    }

    @Test(arguments: [
        ("[default", 1, "]"), ("[]", 1, "name"), ("a = b", 1, "section"), ("[default]\nnonsense", 2, "KEY = VALUE"),
        ("[default]\n\n# c\n= b", 4, "no key"), ("[default] x", 1, "comment"),
        ("[default]\ns3 =\n  nested", 3, "nested"),
        ("[default]\na=b\n[x", 3, "]"),
    ]) func `Errors tell the line`(text: String, line: Int, word: String) {
        let error = #expect(throws: ProfileSyntaxError.self) { try sections(text) }
        #expect(error?.line == line)
        #expect(error?.description.contains(word) == true, "\(String(describing: error))")
        #expect(error?.description.hasPrefix("config:\(line): ") == true)
    }

    @Test func `An error repeats no value`() {
        let error = #expect(throws: ProfileSyntaxError.self) {
            try sections("[default]\naws_secret_access_key hunter2", .credentials)
        }
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test func `Keys of the credentials file win over those of the config file`() throws {
        let files = TestFiles([
            "/home/me/.aws/config": "[profile a]\nregion = r\naws_access_key_id = from-config\n[profile b]",
            "/home/me/.aws/credentials": "[a]\naws_access_key_id = from-credentials\n[c]",
        ])
        let configuration = try SharedConfiguration(files.environment())
        #expect(configuration.profile("a")?["aws_access_key_id"] == "from-credentials")
        #expect(configuration.profile("a")?["region"] == "r")
        #expect(configuration.profile("d") == nil)
        #expect(configuration.profileNames == ["a", "b", "c"])
    }

    @Test func `The files may be elsewhere`() throws {
        let files = TestFiles(["/home/me/x": "[profile a]\nregion = r", "/y": "[a]\nk = v"])
        let environment = files.environment(["AWS_CONFIG_FILE": "~/x", "AWS_SHARED_CREDENTIALS_FILE": "/y"])
        let profile = try SharedConfiguration(environment).profile("a")
        #expect(profile?.values == ["region": "r", "k": "v"])
    }
}

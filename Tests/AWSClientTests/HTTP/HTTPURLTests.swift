import Testing

@testable import AWSClient

@Suite struct HTTPURLTests {
    @Test(arguments: [
        (
            "https://api.ecr.us-east-1.amazonaws.com", "https://api.ecr.us-east-1.amazonaws.com/",
            "api.ecr.us-east-1.amazonaws.com"
        ),
        ("HTTPS://Example.COM:443/a/b?c=d", "https://example.com/a/b?c=d", "example.com"),
        ("http://localhost:4566", "http://localhost:4566/", "localhost:4566"),
        ("http://[::1]:80/", "http://[::1]/", "[::1]"),
        ("http://[::1]:8080?x", "http://[::1]:8080/?x", "[::1]:8080"),
    ]) func `URLs are read and written`(text: String, expected: String, authority: String) throws {
        let url = try HTTPURL(parsing: text)
        #expect(url.description == expected)
        #expect(url.authority == authority)
    }

    @Test(arguments: [
        "", "example.com", "ftp://example.com/", "https://", "https:///path", "https://a b/", "https://host:0/",
        "https://host:65536/", "https://host:x/", "https://host/#f", "https://[::1/", "https://[zz]/",
        "https://exa\\mple/", "https://ü.example/",
    ]) func `Malformed URLs are refused`(text: String) {
        #expect(throws: InvalidURLError.self) { try HTTPURL(parsing: text) }
    }

    @Test func `A password in a URL is refused and not repeated`() {
        let error = #expect(throws: InvalidURLError.self) { try HTTPURL(parsing: "https://user:hunter2@host/") }
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test(arguments: [
        ("localhost", true), ("127.0.0.1", true), ("127.255.0.9", true), ("[::1]", true),
        ("127.0.0.1.example.com", false),
        ("127.1", false), ("127.0.0.256", false), ("128.0.0.1", false), ("localhost.example.com", false),
        ("[::2]", false),
        ("127.0.0.+1", false),
    ]) func `Loopback hosts are distinguished from others`(host: String, isLoopback: Bool) throws {
        guard let url = try? HTTPURL(parsing: "http://\(host)/") else {
            #expect(!isLoopback)
            return
        }
        #expect(url.isLoopback == isLoopback)
    }
}

import AWSValues

/// An http or https URL, as far as AWS endpoints need one: no user, password or fragment.
package struct HTTPURL: Hashable, Sendable, CustomStringConvertible {
    /// How the host is spoken to.
    package enum Scheme: String, Hashable, Sendable {
        case http
        case https

        var defaultPort: Int { self == .http ? 80 : 443 }
    }

    package let scheme: Scheme
    /// In lower case; an IPv6 address without its brackets.
    package let host: String
    /// Nil when it is the scheme's own.
    package let port: Int?
    /// The host as a URL and the `Host` header write it: with the port unless it is the scheme's own. Kept, as is
    /// ``isLoopback``, because each call asks for it several times and endpoints are few.
    package let authority: String
    /// Whether the host is this machine: `localhost`, `::1`, or a full dotted address in 127.0.0.0/8. A name that only
    /// begins with 127 is a name like any other.
    package let isLoopback: Bool
    /// Percent-encoded, starts with a slash.
    package var path: String
    /// What follows the question mark, percent-encoded; empty when there is none.
    package var query: String

    /// A URL of a host that is known to be well formed.
    package init(scheme: Scheme = .https, host: String, path: String = "/", query: String = "") {
        self.init(scheme, host, port: nil, path: path, query: query)
    }

    private init(_ scheme: Scheme, _ host: String, port: Int?, path: String, query: String) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.query = query
        let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        authority = port.map { "\(name):\($0)" } ?? name
        isLoopback = HTTPURL.isLoopback(host)
    }

    package var description: String {
        "\(scheme.rawValue)://\(authority)\(path)\(query.isEmpty ? "" : "?" + query)"
    }

    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { part in
                (1...3).contains(part.utf8.count) && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
                    && UInt8(part) != nil
            }
    }
}

/// Why a text is not a URL that this program accepts. The text itself is not repeated, since it may hold a password.
package struct InvalidURLError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension HTTPURL {
    /// Parses an absolute URL.
    ///
    /// Source of the grammar: RFC 3986, https://www.rfc-editor.org/rfc/rfc3986
    package init(parsing text: String) throws(InvalidURLError) {
        guard let colon = text.firstRange(of: "://"),
            let scheme = Scheme(rawValue: text[..<colon.lowerBound].lowercased())
        else { throw InvalidURLError("a URL must start with https:// (or http:// for a loopback address)") }
        guard text.utf8.allSatisfy({ 0x21 <= $0 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) else {
            throw InvalidURLError("a URL cannot contain spaces, backslashes, control or non-ASCII characters")
        }
        guard !text.contains("#") else { throw InvalidURLError("a URL with a fragment ('#') cannot be an endpoint") }
        let rest = text[colon.upperBound...]
        let authorityEnd = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let (host, port) = try HTTPURL.splitAuthority(rest[..<authorityEnd])
        let target = rest[authorityEnd...]
        let queryMark = target.firstIndex(of: "?") ?? target.endIndex
        let path = target[..<queryMark]
        self.init(
            scheme, host, port: port == scheme.defaultPort ? nil : port, path: path.isEmpty ? "/" : String(path),
            query: String(target[queryMark...].dropFirst()))
    }

    private static func splitAuthority(_ authority: Substring) throws(InvalidURLError) -> (host: String, port: Int?) {
        guard !authority.contains("@") else { throw InvalidURLError("a URL must not contain a user name or password") }
        let host: Substring
        let afterHost: Substring
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw InvalidURLError("'[' without ']' in a URL") }
            host = authority[authority.index(after: authority.startIndex)..<end]
            afterHost = authority[authority.index(after: end)...]
            guard !host.isEmpty, host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
                throw InvalidURLError("the IPv6 address in a URL is malformed")
            }
        } else {
            let end = authority.firstIndex(of: ":") ?? authority.endIndex
            host = authority[..<end]
            afterHost = authority[end...]
            let isName = host.utf8.allSatisfy { $0.isLetterOrDigit || "-._".utf8.contains($0) }
            guard !host.isEmpty, isName else { throw InvalidURLError("a URL needs a host name after '//'") }
        }
        guard !afterHost.isEmpty else { return (host.lowercased(), nil) }
        guard afterHost.first == ":", let port = UInt16(afterHost.dropFirst()), port > 0 else {
            throw InvalidURLError("the port in a URL must be a number from 1 to 65535")
        }
        return (host.lowercased(), Int(port))
    }
}

extension Environment {
    /// What the variables hold that no message may repeat: values whose names suggest secrets, and the users and
    /// passwords of proxies.
    package var secrets: [String] {
        variables.flatMap { name, value -> [String] in
            let name = name.lowercased()
            if name.hasSuffix("_proxy") { return Environment.userInfo(of: value) }
            // Names of things are in ordinary messages too, and parts of them all the more.
            let isPlace =
                ["_file", "_path", "_uri", "_url", "_dir", "_arn", "_name"].contains { name.hasSuffix($0) }
                || value.hasPrefix("arn:")
            return SecretScanner.isSecretName(Array(name.utf8)) && !isPlace && value.utf8.count >= 8 ? [value] : []
        }
    }

    /// A proxy that a variable names, without anything that may be secret.
    package struct Proxy: Hashable, Sendable, CustomStringConvertible {
        package let variable: String
        /// Nil where the address is not readable, so that any part of it may be a password.
        package let host: String?

        package var description: String {
            host.map { "the proxy \($0), named by \(variable)" } ?? "the proxy that \(variable) names"
        }
    }

    /// The proxy that libcurl takes for https to a host, by its rules: the variable in lower case wins, and `NO_PROXY`
    /// lists hosts and their domains. (Networks in it, such as 10.0.0.0/8, are for addresses, which no endpoint of AWS
    /// is.)
    ///
    /// Source: https://curl.se/libcurl/c/libcurl-env.html
    package func proxy(to host: String) -> Proxy? {
        let exceptions = (self["no_proxy"] ?? self["NO_PROXY"] ?? "").lowercased()
        let isExempt = exceptions.split { $0 == "," || $0.isWhitespace }.contains { exception in
            let name = exception.drop { $0 == "." }
            return exception == "*" || host == name || host.hasSuffix(".\(name)")
        }
        let variables = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
        guard !isExempt, let variable = variables.first(where: { self[$0] != nil }) else { return nil }
        return proxies.first { $0.variable == variable } ?? Proxy(variable: variable, host: nil)
    }

    /// The proxies that the variables name, as far as their hosts are readable.
    package var proxies: [Proxy] {
        variables.sorted { $0.key < $1.key }.compactMap { variable, address in
            guard variable.lowercased().hasSuffix("_proxy"), variable.lowercased() != "no_proxy" else { return nil }
            let start = address.firstRange(of: "://")?.upperBound ?? address.startIndex
            let authority = address[start...].split(separator: "@", omittingEmptySubsequences: false).last ?? ""
            let host = authority.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }
            let rest = authority.dropFirst(host.count)
            let isWhole = rest.isEmpty || rest == "/" || Int(rest.drop { $0 == ":" }.prefix { $0 != "/" }) != nil
            return host.isEmpty || !isWhole ? nil : Proxy(variable: variable, host: String(host))
        }
    }

    /// User and password of a proxy's address together, and the password, as they are written and as they are meant.
    /// libcurl takes what comes before the last `@`.
    private static func userInfo(of address: String) -> [String] {
        let start = address.firstRange(of: "://")?.upperBound ?? address.startIndex
        guard let end = address[start...].lastIndex(of: "@") else { return [] }
        let written = address[start..<end]
        let meant = String(decoding: PercentEncoding.decode(written), as: UTF8.self)
        return [String(written), meant].flatMap {
            [$0] + $0.split(separator: ":", maxSplits: 1).dropFirst().map(String.init)
        }
    }
}

import CCurl

/// Why a transfer failed, in libcurl's words as far as they are the same for every failure of one cause: without what
/// was measured, such as times, so that many failures can be reported as one.
struct CurlReason {
    let text: String

    /// `limit` is that of the whole transfer, in milliseconds; `proxy` the one on the way.
    init(
        _ words: String, _ code: CURLcode, _ configuration: HTTPConfiguration, limit: Int?, _ proxy: Environment.Proxy?
    ) {
        text =
            switch code {
            // Where in an address that libcurl cannot use a password is, nobody can tell. A proxy's host is named where
            // libcurl takes that part of the address for it that was meant.
            case _ where code == CURLE_COULDNT_RESOLVE_PROXY || words.contains("proxy syntax"):
                if let proxy, let host = proxy.host, words == "Could not resolve proxy: \(host)" {
                    "\(proxy), cannot be found; check the name and network"
                } else {
                    "the proxy cannot be used; check the address in \(proxy?.variable ?? "HTTPS_PROXY or ALL_PROXY")"
                }
            case CURLE_COULDNT_CONNECT where proxy != nil && proxy?.host == nil: "its address may be wrong"
            // It names the host again, and says no more than that there is no connection.
            case CURLE_COULDNT_CONNECT where words.hasPrefix("Failed to connect to "): ""
            case CURLE_OPERATION_TIMEDOUT: CurlReason.limit(words, configuration, limit)
            default:
                CurlReason.withoutMeasurements(
                    words.isEmpty ? String(cString: ecrshare_curl_easy_strerror(code)) : words)
            }
    }

    /// The time limit that was exceeded, as far as libcurl's words tell which one.
    private static func limit(_ words: String, _ configuration: HTTPConfiguration, _ limit: Int?) -> String {
        let total = limit ?? configuration.totalTimeout.inMillisecondsRoundedUp
        if words.hasPrefix("Operation too slow") {
            return "nothing came for \(seconds(configuration.stallTimeout.inMillisecondsRoundedUp))"
        }
        guard words.hasPrefix("Operation timed out") else {
            let toConnect = configuration.connectTimeout.inMillisecondsRoundedUp
            return "no connection within \(seconds(min(toConnect, total)))"
        }
        return "no complete response within \(seconds(total))"
    }

    private static func seconds(_ milliseconds: Int) -> String {
        let (whole, rest) = milliseconds.quotientAndRemainder(dividingBy: 1_000)
        return rest == 0 ? "\(whole) second\(whole == 1 ? "" : "s")" : "\(Double(milliseconds) / 1_000) seconds"
    }

    /// Without `after 12 ms`, and without the number in `12 bytes`.
    static func withoutMeasurements(_ text: String) -> String {
        var words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let isNumber = { (word: String) in !word.isEmpty && word.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        for index in words.indices.reversed() where index + 1 < words.count && isNumber(words[index]) {
            let unit = words[index + 1]
            if index > 1, words[index - 1] == "after", unit.hasPrefix("ms") || unit.hasPrefix("milliseconds") {
                words[index - 2] += unit.hasSuffix(":") ? ":" : ""
                words.removeSubrange((index - 1)...(index + 1))
            } else if unit == "bytes" {
                words.remove(at: index)
            }
        }
        return words.joined(separator: " ")
    }
}

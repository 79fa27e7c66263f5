import AWSValues
import Crypto
import OrderedJSON

/// The page around a plan's data: its skeleton, content security policy and inert data elements.
///
/// Its body, style and scripts are the files in `Page`, which the build embeds.
enum HTMLPage {
    private static let body = text(PackageResources.body_html)
    private static let style = text(PackageResources.page_css)

    /// The scripts in the order in which they need each other.
    private static let script = [
        PackageResources.plan_js, PackageResources.difference_js, PackageResources.matrix_js,
        PackageResources.paper_js, PackageResources.controls_js,
    ].map(text).joined()

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// Everything before the data.
    static let start = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="\(policy)">
        <meta name="referrer" content="no-referrer">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>ECR sharing plan</title>
        <style>\(style)</style>
        </head>
        <body>
        \(body)
        """

    /// Everything after the data.
    static let end = "<script>\(script)</script>\n</body>\n</html>\n"

    /// One JSON value in an element that does not run. No `<` is left in it, so that it cannot end the element, and
    /// nothing invisible, so that whoever reads the file itself sees what is there.
    ///
    /// Source: https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
    static func data(_ value: JSONValue, kind: String) -> String {
        let json = value.minified.visibleJSON().utf8
        var bytes: [UInt8] = []
        bytes.reserveCapacity(json.count + 64)
        for byte in json {
            switch byte {
            case UInt8(ascii: "<"): bytes.append(contentsOf: #"\u003c"#.utf8)
            case UInt8(ascii: ">"): bytes.append(contentsOf: #"\u003e"#.utf8)
            case UInt8(ascii: "&"): bytes.append(contentsOf: #"\u0026"#.utf8)
            default: bytes.append(byte)
            }
        }
        return
            "<script type=\"application/json\" class=\"\(kind)\">\(String(decoding: bytes, as: UTF8.self))</script>\n"
    }

    /// Nothing may be loaded; the page's own style and script are known by their hashes.
    ///
    /// Source: https://www.w3.org/TR/CSP3/#external-hash
    private static let policy =
        "default-src 'none'; style-src '\(hash(style))'; script-src '\(hash(script))'; base-uri 'none'; "
        + "form-action 'none'"

    private static func hash(_ text: String) -> String {
        "sha256-" + Array(SHA256.hash(data: Array(text.utf8))).base64
    }
}

import Crypto

/// The page around a plan's data: its skeleton, content security policy and inert data elements.
enum HTMLPage {
    static let script = [plan, difference, matrix, controls].joined(separator: "\n")

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
        "sha256-" + base64(Array(SHA256.hash(data: Array(text.utf8))))
    }

    /// Source: https://www.rfc-editor.org/rfc/rfc4648#section-4
    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for digit in 0..<4 {
                text.append(digit <= group.count ? alphabet[bits >> (6 * (3 - digit)) & 63] : "=")
            }
        }
        return text
    }

    private static let body = """
        <header class="top">
          <div class="headline">
            <h1>ECR sharing plan</h1>
            <p id="source"></p>
          </div>
          <dl id="totals"></dl>
        </header>
        <section class="apply" aria-label="Apply exactly this plan">
          <p><span class="label">Digest</span> <code id="digest"></code></p>
          <p id="apply"><span class="label">Apply exactly this plan</span> <code id="command"></code>
            <button type="button" id="copy">Copy</button></p>
        </section>
        <main>
          <section id="changes" aria-labelledby="changes-title">
            <h2 id="changes-title">What changes</h2>
            <div id="sections"></div>
          </section>
          <section id="map" aria-labelledby="map-title">
            <h2 id="map-title">Matrix</h2>
            <form id="filters" aria-label="Filters">
              <label>Account <select id="account"></select></label>
              <label>Region <select id="region"></select></label>
              <label>Repository <input id="repository" type="search" placeholder="part of a name, or a glob"
                autocomplete="off" spellcheck="false"></label>
              <label>Consumer <input id="consumer" type="search" placeholder="account, role, organization"
                autocomplete="off" spellcheck="false"></label>
              <label>Show <select id="kind">
                <option value="changes">All changes</option>
                <option value="loss">Access taken away</option>
                <option value="gain">Access given</option>
                <option value="create">Policies created</option>
                <option value="update">Policies updated</option>
                <option value="delete">Policies deleted</option>
                <option value="warning">Warnings</option>
                <option value="problem">Problems</option>
                <option value="unchanged">Unchanged</option>
                <option value="all">Everything</option>
              </select></label>
              <button type="button" id="show-all">Show all</button>
            </form>
            <p id="chosen" hidden><span></span> <button type="button">Show all changes</button></p>
            <div class="tools">
              <ul class="legend" aria-label="Legend">
                <li><i class="added">+</i>added</li>
                <li><i class="removed">&minus;</i>removed</li>
                <li><i class="kept"></i>kept</li>
                <li><i class="foreign"></i>foreign</li>
                <li><i class="denied">&times;</i>denied</li>
                <li id="undone" hidden><i class="undone">+</i>not done</li>
              </ul>
              <form id="order" aria-label="Order and size">
                <label>Rows <select id="rows"><option value="name">by name</option>
                  <option value="loss">losses first</option></select></label>
                <label>Columns <select id="columns"><option value="change">changed first</option>
                  <option value="only">only changed</option><option value="name">by name</option></select></label>
                <label>Zoom <input id="zoom" type="range" min="0" max="4" step="1" value="2"></label>
              </form>
            </div>
            <div id="grid" tabindex="0" role="application" aria-roledescription="matrix" aria-labelledby="map-title"
              aria-describedby="help"><div id="space"><canvas id="canvas" aria-hidden="true"></canvas></div></div>
            <div id="paper" aria-hidden="true"></div>
            <p class="foot"><span id="status" role="status"></span>
              <span id="help">Arrow keys move, Enter shows both documents, Escape closes them.</span></p>
            <div class="spoken"><table id="window"></table></div>
          </section>
        </main>
        <div id="tip" hidden></div>
        <dialog id="detail" aria-labelledby="detail-title">
          <form method="dialog">
            <h2 id="detail-title"></h2>
            <span id="detail-kind"></span>
            <span class="gap"></span>
            <label><input type="checkbox" id="whole"> whole documents</label>
            <button type="button" id="previous">Previous</button>
            <button type="button" id="next">Next</button>
            <button value="close">Close</button>
          </form>
          <div id="detail-body" tabindex="0" autofocus></div>
        </dialog>
        <noscript><p>This page draws its plan with the script that it carries. It loads nothing from elsewhere.</p></noscript>
        """
}

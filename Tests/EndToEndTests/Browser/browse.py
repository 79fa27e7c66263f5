"""Opens an HTML page of ecr-share in headless Chromium, works with it as a reader would, and prints what it saw as JSON.

Chromium is driven over the pipe of its DevTools protocol, so no port is opened.
Protocol: https://chromedevtools.github.io/devtools-protocol/
"""

import argparse
import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time


class Browser:
    """One Chromium with one page. Everything that goes wrong in the page is kept in `complaints`."""

    def __init__(self, profile, width, height):
        program = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
        if program is None:
            sys.exit("browse.py: there is no Chromium; scripts/setup --tests installs it")
        arguments = [
            program, "--headless=new", "--remote-debugging-pipe", f"--user-data-dir={profile}", "--no-first-run",
            "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", f"--window-size={width},{height}",
        ]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")
        # Chromium reads commands from descriptor 3 and writes to descriptor 4.
        command_end, self.commands = os.pipe()
        self.answers, answer_end = os.pipe()

        def place_pipes():
            first, second = os.dup(command_end), os.dup(answer_end)
            os.dup2(first, 3)
            os.dup2(second, 4)

        self.process = subprocess.Popen(
            arguments, preexec_fn=place_pipes, close_fds=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(command_end)
        os.close(answer_end)
        self.buffer = b""
        self.number = 0
        self.session = None
        self.complaints = []
        self.requests = []
        self.events = set()
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self.call(domain + ".enable")

    def read(self):
        while b"\0" not in self.buffer:
            piece = os.read(self.answers, 1 << 20)
            if not piece:
                sys.exit("browse.py: Chromium ended")
            self.buffer += piece
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def note(self, event):
        method, detail = event.get("method"), event.get("params", {})
        self.events.add(method)
        if method == "Runtime.consoleAPICalled" and detail["type"] in ("error", "warning", "assert"):
            self.complaints.append(" ".join(str(part.get("value")) for part in detail["args"]))
        elif method == "Runtime.exceptionThrown":
            details = detail["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Log.entryAdded" and detail["entry"]["level"] in ("error", "warning"):
            self.complaints.append(detail["entry"]["text"])
        elif method == "Page.javascriptDialogOpening":
            self.complaints.append("the page opened a dialog: " + detail["message"])
            self.call("Page.handleJavaScriptDialog", accept=True)
        elif method == "Network.requestWillBeSent":
            self.requests.append(detail["request"]["url"])

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        wanted = self.number
        while True:
            answer = self.read()
            if answer.get("id") == wanted:
                if "error" in answer:
                    sys.exit(f"browse.py: {method}: {answer['error']['message']}")
                return answer["result"]
            self.note(answer)

    def wait_for(self, event):
        while event not in self.events:
            self.note(self.read())

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            sys.exit("browse.py: " + json.dumps(result["exceptionDetails"]))
        return result["result"].get("value")

    def settle(self, milliseconds=400):
        """Waits until the page has drawn: its filters and its table for screen readers have short timers."""
        self.evaluate(
            f"new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), {milliseconds}))")

    def click(self, x, y):
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"]:
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def press(self, key):
        for kind in ["keyDown", "keyUp"]:
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                      windowsVirtualKeyCode={"Escape": 27, "Enter": 13}[key])

    def close(self):
        try:
            self.call("Browser.close")
        except SystemExit:
            pass
        self.process.wait(timeout=30)


TOTALS = """Object.fromEntries([...document.querySelectorAll("#totals > div")].map(
  (item) => [item.querySelector("dt").textContent, Number(item.querySelector("dd").textContent.replaceAll(",", ""))]))"""
SHOWN = """Number(document.getElementById("status").textContent.replaceAll(",", "").split(" ")[0])"""
DETAIL = """(() => {
  const detail = document.getElementById("detail");
  return {
    open: detail.open, title: document.getElementById("detail-title").textContent,
    kind: document.getElementById("detail-kind").textContent,
    removed: detail.querySelectorAll("td.removed").length, added: detail.querySelectorAll("td.added").length,
    lines: detail.querySelectorAll("table.diff tbody tr").length,
    text: document.getElementById("detail-body").textContent,
  };
})()"""


# What a printer gets. What is cut has more content than room and hides it; on paper that is lost.
PAPER = """(() => {
  const isShown = (element) => element.getClientRects().length > 0;
  const shown = [...document.body.querySelectorAll("*")].filter(isShown);
  const nameOf = (element) =>
    element.tagName + (element.id && "#" + element.id) + " " + element.textContent.slice(0, 60);
  const items = [...document.querySelectorAll("#sections li")];
  return {
    items: { wanted: about.sections.flatMap((section) => section.items).length, shown: items.filter(isShown).length },
    lines: {
      wanted: about.sections.flatMap((section) => section.items).reduce(
        (sum, item) => sum + 1 + item.lines.length + item.names.length, 0),
      shown: items.flatMap((item) => [...item.querySelectorAll("b, span")]).filter(isShown).length,
    },
    cut: shown.filter((element) => element.tagName !== "CANVAS" && getComputedStyle(element).overflow !== "visible"
      && (element.scrollHeight > element.clientHeight + 1 || element.scrollWidth > element.clientWidth + 1))
      .map(nameOf),
    wide: shown.filter((element) => element.getBoundingClientRect().right > innerWidth + 1).map(nameOf),
    controls: shown.filter((element) => ["SELECT", "INPUT"].includes(element.tagName)).map(nameOf),
    legend: [...document.querySelectorAll(".legend li:not([hidden])")].filter(isShown).length,
    pictures: [...document.querySelectorAll("#paper canvas")].filter(isShown).length,
    words: document.getElementById("paper").textContent,
    isLight: getComputedStyle(document.documentElement).getPropertyValue("--panel").trim() === "#ffffff",
  };
})()"""


def on_paper(browser, width, height):
    """The page as a printer gets it, from a reader who prefers the dark colours; then back to the screen."""
    browser.call("Emulation.setDeviceMetricsOverride", width=700, height=1000, deviceScaleFactor=1, mobile=False)
    browser.call("Emulation.setEmulatedMedia", media="print", features=[
        {"name": "prefers-color-scheme", "value": "dark"}])
    browser.settle(200)
    facts = browser.evaluate(PAPER)
    browser.call("Emulation.setEmulatedMedia", media="", features=[
        {"name": "prefers-color-scheme", "value": "light"}])
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
    browser.settle(200)
    return facts


def fill(browser, control, value):
    browser.evaluate(
        f"""(() => {{
          const control = document.getElementById({json.dumps(control)});
          control.value = {json.dumps(value)};
          control.dispatchEvent(new Event("input", {{ bubbles: true }}));
        }})()""")
    browser.settle(200)
    return browser.evaluate(SHOWN)


def use(browser):
    """Everything a reader does: totals, each filter, a card, a click on a row, the keyboard."""
    facts = {"totals": browser.evaluate(TOTALS), "shown": browser.evaluate(SHOWN)}
    facts["marks"] = browser.evaluate(
        """view.rows.filter((row) => row.kind !== SECTION).reduce((marks, row) => {
          marks[rowMark(row)[0]] = (marks[rowMark(row)[0]] || 0) + 1;
          return marks;
        }, {})""")
    facts["spoken"] = browser.evaluate("document.getElementById('window').textContent")
    facts["heading"] = browser.evaluate("document.querySelector('h1').textContent")
    kinds = browser.evaluate("[...document.getElementById('kind').options].map((option) => option.value)")
    first = browser.evaluate("document.getElementById('kind').value")
    facts["kinds"] = {kind: fill(browser, "kind", kind) for kind in kinds}
    fill(browser, "kind", "all")
    names = browser.evaluate("plan.rows.map((row) => row.name)")
    facts["byName"] = {
        "wanted": sum(names[0].lower() in name.lower() for name in names), "shown": fill(browser, "repository", names[0])}
    facts["byNothing"] = fill(browser, "repository", "no such repository")
    fill(browser, "repository", "")
    # The last column is a consumer that some row speaks of.
    consumer = browser.evaluate("view.columns.length ? consumerName(plan.consumers[view.columns.at(-1)]) : ''")
    wanted = browser.evaluate(
        f"""plan.rows.filter((row) => plan.consumers.some((name, index) =>
          consumerName(name).toLowerCase().includes({json.dumps(consumer.lower())}) && cellsOf(row)[index])).length""")
    facts["byConsumer"] = {"wanted": wanted, "shown": fill(browser, "consumer", consumer)} if consumer else None
    fill(browser, "consumer", "")
    fill(browser, "kind", first)
    cards = browser.evaluate(
        "about.sections.flatMap((section) => section.items).map((item) => item.count)")
    facts["cards"] = []
    for index, count in enumerate(cards[:12]):
        browser.evaluate(f"document.querySelectorAll('.card')[{index}].click()")
        browser.settle(50)
        facts["cards"].append({"wanted": count, "shown": browser.evaluate(SHOWN)})
    browser.evaluate("document.getElementById('show-all').click()")
    browser.settle(100)
    place = browser.evaluate(
        """(() => {
          const box = grid.getBoundingClientRect(), row = view.rows.findIndex((row) => row.kind !== SECTION);
          return row < 0 ? null : [box.left + 60, box.top + grid.clientTop + view.head + (row + .5) * view.size];
        })()""")
    if place:
        browser.click(*place)
        browser.settle(100)
        facts["detail"] = browser.evaluate(DETAIL)
        facts["isFirst"] = browser.evaluate("detail.row === view.rows.find((row) => row.kind !== SECTION)")
        browser.press("Escape")
        browser.settle(100)
        facts["closes"] = not browser.evaluate("document.getElementById('detail').open")
        browser.press("Enter")
        browser.settle(100)
        facts["opensByKey"] = browser.evaluate("document.getElementById('detail').open")
        browser.press("Escape")
        browser.settle(100)
    return facts


LINT_STYLE = """((text) => {
  const source = text.replace(/\\/\\*[^]*?\\*\\//g, ""), sheet = new CSSStyleSheet();
  sheet.replaceSync(source);
  const count = (rules) => [...rules].reduce((sum, rule) => sum + 1 + count(rule.cssRules || []), 0);
  const complaints = [...source.matchAll(/([a-z-]+)\\s*:\\s*([^;{}]+);/g)].filter(
    ([, name, value]) => !name.startsWith("--") && !CSS.supports(name, value.replace("!important", "").trim()))
    .map(([declaration]) => "not understood: " + declaration);
  const wanted = source.split("{").length - 1;
  if (count(sheet.cssRules) !== wanted) complaints.push(`${wanted} rules, ${count(sheet.cssRules)} understood`);
  return complaints;
})"""


def lint(browser, files):
    """What Chromium does not understand of scripts and styles; in a page it would pass over it in silence."""
    complaints = []
    for file in files:
        text = file.read_text()
        if file.suffix == ".css":
            complaints += [f"{file.name}: {words}" for words in browser.evaluate(f"{LINT_STYLE}({json.dumps(text)})")]
            continue
        details = browser.call("Runtime.compileScript", expression=text, sourceURL=file.name,
                               persistScript=False).get("exceptionDetails")
        if details:
            words = details.get("exception", {}).get("description") or details["text"]
            complaints.append(f"{file.name}:{details['lineNumber'] + 1}: {words}")
    return complaints


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", type=pathlib.Path, nargs="?")
    parser.add_argument("--lint", type=pathlib.Path, nargs="+", help="look at scripts and styles and do nothing else")
    parser.add_argument("--screenshot", type=pathlib.Path, help="save a picture and do nothing else")
    parser.add_argument("--dark", action="store_true", help="prefer the dark colours")
    parser.add_argument("--show", help="JavaScript to run before the picture")
    parser.add_argument("--width", type=int, default=1440)
    parser.add_argument("--height", type=int, default=900)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(profile, options.width, options.height)
        try:
            if options.lint:
                json.dump(lint(browser, options.lint), sys.stdout, indent=1)
                print()
                return
            browser.call("Emulation.setDeviceMetricsOverride", width=options.width, height=options.height,
                         deviceScaleFactor=1, mobile=False)
            browser.call("Emulation.setEmulatedMedia", features=[
                {"name": "prefers-color-scheme", "value": "dark" if options.dark else "light"}])
            address = options.page.resolve().as_uri()
            browser.requests.clear()
            browser.call("Page.navigate", url=address)
            browser.wait_for("Page.loadEventFired")
            browser.settle(300)
            if options.screenshot:
                if options.show:
                    browser.evaluate(options.show)
                    browser.settle()
                picture = browser.call("Page.captureScreenshot", format="png")["data"]
                options.screenshot.write_bytes(base64.b64decode(picture))
                return
            facts = {}
            if browser.evaluate("typeof plan === 'object'"):
                # From the start of the navigation until everything is parsed, run and painted once.
                facts["milliseconds"] = browser.evaluate(
                    """Math.max(performance.getEntriesByType("navigation")[0].loadEventEnd,
                      ...performance.getEntriesByType("paint").map((paint) => paint.startTime))""")
                facts["paper"] = on_paper(browser, options.width, options.height)
                facts.update(use(browser))
            facts["complaints"] = browser.complaints
            facts["requests"] = [url for url in browser.requests if url != address]
            json.dump(facts, sys.stdout, indent=1)
            print()
        finally:
            browser.close()


if __name__ == "__main__":
    main()

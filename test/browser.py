#!/usr/bin/env python3
"""usage: test/browser.py FOLDER PAGE...

Open each page in headless chromium, on screen and for print.  Writes FOLDER/NAME.png and
FOLDER/NAME.pdf.  Prints what a page wrote to the console, its external requests, and
elements wider than the window; if there are any, the status is 1.
"""
import base64, fcntl, json, os, shutil, signal, subprocess, sys, tempfile, time


class Browser:
    """Chromium on two pipes: messages are JSON, each ended by a NUL."""

    def __init__(self, program, profile):
        ours, theirs = os.pipe(), os.pipe()
        # chromium uses descriptors 3 and 4: these are higher, so neither is
        # overwritten
        r = fcntl.fcntl(ours[0], fcntl.F_DUPFD, 10)
        w = fcntl.fcntl(theirs[1], fcntl.F_DUPFD, 10)
        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu",
             "--disable-dev-shm-usage", "--hide-scrollbars", "--window-size=1200,900", f"--user-data-dir={profile}", "--remote-debugging-pipe", "about:blank"],
            start_new_session=True, preexec_fn=lambda: (os.dup2(r, 3), os.dup2(w, 4)), pass_fds=(3, 4), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for fd in (ours[0], theirs[1], r, w):
            os.close(fd)
        self.to, self.back = os.fdopen(ours[1], "wb"), os.fdopen(theirs[0], "rb")
        self.n, self.events, self.session, self.rest = 0, [], None, b""

    def read(self):
        while b"\0" not in self.rest:
            more = self.back.read1(1 << 20)
            if not more:
                sys.exit("browser: it ended")
            self.rest += more
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **params):
        self.n += 1
        message = {"id": self.n, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        self.to.write(json.dumps(message).encode() + b"\0")
        self.to.flush()
        while True:
            answer = self.read()
            if answer.get("id") == self.n:
                if "error" in answer:
                    sys.exit(f"browser: {method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def end(self):
        """Kills chromium's helpers, too, which are in its process group."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def wait(self, method):
        while not any(e.get("method") == method for e in self.events):
            self.events.append(self.read())


def look(browser, page, to):
    """The problems of a page; writes its picture and its print."""
    name = os.path.splitext(os.path.basename(page))[0]
    url = "file://" + os.path.abspath(page)
    browser.events.clear()
    browser.call("Page.navigate", url=url)
    browser.wait("Page.loadEventFired")
    size = browser.call("Page.getLayoutMetrics")["cssContentSize"]
    shot = browser.call("Page.captureScreenshot", captureBeyondViewport=True,
                        clip={"x": 0, "y": 0, "width": 1200, "height": min(size["height"], 8000), "scale": 1})
    pdf = browser.call("Page.printToPDF", printBackground=True)
    for suffix, data in ((".png", shot), (".pdf", pdf)):
        with open(os.path.join(to, name + suffix), "wb") as f:
            f.write(base64.b64decode(data["data"]))
    said = []
    for e in browser.events:
        p = e.get("params", {})
        if e.get("method") == "Log.entryAdded":
            said.append("console: " + p["entry"]["text"])
        elif e.get("method") in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown"):
            said.append("script: " + json.dumps(p)[:200])
        elif e.get("method") == "Network.requestWillBeSent" and p["request"]["url"] != url:
            said.append("asks for " + p["request"]["url"][:200])
    if size["width"] > 1200:
        said.append(f"{size['width']} wide")
    return [f"{page}: {s}" for s in said]


def main():
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not program:
        sys.exit("browser: no chromium")
    to = sys.argv[1]
    os.makedirs(to, exist_ok=True)
    said = []
    profile = tempfile.mkdtemp()
    browser = Browser(program, profile)
    try:
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        browser.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            browser.call(domain + ".enable")
        for page in sys.argv[2:]:
            said += look(browser, page, to)
    finally:
        browser.end()
        for _ in range(50):  # a helper may still be writing to it
            shutil.rmtree(profile, ignore_errors=True)
            if not os.path.exists(profile):
                break
            time.sleep(0.1)
    print("\n".join(said))
    sys.exit(bool(said))


main()

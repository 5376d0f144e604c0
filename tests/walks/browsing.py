"""A real server on a free port and a real browser for the walks."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import urlopen

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from abcd.access.sessions import COOKIE
from tests.warm import ROOT, WarmServer

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
CHROMIUM = "/usr/bin/chromium"
#: Walks are short: code that is made fast for long use costs more than it saves.
FRUGAL = ("--js-flags=--no-maglev --no-turbofan",)
#: Notes in the page how often it asked the server to run the page's script, and which of that has an answer.
LISTEN = """{
  const told = (window.abcdAsking = { asked: 0, heard: 0 });
  const RERUN = 0x5a;
  window.WebSocket = class extends WebSocket {
    constructor(...where) {
      super(...where);
      this.addEventListener("message", () => { told.heard = told.asked; });
      this.addEventListener("close", () => { told.heard = told.asked; });
    }
    send(what) {
      if (what[0] === RERUN) told.asked += 1;
      super.send(what);
    }
  };
}"""
#: Looks every few moments, by the clock of the page itself, until Streamlit had nothing to do some times running.
AT_REST = """() => new Promise((done) => {
  let still = 0;
  const isStill = () => {
    const { asked, heard } = window.abcdAsking ?? {};
    return document.querySelector('[data-test-script-state="notRunning"]') && asked === heard;
  };
  const look = () => {
    still = isStill() ? still + 1 : 0;
    if (still === 12) done();
    else setTimeout(look, 35);
  };
  look();
})"""
SERVE = "from abcd.api.server import serve; serve()"


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """The whole server on the store at ``url``, always on the same port; it can be killed and started again.

    Without ``is_warm`` it starts as a person starts it, and loads its libraries itself.
    """

    def __init__(self, url: str, *, is_warm: bool = True) -> None:
        self.is_warm = is_warm
        self.process: subprocess.Popen[bytes] | WarmServer
        self.port = free_port()
        self.here = f"http://127.0.0.1:{self.port}"
        self.env = os.environ | {"ABCD_DATABASE_URL": url, "ABCD_PORT": str(self.port), "ABCD_HOST": "127.0.0.1"}
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        cold = [sys.executable, "-c", SERVE]
        self.process = WarmServer(self.env) if self.is_warm else subprocess.Popen(cold, cwd=ROOT, env=self.env)
        wait_for(self.here + "/health", self.process)

    def kill(self) -> None:
        """End it as a crash would."""
        self.process.kill()
        self.process.wait(20)


@contextmanager
def a_server(url: str, *, is_warm: bool = True) -> Iterator[Server]:
    """A server that is stopped at the end, if it still runs."""
    server = Server(url, is_warm=is_warm)
    try:
        yield server
    finally:
        server.process.terminate()
        server.process.wait(20)


@contextmanager
def serving(url: str, *, is_warm: bool = True) -> Iterator[str]:
    """The address of the whole server on the store at ``url``, stopped at the end."""
    with a_server(url, is_warm=is_warm) as server:
        yield server.here


def wait_for(address: str, server: "subprocess.Popen[bytes] | WarmServer", seconds: float = 60) -> None:
    """Until the server answers; its own death ends the wait."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert server.poll() is None, "the server ended before it answered"
        try:
            with urlopen(address, timeout=2):
                return
        except OSError:  # it is not there yet, or so busy that its answer did not come in time
            time.sleep(0.2)
    raise AssertionError(f"{address} did not answer in {seconds} s")


@contextmanager
def a_browser(*more: str, is_frugal: bool = True) -> Iterator[Browser]:
    """Chromium without a window, told ``more`` on its command line; as people have it where it is not frugal."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*FLAGS, *(FRUGAL if is_frugal else ()), *more]
        )
        yield browser
        browser.close()


def signed_in(browser: Browser, here: str, cookie: str, width: int = 1280, height: int = 900) -> BrowserContext:
    """A browser window that carries the session cookie; ``foreign`` requests are kept on it."""
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    context.add_cookies([{"name": COOKIE, "value": cookie, "url": here}])
    context.add_init_script(LISTEN)
    return context


@contextmanager
def a_window(here: str, cookie: str, width: int = 1280, height: int = 900) -> Iterator[BrowserContext]:
    """A browser with one window that is signed in, for a whole module.

    A tab stays open in it: each further one shares its process, finds the page's scripts read already and needs two
    thirds of the time; the tab itself (``a_tab``) needs half of it.
    """
    with a_browser("--process-per-site") as browser:
        window = signed_in(browser, here, cookie, width, height)
        window.new_page().goto(here + "/health")
        yield window


@contextmanager
def a_tab(window: BrowserContext) -> Iterator[Page]:
    """The tab that is always open in a window, for one walk after another; whatever else a walk opened is closed.

    A new tab costs half as much again as the page that is opened in it.
    """
    tab = window.pages[0]
    home, size = tab.url, tab.viewport_size
    yield tab
    for other in window.pages[1:]:
        other.close()
    tab.unroute_all()
    if size:
        tab.set_viewport_size(size)
    tab.goto(home)


def foreign_requests(page: Page, here: str) -> list[str]:
    """A list that fills with every request of the page that leaves our own server."""
    left: list[str] = []
    ours = (here, here.replace("http", "ws", 1), "data:", "blob:")
    page.on("request", lambda request: None if request.url.startswith(ours) else left.append(request.url))
    return left


def turn_to(page: Page, here: str, path: str) -> None:
    """Go to a page of the app as people do, by the list of pages: a quarter of what it costs to load it all anew."""
    link = page.locator(f'[data-testid="stSidebarNavLink"][href="{here}/{path}"]')
    if not link.count():
        page.goto(here)
        at_rest(page)
    link.click()
    page.wait_for_url(re.compile(re.escape(f"{here}/{path}") + r"(\?.*)?$"))
    at_rest(page)


def add_a_venue(page: Page, name: str, reach: str, at: tuple[int, int]) -> None:
    """Fill the four fields of a venue, click the map ``at`` (pixels), save it and open its page."""
    page.get_by_label("What do people call it?").fill(name)
    page.get_by_label("What is it?").fill("Community centre")
    page.get_by_role("option", name="Community centre or hall").click()
    page.get_by_label("How can it be reached?").fill(reach)
    page.keyboard.press("Tab")
    page.locator(".abcd-canvas").click(position={"x": at[0], "y": at[1]})
    expect(page.locator(".abcd-pin")).to_be_visible()
    at_rest(page)
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("It is on the map and in the lists now")).to_be_visible()
    page.get_by_role("link", name="Open its page").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def at_rest(page: Page) -> None:
    """Wait until Streamlit has nothing to do any more: while it draws anew, old fields stand beside those that come.

    A page that asked for a rerun says that it is not running until the server has answered, so that is waited for too.
    """
    page.locator('[data-test-script-state="notRunning"]').wait_for()
    page.evaluate(AT_REST)

"""Page by page in a real browser: no request to another host, nothing that the policy forbids (P27)."""

from collections.abc import Iterator
from contextlib import suppress

import psutil
import pytest
from playwright.sync_api import BrowserContext, Error, Page

from abcd.api.gate import page_paths
from abcd.db.session import session
from abcd.places.queries import place
from tests.bench.bench_load import server_at
from tests.pages.conftest import Borough, borough  # noqa: F401
from tests.walks.browsing import a_window, at_rest, foreign_requests, serving, turn_to

#: Notes in the page whatever the Content-Security-Policy stopped.
WATCH = """
window.stopped = [];
addEventListener("securitypolicyviolation", (event) =>
  window.stopped.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`));
"""
#: What text that became markup might try.
MISCHIEF = """() => {
  const elsewhere = "https://elsewhere.example/";
  const add = (name, what) => document.body.append(Object.assign(document.createElement(name), what));
  add("img", { src: elsewhere });
  add("script", { src: elsewhere });
  add("script", { textContent: "window.ran = true" });
  add("iframe", { src: elsewhere });
  fetch(elsewhere).catch(() => {});
}"""
FRAME = "(address) => document.body.append(Object.assign(document.createElement('iframe'), { src: address }))"
MOST_PANELS = 8
PLAIN = ("sign-in", "sign-out", "account", "account/passphrase", "account/code", "invitation/none", "nowhere")
#: Pages of the list; the first of them goes by "/" there, and by its name in addresses alone.
SCRIPTS = sorted(path[1:] for path in page_paths() - {"/", "/place"})
LOOPBACK = ("127.", "::1", "::ffff:127.")


@pytest.fixture(scope="module")
def here(store: str, borough: Borough) -> Iterator[str]:  # noqa: F811
    with serving(store) as address:
        yield address


@pytest.fixture(scope="module")
def window(here: str, borough: Borough) -> Iterator[BrowserContext]:  # noqa: F811
    with a_window(here, borough.cookie) as opened:
        opened.add_init_script(WATCH)
        yield opened


@pytest.fixture(scope="module")
def tab(window: BrowserContext) -> Page:
    """One tab for page after page: it is never loaded anew between two of them, so what comes late is noticed too."""
    window.pages[0].set_default_timeout(20_000)
    return window.pages[0]


@pytest.fixture(scope="module")
def left(tab: Page, here: str) -> list[str]:
    """A list that fills with every request to somebody else."""
    return foreign_requests(tab, here)


@pytest.fixture(scope="module")
def said(tab: Page) -> list[str]:
    """A list that fills with what the browser's console says of the policy."""
    return complaints(tab)


@pytest.fixture
def page(window: BrowserContext) -> Iterator[Page]:
    """A tab for what breaks the rules on purpose."""
    opened = window.new_page()
    opened.set_default_timeout(20_000)
    yield opened
    opened.close()


def complaints(page: Page) -> list[str]:
    """A list that fills with what the browser's console says of the policy."""
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if "Content Security Policy" in line.text else None)
    return said


def open_everything(page: Page) -> None:
    """Open what is folded: tabs, then panels; what a press redrew away is skipped."""
    for kind in ('[role="tab"]', '[data-testid="stExpander"] summary'):
        for number in range(min(page.locator(kind).count(), MOST_PANELS)):
            with suppress(Error):
                page.locator(kind).nth(number).click(timeout=2_000)
                page.wait_for_timeout(60)


def walk(page: Page, here: str, path: str) -> None:
    """Look at a page until it is still, with all that it can show."""
    if path in SCRIPTS:
        turn_to(page, here, path)
    else:
        page.goto(f"{here}/{path}")
    page.locator("h1").first.wait_for()
    page.wait_for_load_state("networkidle")
    open_everything(page)
    if path not in PLAIN:
        at_rest(page)


def addresses(borough: Borough) -> dict[str, str]:  # noqa: F811
    """The pages that are about one thing, with something to show."""
    with session(borough.owner) as s:
        reference = place(s, borough.estate).reference
    return {
        "place of an estate": f"?place={reference}",
        "asset with its map": f"assets?asset={borough.library}",
        "search with its map": "find?q=library",
        "edge of a place": f"places?mend={reference}",
        "add near a place": f"assets?place={reference}",
    }


@pytest.mark.parametrize(
    "name",
    [*SCRIPTS, *PLAIN, "place", "place of an estate", "asset with its map", "search with its map", "edge of a place",
     "add near a place"],
)  # fmt: skip
def test_a_page_asks_nobody_else_and_breaks_no_rule(
    tab: Page,
    here: str,
    borough: Borough,  # noqa: F811
    left: list[str],
    said: list[str],
    name: str,
) -> None:
    walk(tab, here, addresses(borough).get(name, name))
    assert left == []
    assert said == []
    assert tab.evaluate("window.stopped") == []


def test_what_a_page_must_not_do_is_stopped_and_noticed(page: Page, here: str) -> None:
    """The control: pictures, scripts, styles, frames and questions from elsewhere, and a script that stands inside."""
    said = complaints(page)
    page.goto(f"{here}/find")
    page.locator("h1").first.wait_for()
    page.evaluate(MISCHIEF)
    page.wait_for_timeout(500)
    stopped = {line.split()[0] for line in page.evaluate("window.stopped")}
    assert {"img-src", "script-src-elem", "frame-src", "connect-src"} <= stopped
    assert page.evaluate("window.ran") is None
    assert said


def test_no_page_may_be_framed(page: Page, here: str) -> None:
    page.goto(f"{here}/sign-in")
    page.evaluate(FRAME, f"{here}/find")
    page.wait_for_timeout(1_000)
    inside = [frame.url for frame in page.frames if frame != page.main_frame]
    assert not any(url.startswith(here) for url in inside)


def test_the_server_itself_speaks_to_nobody_outside(here: str) -> None:
    server = server_at(here)
    reached = [
        line.raddr.ip
        for process in (server, *server.children(recursive=True))
        for line in process.net_connections("inet")
        if line.raddr and line.status != psutil.CONN_LISTEN
    ]
    assert [address for address in reached if not address.startswith(LOOPBACK)] == []

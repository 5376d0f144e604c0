"""An officer shares a map, a partner opens it in a clean browser; taken back, it is dead within a second."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from abcd.access.accounts import ensure_owner
from abcd.access.sessions import open_session
from abcd.access.tokens import is_share_token
from abcd.assets.taxonomy import load_taxonomy
from abcd.assets.words import learn_words
from abcd.config import settings
from abcd.db.holding import assign
from abcd.db.session import SYSTEM, session
from tests.builders import HERE, a_place, an_asset
from tests.walks.accessibility import RULES, broken
from tests.walks.browsing import a_browser, at_rest, foreign_requests, serving, signed_in

#: The menu is Streamlit's own, and on every page: ``test_browser_pages`` looks at it.
BESIDE_THE_MENU = {"exclude": [['[data-testid="stSidebarNav"]']]}
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def cookie(store: str) -> str:
    """An estate with a library, and its owner's session."""
    with session(SYSTEM) as s:
        load_taxonomy(s)
        a_place(s, name="Old Mill", size=600)
        an_asset(s, "library", HERE, name="Mill Library")
        an_asset(s, "library", (HERE[0] + 5_000, HERE[1]), name="Faraway Library")
        assign(s)
        learn_words(s)
        return open_session(s, ensure_owner(s, by=SYSTEM))


@pytest.fixture(scope="module")
def here(store: str, cookie: str) -> Iterator[str]:
    with serving(store) as address:
        yield address


@pytest.fixture(scope="module")
def chromium(here: str) -> Iterator[Browser]:
    with a_browser() as opened:
        yield opened


def share(page: Page, here: str) -> str:
    """Share Old Mill with a partner, having looked at it first; the link."""
    page.goto(f"{here}/share")
    page.get_by_role("tab", name="Share something").click()
    page.get_by_label("Title, above the map").fill("Around Old Mill")
    page.keyboard.press("Tab")
    page.get_by_label("Which places (none named: everywhere)").click()
    page.get_by_role("option", name="Old Mill (Estate)").click()
    page.keyboard.press("Escape")
    at_rest(page)
    page.get_by_text("See what they will see").click()
    frame = page.frame_locator('iframe[src*="/shared/preview-"]')
    expect(frame.get_by_text("Mill Library").first).to_be_visible()
    expect(frame.get_by_text("Faraway Library")).to_have_count(0)
    check(page)
    page.get_by_role("button", name="Share this").click()
    expect(page.get_by_text("It is shared.")).to_be_visible()
    link: str = page.locator("code").filter(has_text="/s/abcd_").inner_text()
    return f"{here}{link[link.index('/s/') :]}"


def check(page: Page) -> None:
    """What is ours of the page is clean by axe, on a screen and on a telephone."""
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        at_rest(page)
        found = broken(page, BESIDE_THE_MENU, RULES)
        faults = [(one["id"], node["html"][:160]) for one in found for node in one["nodes"]]
        assert faults == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.set_viewport_size({"width": 1280, "height": 900})


def requests_of(page: Page) -> list[Request]:
    """A list that fills with every request of the page."""
    asked: list[Request] = []

    def note(request: Request) -> None:
        asked.append(request)

    page.on("request", note)
    return asked


def statuses(browser: BrowserContext, addresses: set[str]) -> dict[str, int]:
    """What each address answers to this browser."""
    return {address: browser.request.get(address).status for address in addresses}


def test_a_link_lives_and_dies(chromium: Browser, here: str, cookie: str) -> None:
    officer = signed_in(chromium, here, cookie).new_page()
    link = share(officer, here)
    token = link.rsplit("/", 1)[1]
    assert is_share_token(token)

    clean = chromium.new_context(viewport={"width": 1280, "height": 900})
    partner = clean.new_page()
    left, asked = foreign_requests(partner, here), requests_of(partner)
    partner.goto(link)
    expect(partner.get_by_text("Mill Library").first).to_be_visible()
    partner.wait_for_load_state("networkidle")
    assert token not in partner.url + partner.title() + partner.content()
    assert [one.url for one in asked if token in one.url] == [link]
    assert not [one.url for one in asked if token in str(one.headers)]
    assert left == []
    assert "Faraway Library" not in partner.content()
    assert partner.evaluate("document.cookie") == ""

    seen = {one.url for one in asked if one.url.startswith(f"{here}/shared/")} | {link, f"{partner.url}/print"}
    assert len(seen) >= 3
    assert statuses(clean, seen) == dict.fromkeys(seen, 200)
    officer.goto(f"{here}/share")
    officer.get_by_role("button", name="Take back").wait_for()
    check(officer)
    officer.get_by_role("button", name="Take back").click()
    expect(officer.get_by_text("Nothing of it opens any more")).to_be_visible()
    began = time.monotonic()
    assert statuses(clean, seen) == dict.fromkeys(seen, 404)
    assert time.monotonic() - began < 1
    partner.get_by_role("button", name="Zoom out").click()
    expect(partner.get_by_text("This link has ended. Ask")).to_be_visible()
    kept = {file.name: file.read_bytes() for file in Path(settings().home).rglob("*") if file.is_file()}
    assert "share.key" in kept
    assert not [name for name, held in kept.items() if token.encode() in held]

"""In a real browser, on a phone and at a desk: where one more would help, and a pin that is dragged about."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from abcd.access.accounts import ensure_owner
from abcd.access.sessions import open_session
from abcd.assets.taxonomy import load_taxonomy
from abcd.db.session import SYSTEM, session
from abcd.db.tables import Postcode, Venue
from abcd.places.queries import place
from tests.builders import HERE, a_place, a_small_area, a_venue, an_asset
from tests.pages.conftest import shape_of
from tests.walks.accessibility import fits, violations
from tests.walks.browsing import a_tab, a_window, at_rest, foreign_requests, serving

expect.set_options(timeout=20_000)

HOSTILE = "Mill <img src=x onerror=alert(1)> **hall**"


@pytest.fixture(scope="module")
def cookie(store: str) -> str:
    """An owner's session, and an estate 2.6 km long with a library in the middle and a room of ours to the east."""
    with session(SYSTEM) as s:
        load_taxonomy(s)
        owner = ensure_owner(s, by=SYSTEM)
        for metres, households in ((-1200, 100), (0, 150), (1200, 60)):
            a_small_area(s, (HERE[0] + metres, HERE[1]), households)
        an_asset(s, "library", HERE, name="Mill Library")
        room = a_venue(s, "common-room", (HERE[0] + 900, HERE[1]), name=HOSTILE, is_underused=True)
        s.get_one(Venue, room).ha_owned = True
        s.add(Postcode(postcode="M161AA", point=shape_of((HERE[0] - 1190, HERE[1]))))
        return open_session(s, owner)


@pytest.fixture(scope="module")
def address(store: str, cookie: str) -> Iterator[str]:
    """The address of the page about libraries of that estate."""
    with session(SYSTEM) as s:
        reference = place(s, a_place(s, size=2600)).reference
    with serving(store) as here:
        yield f"{here}/helping?place={reference}&category=library"


@pytest.fixture(scope="module")
def window(address: str, cookie: str) -> Iterator[BrowserContext]:
    with a_window(address.partition("/helping")[0], cookie) as opened:
        yield opened


@pytest.fixture
def page(window: BrowserContext) -> Iterator[Page]:
    with a_tab(window) as opened:
        opened.set_default_timeout(20_000)
        yield opened


def come(page: Page, address: str) -> None:
    """Open the page, and wait until all of it is there."""
    page.goto(address)
    expect(page.get_by_role("heading", name="What if it stood here?")).to_be_visible()
    at_rest(page)


def test_list_and_map_say_where_one_more_would_reach_most(page: Page, address: str) -> None:
    left = foreign_requests(page, address.partition("/helping")[0])
    page.set_viewport_size({"width": 390, "height": 900})
    come(page, address)
    expect(page.get_by_text("150 of 310 households are within 15 minutes’ walk.")).to_be_visible()
    expect(page.get_by_role("link", name="1. Mill <img src=x onerror=alert(1)> **hall**")).to_be_visible()
    expect(page.get_by_text("60 households would be near one here")).to_be_visible()
    page.get_by_role("radiogroup", name="Choose from").get_by_text("Any room, or a new place").click()
    at_rest(page)
    page.get_by_role("radiogroup", name="How many sites?").get_by_text("2", exact=True).click()
    expect(page.get_by_text("With 2 sites 160 more households are near one: 100% of all.")).to_be_visible()
    expect(page.get_by_text("Nobody: every home would be near one.")).to_be_visible()
    expect(page.locator(".abcd-number", has_text="2")).to_be_visible()
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        at_rest(page)
        assert violations(page) == [], width
        assert fits(page), width
    assert left == []


def test_a_pin_by_hand_and_by_keyboard_says_at_once_who_would_gain(page: Page, address: str) -> None:
    come(page, address)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/map/siting" in request.url else None)
    page.get_by_label("Put the pin at a postcode").fill("M16 1AA")
    page.keyboard.press("Enter")
    expect(page.get_by_text("100 households more would be near one.")).to_be_visible()
    expect(page.get_by_text("in the west").first).to_be_visible()
    pin = page.locator(".abcd-pin")
    expect(pin).to_be_visible()
    pin.scroll_into_view_if_needed()
    at_rest(page)
    box, middle = pin.bounding_box(), page.locator(".abcd-canvas").last.bounding_box()
    assert box is not None
    assert middle is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 4, steps=4)
    page.mouse.move(middle["x"] + middle["width"] / 2, middle["y"] + middle["height"] / 2 - 14, steps=4)
    page.mouse.up()
    expect(page.get_by_text("Nothing changes: the same homes are near one.")).to_be_visible()
    at_rest(page)
    at = parse_qs(urlsplit(asked[-1]).query)["at"][0]
    assert HERE[0] - 400 < float(at.split(",")[0]) < HERE[0] + 400
    page.get_by_label("What would stand there?").click()
    page.get_by_role("option", name="Move Mill Library").click()
    at_rest(page)
    expect(page.get_by_text("Nothing changes: the same homes are near one.")).to_be_visible()
    assert parse_qs(urlsplit(page.url).query)["category"] == ["library"]

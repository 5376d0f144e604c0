"""In a real browser: an officer draws a brook and puts a bridge on it; on a phone the list says all."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import text

from abcd.access.accounts import add_account
from abcd.access.associations import ensure_association
from abcd.access.sessions import open_session
from abcd.assets.taxonomy import load_taxonomy
from abcd.db.session import SYSTEM, session
from abcd.places.barriers import barrier, barriers_listed
from tests.builders import a_place
from tests.walks.accessibility import violations
from tests.walks.browsing import a_tab, a_window, at_rest, serving

expect.set_options(timeout=20_000)


@pytest.fixture(scope="module")
def officer(store: str) -> str:
    """The cookie of an officer, and an estate to begin at."""
    with session(SYSTEM) as s:
        load_taxonomy(s)
        a_place(s, name="Old Mill", size=800)
        association = ensure_association(s, by=SYSTEM)
        return open_session(s, add_account(s, "Ola Officer", "officer", by=SYSTEM, organisation_id=association))


@pytest.fixture(scope="module")
def here(store: str, officer: str) -> Iterator[str]:
    with serving(store) as address:
        yield address


@pytest.fixture(scope="module")
def window(here: str, officer: str) -> Iterator[BrowserContext]:
    with a_window(here, officer) as opened:
        yield opened


@pytest.fixture
def page(window: BrowserContext) -> Iterator[Page]:
    with a_tab(window) as opened:
        opened.set_default_timeout(20_000)
        yield opened


def opened(page: Page, address: str, title: str) -> None:
    page.goto(address)
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    at_rest(page)


def draw(page: Page, *spots: tuple[float, float]) -> None:
    """Press the corners of a line on the map, the last one twice."""
    page.get_by_role("button", name="Draw the line").click()
    canvas = page.locator(".abcd-canvas").last
    expect(canvas).to_have_class(re.compile("geoman-draw-cursor"))
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    for number, (x, y) in enumerate(spots, 1):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
        expect(canvas.locator(".marker-icon:not(.cursor-marker)")).to_have_count(number)
    page.mouse.dblclick(box["x"] + x * box["width"], box["y"] + y * box["height"])


def test_a_brook_is_drawn_and_bridged(page: Page, here: str) -> None:
    with session(SYSTEM) as s:
        s.execute(text("update core.barrier set ended_on = current_date where ended_on is null"))
    opened(page, f"{here}/barriers", "Barriers")
    page.get_by_role("tab", name="Draw a barrier").click()
    expect(page.get_by_role("button", name="Draw the line")).to_be_visible()
    at_rest(page)
    draw(page, (0.2, 0.5), (0.5, 0.52), (0.8, 0.5))
    page.get_by_label("What people call it").fill("Mill Brook")
    page.get_by_label("How do you know?").fill("We walked it")
    page.get_by_label("How do you know?").press("Tab")
    page.get_by_role("button", name="Save this barrier").click()
    expect(page.get_by_text("The barrier is saved.")).to_be_visible()
    with session(SYSTEM) as s:
        (brook,) = barriers_listed(s)
    assert (brook.name, brook.is_hard, len(brook.line.coords)) == ("Mill Brook", True, 3)
    opened(page, f"{here}/barriers?barrier={brook.id}", "Mill Brook")
    assert violations(page) == []
    page.get_by_role("button", name="Put the pin in the middle of the map").click()
    page.get_by_label("What is the crossing called?").fill("Stone bridge")
    page.get_by_label("What is the crossing called?").press("Tab")
    page.get_by_text("step-free", exact=True).click()
    page.get_by_role("button", name="Save this crossing").click()
    expect(page.get_by_text("The crossing is saved.")).to_be_visible()
    with session(SYSTEM) as s:
        (bridge,) = barrier(s, brook.id).crossings
    assert (bridge.name, bridge.step_free) == ("Stone bridge", "yes")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_list_says_all_on_any_screen(page: Page, here: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    opened(page, f"{here}/barriers", "Barriers")
    expect(page.get_by_role("tab", name="List and map")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

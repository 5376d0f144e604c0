"""In a real browser: somebody writes down whom a group works with, and the picture follows, on any screen."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from abcd.db.session import session
from abcd.db.tables import Asset, Group
from abcd.places.queries import place
from tests.pages.conftest import Borough, borough  # noqa: F401
from tests.walks.accessibility import fits, violations
from tests.walks.browsing import a_tab, a_window, at_rest, foreign_requests, serving

expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def here(store: str, borough: Borough) -> Iterator[str]:  # noqa: F811
    with session(borough.owner) as s:
        meets_at(s, "Friday Youth Club", "Weavers Hall")
    with serving(store) as address:
        yield address


@pytest.fixture(scope="module")
def window(here: str, borough: Borough) -> Iterator[BrowserContext]:  # noqa: F811
    with a_window(here, borough.cookie) as opened:
        yield opened


@pytest.fixture
def page(window: BrowserContext) -> Iterator[Page]:
    with a_tab(window) as opened:
        opened.set_default_timeout(30_000)
        yield opened


def asset_named(s: object, name: str) -> UUID:
    found: UUID = s.scalars(select(Asset.id).where(Asset.name == name)).one()  # type: ignore[attr-defined]
    return found


def meets_at(s: object, group: str, hall: str) -> None:
    s.get_one(Group, asset_named(s, group)).meets_at = asset_named(s, hall)  # type: ignore[attr-defined]


def test_a_tie_is_written_down_and_drawn(page: Page, here: str, borough: Borough) -> None:  # noqa: F811
    left = foreign_requests(page, here)
    with session(borough.owner) as s:
        library, estate = asset_named(s, "Mill Library"), place(s, borough.estate).reference
    page.goto(f"{here}/assets?asset={library}")
    page.get_by_text("Write down another tie").click()
    page.get_by_label("With whom? Part of its name").fill("Youth")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Which of these?")).to_be_visible()
    page.get_by_label("What shows it?").fill("Homework club on Mondays")
    at_rest(page)
    page.get_by_role("button", name="Write the tie down").dblclick()
    expect(page.get_by_text("The picture of its places follows")).to_be_visible()
    expect(page.get_by_role("link", name="Friday Youth Club")).to_be_visible()
    page.goto(f"{here}/?place={estate}")
    expect(page.get_by_text("2 ties are known here")).to_be_visible()
    expect(page.get_by_text("If this closed, who is cut off?")).to_be_visible()
    page.get_by_text("The same as a list").click()
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="Friday Youth Club"))
    expect(row).to_contain_text("Weavers Hall (a room)")
    assert left == []


def test_the_picture_fits_any_screen(page: Page, here: str, borough: Borough) -> None:  # noqa: F811
    with session(borough.owner) as s:
        page.goto(f"{here}/?place={place(s, borough.estate).reference}")
    for fold in ("The same as a list", "Close-knit or outward?"):
        page.get_by_text(fold).click()
    expect(page.get_by_text("Patches and estates, ties between groups")).to_be_visible()
    for width, shown, hidden in ((1280, "wide", "narrow"), (390, "narrow", "wide")):
        page.set_viewport_size({"width": width, "height": 900})
        at_rest(page)
        picture = page.locator(f".st-key-network-{shown} img")
        said = "Picture of the ties: 3 numbered marks. The list under it says the same in words."
        expect(picture).to_have_attribute("alt", said)
        expect(picture).to_be_visible()
        expect(page.locator(f".st-key-network-{hidden} img")).to_be_hidden()
        assert picture.evaluate("it => it.getBoundingClientRect().right <= innerWidth")
        assert violations(page) == []
        assert fits(page)

"""In a real browser: pictures of a place with their tables, both kept; a closer look; the sheet to print."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from playwright.sync_api import BrowserContext, Download, Page, expect

from abcd.db.session import session
from abcd.places.queries import place
from tests.pages.conftest import Borough, borough  # noqa: F401
from tests.walks.accessibility import fits, violations
from tests.walks.browsing import a_tab, a_window, at_rest, foreign_requests, serving

expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def here(store: str, borough: Borough) -> Iterator[str]:  # noqa: F811
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


@pytest.fixture(scope="module")
def reference(borough: Borough) -> str:  # noqa: F811
    with session(borough.owner) as s:
        return str(place(s, borough.estate).reference)


def kept(page: Page, name: str) -> str:
    """What a link of a picture keeps, as text."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name, exact=True).click()
    download: Download = waiting.value
    return Path(download.path()).read_text(encoding="utf-8")


def test_a_picture_its_table_both_to_keep_and_the_figures_of_a_theme(page: Page, here: str, reference: str) -> None:
    left = foreign_requests(page, here)
    page.goto(f"{here}/?place={reference}")
    picture = page.get_by_role("img", name="Bars of")
    expect(picture).to_be_visible()
    page.get_by_text("The figures: Old Mill by theme").click()
    row = page.get_by_role("row").filter(has_text="Library or hub")
    expect(row).to_contain_text("100%")
    svg = kept(page, "Keep the picture (SVG): Old Mill by theme")
    assert fromstring(svg)[0].text == "Old Mill by theme"
    table = kept(page, "Keep the figures (CSV): Old Mill by theme")
    assert table.startswith("\ufeffTheme,What,State,Homes near enough,How far people walk,Judged by")
    assert "Learning and skills,Library or hub,Here,100%," in table
    page.get_by_text("Learning and skills · 1 here").click()
    expect(page.get_by_text("100% of homes are near enough").first).to_be_visible()
    page.get_by_text("How Learning and skills was worked out").click()
    expect(page.get_by_text("Share near one: households within").first).to_be_visible()
    assert left == []


@pytest.mark.parametrize(("path", "width"), [("/?place={}", 390), ("/closer?place={}", 390)])
def test_pages_with_pictures_are_clean_and_no_wider_than_their_window(
    page: Page, here: str, reference: str, path: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(here + path.format(reference))
    expect(page.get_by_text("The figures:").first).to_be_visible()
    page.get_by_text("The figures:").first.click()
    expect(page.get_by_role("link", name="Keep the picture").first).to_be_visible()
    at_rest(page)
    assert violations(page) == []
    assert fits(page)
    wide = page.locator("[class*=st-key-picture-] img").evaluate_all("all => all.map(one => one.clientWidth)")
    assert wide
    assert max(wide) <= width


def test_the_sheet_to_print_is_clean_and_runs_nothing(page: Page, here: str, reference: str) -> None:
    page.goto(f"{here}/?place={reference}")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Profile as a page to print (HTML)").click()
    path = Path(waiting.value.path())
    sheet = path.rename(path.with_suffix(".html"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(sheet.as_uri())
    expect(page.get_by_role("heading", name="Old Mill", exact=True)).to_be_visible()
    expect(page.get_by_role("img", name="Map of Old Mill")).to_be_visible()
    assert violations(page) == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []

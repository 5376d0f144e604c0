"""A place as one page: what is in it, that nothing runs but ours, and that it opens from a folder."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import func, select, update

from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import Asset, AuditEvent, PlaceAsset
from abcd.errors import NotAllowed, NotFound
from abcd.maps.drawing import map_html, place_map, web_address, write_map
from tests.builders import HERE, a_place, an_asset
from tests.maps.conftest import Borough

BROWSER = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
EAST, NORTH = HERE


def page_of(reference: str = "OM1") -> str:
    """The page of a place."""
    with session(SYSTEM) as s:
        return map_html(s, reference, by=SYSTEM)


@pytest.fixture(scope="module")
def browser() -> Iterator[Page]:
    """A page of Chromium that notes what it asks for and what it complains of."""
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path="/usr/bin/chromium", args=BROWSER)
        yield chromium.new_page(viewport={"width": 1200, "height": 800})
        chromium.close()


def opened(browser: Page, html: str, folder: Path) -> dict[str, list[Any]]:
    """What happened when the page was opened from a folder."""
    noted: dict[str, list[Any]] = {"asked": [], "said": [], "alerts": []}
    browser.on("request", lambda request: noted["asked"].append(request.url))
    browser.on("console", lambda line: noted["said"].append(line.text))
    browser.on("pageerror", lambda error: noted["said"].append(str(error)))
    browser.on("dialog", lambda dialog: (noted["alerts"].append(dialog.message), dialog.dismiss()))
    path = folder / "place.html"
    path.write_text(html)
    browser.goto(path.as_uri())
    browser.wait_for_selector(".mark")
    return noted


def test_the_list_names_what_is_alive_here_and_nothing_else(borough: Borough) -> None:
    html = page_of()
    for name in ("Garden", "Quiet", "Story", "Unplaced", "Mill &#34;Hall&#34;"):
        assert f"<b>{name}" in html
    for name in ("Closed", "Far library", "Partners only", "canary", "Refuge", "M16 7AA"):
        assert name not in html


def test_a_place_without_a_point_is_listed_and_not_drawn(borough: Borough) -> None:
    html = page_of()
    marks = re.search(r"abcdMarks\(map_place, (\[.*?\])\);", html)
    assert html.count("<details") == 5
    assert marks[1].count('"') / 2 == 4
    assert "not on the map" in html


def test_the_same_place_gives_the_same_page(borough: Borough) -> None:
    assert page_of() == page_of()


def test_what_its_sources_want_said_is_said(borough: Borough) -> None:
    assert "Contains Trafford Council data." in page_of()


def test_taking_it_away_is_written_down(borough: Borough, owner: Actor, tmp_path: Path) -> None:
    with session(owner) as s:
        done = write_map(s, "OM1", tmp_path / "om1.html", by=owner)
    with session(owner) as s:
        event = s.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.verb, event.thing_id, event.after["rows"], done.rows) == ("export", "map", 5, 5)
    assert (tmp_path / "om1.html").read_text() == done.html


def test_a_partner_takes_none_away(borough: Borough) -> None:
    with pytest.raises(NotAllowed), session(SYSTEM) as s:
        place_map(s, "OM1", by=Actor("Pat", "partner_viewer"))


def test_an_unknown_place_says_so(borough: Borough) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        page_of("nowhere")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//elsewhere", "ftp://x", "", None])
def test_only_web_addresses_become_links(address: str | None) -> None:
    assert web_address(address) == ""


def test_it_opens_from_a_folder_and_asks_for_nothing(borough: Borough, browser: Page, tmp_path: Path) -> None:
    noted = opened(browser, page_of(), tmp_path)
    assert [url for url in noted["asked"] if not url.startswith("file:")] == []
    assert len(noted["asked"]) == 1
    assert noted["said"] == []
    assert browser.locator(".mark").count() == 4
    assert browser.locator("path.leaflet-interactive").count() == 0
    assert browser.locator("path").count() > 4


def test_list_and_map_keep_in_step(borough: Borough, browser: Page, tmp_path: Path) -> None:
    opened(browser, page_of(), tmp_path)
    browser.locator(".mark[title='Quiet']").focus()
    browser.keyboard.press("Enter")
    browser.wait_for_selector("details[open]")
    assert browser.locator("details[open] b").all_inner_texts() == ["Quiet"]
    assert browser.evaluate("document.activeElement.tagName") == "SUMMARY"
    browser.locator("summary", has_text="Garden").focus()
    browser.keyboard.press("Enter")
    browser.wait_for_selector(".mark.is-chosen[title='Garden']")
    assert browser.locator("details[open] b").all_inner_texts() == ["Garden"]


def test_a_kind_can_be_put_away(borough: Borough, browser: Page, tmp_path: Path) -> None:
    opened(browser, page_of(), tmp_path)
    browser.locator("section[data-kind=physical] input").uncheck()
    assert browser.locator(".mark").count() == 2
    assert browser.locator("section[data-kind=physical] details:visible").count() == 0
    browser.locator("section[data-kind=physical] input").check()
    assert browser.locator(".mark").count() == 4


HOSTILE = (
    "<img src=x onerror=alert(1)>", "</script><script>alert(1)</script>", "${alert(1)}", "`;alert(1)//", "{{ 7*7 }}",
    "{% raw %}", "\u2028alert(1)\u2029", "\u202egnp.exe", "'\"><svg onload=alert(1)>", "<!--", "]]>", "&lt;b&gt;",
    "javascript:alert(1)", "</title><h1>x", "\\u003cscript\\u003e", "<style>*{display:none}</style>",
)  # fmt: skip


def test_nothing_that_a_person_typed_runs(store: str, browser: Page, tmp_path: Path) -> None:
    with session(SYSTEM) as s:
        place = a_place(s, (EAST + 40_000, NORTH), name="".join(HOSTILE))
        for n, text in enumerate(HOSTILE):
            more = {
                "description": text,
                "opening_hours": text,
                "cost": text,
                "website": text,
                "phone": text,
                "email": text,
            }
            made = an_asset(s, at=(EAST + 40_000 + n, NORTH), name=text, contact_public=True, **more)
            s.add(PlaceAsset(place_id=place, asset_id=made, relation="within"))
    noted = opened(browser, page_of(str(place)), tmp_path)
    assert noted["alerts"] == []
    assert noted["said"] == []
    assert len(noted["asked"]) == 1
    shown = browser.locator("details b").all_text_contents()
    assert sorted(shown) == sorted(HOSTILE)
    assert browser.locator("h1").all_text_contents() == ["".join(HOSTILE)]
    assert browser.locator("a[href^=javascript]").count() == 0


def test_the_policy_stops_a_script_that_is_not_ours(borough: Borough, browser: Page, tmp_path: Path) -> None:
    planted = page_of().replace("<aside>", "<aside><script>alert(1)</script><img src=x onerror=alert(2)>", 1)
    noted = opened(browser, planted, tmp_path)
    assert noted["alerts"] == []
    assert any("Content Security Policy" in line for line in noted["said"])


def test_a_thousand_assets_are_under_a_megabyte(store: str) -> None:
    with session(SYSTEM) as s:
        place = a_place(s, (EAST + 80_000, NORTH), size=3_000)
        said = "Open to everyone, run by neighbours since 1987; tea, a piano and a garden."
        spot = func.ST_Translate(Asset.point, func.random() * 2_000, func.random() * 2_000)
        for n in range(1_000):
            made = an_asset(s, at=(EAST + 80_000, NORTH), name=f"Garden group number {n}", description=said)
            s.add(PlaceAsset(place_id=place, asset_id=made, relation="within"))
        s.execute(update(Asset).where(Asset.name.like("Garden group number %")).values(point=spot))
    html = page_of(str(place))
    assert html.count("<details") == 1_000
    assert len(html.encode()) < 1_000_000

"""A store full of hostile text on every page, map, file and answer, in a real Chromium: text, and nothing else."""

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pandas as pd
import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import text

from abcd.core.spreadsheet import FORMULA
from abcd.db.session import SYSTEM, session
from tests.hostile import crowd
from tests.hostile.crowd import Crowd
from tests.hostile.strings import EACH, strings
from tests.hostile.watching import plainly, texts, watched
from tests.walks.browsing import ROOT, a_window, serving, turn_to

pytestmark = pytest.mark.timeout(240)

BOX = "[data-testid=stMarkdownContainer]"
#: What none of the strings may have become anywhere on a page.
NEVER = (
    "a[href*='//evil'], a[href*='//www.evil'], a[href^='javascript:' i], a[href^='data:' i], "
    "img[src*='evil'], img[src='x'], script[src*='evil'], "
    "link[href*='evil'], base, form[action*='evil'], iframe, object, embed, math, [onerror], [onload], "
    "[ontoggle], [onfocus], [onmouseover], [style*='evil'], meta[http-equiv=refresh], .katex, "
    f"{BOX} :is(code, em, del, pre, hr, h5, h6, blockquote, table, sup, kbd, img)"
)
PAYLOADS = strings(len(EACH))


@pytest.fixture(scope="module")
def full(store: str, tmp_path_factory: pytest.TempPathFactory) -> Crowd:
    return crowd.fill(tmp_path_factory.mktemp("crowd"))


@pytest.fixture(scope="module")
def here(store: str, full: Crowd, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ABCD_HOME", str(tmp_path_factory.mktemp("home")))
        with serving(store) as address:
            yield address


@pytest.fixture(scope="module")
def window(here: str, full: Crowd) -> Iterator[BrowserContext]:
    with a_window(here, full.cookie) as opened:
        yield opened


@pytest.fixture
def page(window: BrowserContext) -> Page:
    """The tab that is always open: what one page showed is gone when the next is drawn."""
    window.pages[0].set_default_timeout(60_000)
    return window.pages[0]


def pages() -> list[str]:
    """Every page of the front door, as its address names it."""
    lines = (ROOT / "app.py").read_text().split('st.Page(f"{PAGES}/')[1:]
    return [line.split(".py")[0] for line in lines]


def visited(page: Page, address: str) -> None:
    """Open a page and wait until it has drawn all of itself."""
    page.goto(address)
    drawn(page)


def drawn(page: Page) -> None:
    """Wait until a page has drawn all of itself."""
    # The first words of a page may be folded; an address that the gate refuses is a plain page with a heading.
    page.locator(f"[data-testid=stMain] {BOX}, body > main h1").first.wait_for(state="attached")
    page.locator("[data-testid=stStatusWidget]").wait_for(state="detached")
    page.wait_for_load_state("networkidle")


def became(page: Page) -> list[str]:
    """Elements that a string became."""
    found: list[str] = page.evaluate(
        "(never) => [...document.querySelectorAll(never)].map((one) => one.outerHTML.slice(0, 300))", NEVER
    )
    return found


@pytest.mark.parametrize("name", pages())
def test_every_page_shows_text_alone(page: Page, here: str, full: Crowd, name: str) -> None:
    asked = {
        "place": [f"?place={full.reference}", f"?place={quote(PAYLOADS[3])}"],
        "find": ["?q=z", f"?q={quote(PAYLOADS[0])}&near={quote(PAYLOADS[38])}", f"?q={quote(PAYLOADS[40])}&lang=cy"],
        "assets": [f"?asset={full.assets[n]}" for n in (2, 40, 75)] + [f"?asset={quote(PAYLOADS[2])}"],
        "add_data": [f"?import={full.waiting}", f"?import={quote(PAYLOADS[4])}"],
        "places": [f"?mend={full.estate}", f"?mend={quote(PAYLOADS[5])}"],
        "history": [f"?kind=asset&id={full.assets[2]}"],
    }
    with watched(page, here) as seen:
        for query in ["", *asked.get(name, [])]:
            if query or name == "place" or "lang=" in page.url:
                visited(page, f"{here}/{'' if name == 'place' else name}{query}")
            else:
                turn_to(page, here, name)
                drawn(page)
            assert became(page) == [], query
    assert seen.nothing(), seen


def test_the_names_stand_on_the_place_page_as_they_are(page: Page, here: str, full: Crowd) -> None:
    with watched(page, here) as seen:
        visited(page, f"{here}/?place={full.reference}")
        page.locator(".abcd-mark").first.wait_for()
        shown = texts(page, f"[data-testid=stRadio] {BOX}")
        assert {plainly(name) for name in full.names} - shown == set()
        for mark in page.locator(".abcd-mark").all()[:6] * 2:
            mark.dispatch_event("click")
            page.locator(".abcd-card-name").first.wait_for()
        assert became(page) == []
        # Faster than the page answers: the map may be taken down and put up again, the last press stays.
        page.locator("[data-testid=stStatusWidget]").wait_for(state="detached")
        page.wait_for_timeout(1_000)
        expect(page.locator(".abcd-card-name")).to_be_visible()
        opened = plainly(page.locator(".abcd-card-name").inner_text())
        assert opened in plainly(page.locator(".abcd-mark.is-chosen").get_attribute("aria-label") or "")
    assert seen.nothing(), seen


CARDS = """async ([features, options]) => {
  const { hint, details } = await import("/web/map/details.js");
  const box = document.createElement("div");
  box.id = "all-cards";
  document.body.append(box);
  for (const one of features) {
    const told = { id: one.id, ...one.properties };
    const kind = options.kinds[0];
    const words = { open: told.name };
    box.append(hint(told), details(told, kind, { words, asset_url: "/assets" }));
    const named = document.createElement("span");
    named.setAttribute("aria-label", told.name);
    box.append(named);
  }
  return [...box.querySelectorAll(".abcd-card-name")].map((one) => one.textContent);
}"""
KIND = {"kind": "physical", "title": "Place", "colour": "#000", "outline": "M0 0", "letter": "P", "middle": 12}


def test_cards_and_hints_of_thousands_of_strings(page: Page, here: str) -> None:
    """The very functions of the map, on strings that came over the wire as JSON does."""
    from tests.faults.size import times

    words = strings(times(2_000, 20_000))
    features = [
        {"id": word, "properties": {"name": word, "category_name": word, "address": word, "postcode": word}}
        for word in words
    ]
    with watched(page, here) as seen:
        page.goto(f"{here}/health")
        assert page.evaluate(CARDS, [features, {"kinds": [KIND]}]) == words
        page.wait_for_timeout(500)
        assert became(page) == []
    assert seen.nothing(), seen


def test_a_map_taken_away_shows_text_alone(page: Page, here: str, full: Crowd, tmp_path: Path) -> None:
    taken = page.request.get(f"{here}/export/map/{full.reference}.html")
    assert taken.ok
    path = tmp_path / "place.html"
    path.write_bytes(taken.body())
    with watched(page, "file:") as seen:
        page.goto(path.as_uri())
        page.locator(".mark").first.wait_for()
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        for mark in page.locator(".mark").all()[:20]:
            mark.dispatch_event("click")
        assert texts(page, "summary b") >= {plainly(name) for name in full.names}
        assert (
            page.evaluate("(never) => [...document.querySelectorAll(never)].map((one) => one.outerHTML)", NEVER) == []
        )
    assert seen.nothing(), seen


def test_features_are_json_that_no_browser_sniffs(page: Page, here: str, full: Crowd) -> None:
    addresses = ("/export/assets.geojson", "/map/assets.geojson?zoom=17&bbox=-2.4,53.3,-2.2,53.6",
                 f"/imports/{full.waiting}/points.geojson")  # fmt: skip
    with watched(page, here) as seen:
        for address in addresses:
            answer = page.request.get(here + address)
            assert answer.headers["content-type"].split(";")[0] == "application/geo+json", answer.text()[:200]
            assert answer.headers["x-content-type-options"] == "nosniff"
            told = json.loads(answer.body())
            assert told["features"]
            if address.startswith("/map"):
                page.goto(here + address)
        whole = json.loads(page.request.get(here + addresses[0]).body())
    assert {one["properties"]["name"] for one in whole["features"]} == set(full.names)
    assert seen.nothing(), seen


def test_no_cell_of_the_faults_starts_a_formula(page: Page, here: str, full: Crowd) -> None:
    with session(SYSTEM) as s:
        s.execute(text("update core.issue set value = '=1+1', message = '+cmd', what_to_do = '@x', \"column\" = '-1'"))
    answer = page.request.get(f"{here}/imports/{full.waiting}/issues.csv")
    assert answer.headers["content-disposition"].startswith("attachment")
    cells = pd.read_csv(BytesIO(answer.body()), dtype=str, keep_default_na=False)
    assert set(cells["value"]) == {"'=1+1"}
    assert not any(str(cell).startswith(FORMULA) for cell in [*cells.columns, *cells.to_numpy().ravel()])


ADDRESSES = (
    "/{}", "/sign-in/{}", "/export/map/{}.html", "/export/{}.geojson", "/invitation/{}", "/imports/{}/points.geojson",
    "/map/{}.geojson", "/export/assets.geojson?place={}", "/map/assets.geojson?bbox={}", "/find?q={}", "/?lang={}",
)  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_never_said_back_as_more_than_text(page: Page, here: str, address: str) -> None:
    for payload in PAYLOADS[:40]:
        answer = page.request.get(here + address.format(quote(payload, safe="")))
        if "html" in answer.headers.get("content-type", ""):
            assert payload.replace("z", "", 1) not in answer.text()
    with watched(page, here) as seen:
        for payload in (PAYLOADS[2], PAYLOADS[1]):
            answer = page.goto(here + address.format(quote(payload, safe=""))) if "export" not in address else None
            assert answer is None or became(page) == []
    assert seen.nothing(), seen


UPLOADS = {
    "<img src=x onerror=window.__pwned=1>.csv": (PAYLOADS[3] + ",name,lat,lon\n1,Mill Hall,53.42,-2.32\n", "Mill Hall"),
    "../../etc/cron.d/x.csv": ("name,lat,lon\nMill Hall,53.42,-2.32\n", "Mill Hall"),
    "picture.csv": ("\x89PNG\r\n\x1a\n" + "x" * 100, "This is a picture"),
    "pointer.geojson": ("<OGRVRTDataSource><OGRVRTLayer/></OGRVRTDataSource>", "points to data elsewhere"),
    "a.zip": ("name,lat,lon\nMill Hall,53.42,-2.32\n", "Mill Hall"),
}


@pytest.mark.parametrize("name", UPLOADS)
def test_an_upload_is_known_by_its_bytes_and_its_name_is_only_shown(page: Page, here: str, name: str) -> None:
    content, said = UPLOADS[name]
    file = {"name": name, "mimeType": "text/csv", "buffer": content.encode("latin-1" if "\x89" in content else "utf-8")}
    with watched(page, here) as seen:
        visited(page, f"{here}/add_data")
        page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
        expect(page.get_by_text(said).first).to_be_visible(timeout=60_000)
        assert became(page) == []
    assert seen.nothing(), seen

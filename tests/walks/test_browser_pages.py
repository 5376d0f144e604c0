"""In a real browser: the map, no request that leaves us, adding by a click, confirming, accessibility."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from abcd.access.sessions import COOKIE
from abcd.assets.queries import asset
from abcd.core.clock import today
from abcd.db.session import session
from abcd.pages.map_view import SCRIPT, MapView
from abcd.places.queries import place
from tests.pages.conftest import HOSTILE, Borough, borough  # noqa: F401
from tests.walks.accessibility import fits, violations
from tests.walks.browsing import a_tab, a_window, add_a_venue, at_rest, foreign_requests, serving

expect.set_options(timeout=30_000)

PAGES = ("/", "/find?q=library", "/assets", "/places", "/data_health", "/add_data", "/exports")


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


def the_estate(borough: Borough) -> str:  # noqa: F811
    with session(borough.owner) as s:
        return f"/?place={place(s, borough.estate).reference}"


def test_the_place_page_draws_its_map_and_asks_nobody_else(page: Page, here: str, borough: Borough) -> None:  # noqa: F811
    left = foreign_requests(page, here)
    ran: list[str] = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    page.goto(here + the_estate(borough))
    expect(page.get_by_role("heading", name="Old Mill", exact=True)).to_be_visible()
    marks = page.locator(".abcd-mark")
    expect(marks).to_have_count(5)
    marks.filter(has_text="E").first.click()
    expect(page.locator(".abcd-card-name")).to_have_text(HOSTILE)
    page.get_by_text("Take it with you").wait_for()
    assert left == []
    assert ran == []


#: The page's own lines, less patient: a map is put up, taken down before it is drawn, and put up once more.
TWICE = """async (data) => {
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const [first, second] = [0, 1].map(() => document.body.appendChild(document.createElement("div")));
  const told = { key: "m", data, setStateValue() {} };
  const takeDown = await mount({ ...told, parentElement: first });
  takeDown();
  await wait(100);
  await mount({ ...told, parentElement: second });
  await wait(1500);
  return [first, second].map((one) => one.querySelectorAll(".leaflet-map-pane").length);
}"""


def test_a_map_that_is_taken_down_before_it_is_drawn_can_be_put_up_again(page: Page, here: str) -> None:
    def late(route: Route) -> None:
        time.sleep(0.4)
        route.continue_()

    page.goto(here + "/health")
    page.route("**/web/**/*.css", late)
    script = SCRIPT.replace("export default async function", "const mount = async function")
    script = script.replace("GONE_FOR_GOOD = 3000", "GONE_FOR_GOOD = 20")
    data = MapView("A map", []).as_data()
    assert page.evaluate(f"(data) => {{ {script}\nreturn ({TWICE})(data); }}", data) == [0, 1]


def test_the_keyboard_walks_between_the_marks(page: Page, here: str, borough: Borough) -> None:  # noqa: F811
    page.goto(here + the_estate(borough))
    first = page.locator('.abcd-mark[tabindex="0"]')
    first.focus()
    named = first.get_attribute("aria-label")
    for key in ("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"):
        page.keyboard.press(key)
    assert page.locator(".abcd-mark:focus").count() == 1
    page.keyboard.press("Enter")
    expect(page.locator(".abcd-card")).to_be_visible()
    assert named


def test_choosing_in_the_list_shows_it_on_the_map(page: Page, here: str, borough: Borough) -> None:  # noqa: F811
    page.goto(here + the_estate(borough))
    page.locator(".abcd-mark").first.wait_for()
    page.get_by_test_id("stRadio").get_by_text("Weavers Hall").click()
    expect(page.locator(".abcd-mark.is-chosen")).to_have_attribute(
        "aria-label", "Weavers Hall, Community centre or hall"
    )


def test_a_venue_is_added_by_clicking_the_map(page: Page, here: str, borough: Borough) -> None:  # noqa: F811
    page.goto(here + "/assets?" + the_estate(borough)[2:])
    page.locator(".abcd-mark").first.wait_for()
    add_a_venue(page, "Canal Room", "0161 000 0000", at=(90, 330))
    page.goto(here + the_estate(borough))
    expect(page.locator('.abcd-mark[aria-label^="Canal Room"]')).to_have_count(1)


def test_an_asset_is_confirmed(page: Page, here: str, borough: Borough) -> None:  # noqa: F811
    page.goto(f"{here}/assets?asset={borough.library}")
    page.get_by_role("button", name="Yes, still right").dblclick()
    expect(page.get_by_text("Confirmed. Thank you")).to_be_visible()
    with session(borough.owner) as s:
        found = asset(s, borough.library)
    assert found.line.assured_on == today()


@pytest.mark.parametrize("path", [*PAGES, "place", "asset"])
def test_no_violation_of_ours(page: Page, here: str, borough: Borough, path: str) -> None:  # noqa: F811
    """At the width of a desk, and again at that of a telephone."""
    named = {"place": the_estate(borough), "asset": f"/assets?asset={borough.library}"}
    page.goto(here + named.get(path, path))
    page.locator("h1").first.wait_for()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_load_state("networkidle")
        at_rest(page)
        assert violations(page) == [], width
        assert fits(page), width


def test_the_owners_tiles_are_asked_for_and_named(
    store: str,
    borough: Borough,  # noqa: F811
    window: BrowserContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ABCD_TILE_URL", "http://127.0.0.1:9/{z}/{x}/{y}.png")
    monkeypatch.setenv("ABCD_BASEMAP_ATTRIBUTION", "Tiles by <b>the owner</b>")
    with serving(store) as address:
        page = window.new_page()
        window.add_cookies([{"name": COOKIE, "value": borough.cookie, "url": address}])
        with page.expect_request(lambda request: request.url.startswith("http://127.0.0.1:9/")):
            page.goto(address + the_estate(borough))
        expect(page.locator(".abcd-thanks")).to_have_text("Tiles by <b>the owner</b>")
        page.close()

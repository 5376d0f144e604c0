"""A partner's visit in a real browser: with a script and without, by keyboard, on a telephone, in both languages."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from abcd.maps.sharing.deeds import Made
from tests.api.town import NASTY, a_town, shared
from tests.walks.accessibility import broken
from tests.walks.browsing import ROOT, a_browser, foreign_requests, free_port, wait_for

expect.set_options(timeout=6_000)
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("*")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML.slice(0, 80))"""
STOP = "(document.activeElement.textContent.trim() || document.activeElement.id).slice(0, 30)"
SERVE = "from abcd.api.public import serve; serve()"


@pytest.fixture(scope="module")
def town(store: str) -> dict[str, UUID]:
    return a_town()


@pytest.fixture(scope="module")
def link(town: dict[str, UUID]) -> Made:
    return shared(layers=("assets", "places"))


@pytest.fixture(scope="module")
def here(store: str, town: dict[str, UUID]) -> Iterator[str]:
    """The process for partners and the public."""
    port = free_port()
    told = os.environ | {"ABCD_DATABASE_URL": store, "ABCD_PORT": str(port), "ABCD_HOST": "127.0.0.1"}
    process = subprocess.Popen([sys.executable, "-c", SERVE], cwd=ROOT, env=told)
    try:
        wait_for(f"http://127.0.0.1:{port}/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def chromium(here: str) -> Iterator[Browser]:
    with a_browser() as opened:
        yield opened


def window(chromium: Browser, width: int = 1280, **more: object) -> BrowserContext:
    return chromium.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce", **more)  # type: ignore[arg-type]


@pytest.fixture
def page(chromium: Browser, here: str, link: Made) -> Iterator[Page]:
    """The map, opened by its link; whatever the browser complains of fails the walk."""
    context = window(chromium)
    opened = context.new_page()
    left, said = foreign_requests(opened, here), complaints(opened)
    opened.goto(here + urlsplit(link.address).path)
    expect(opened.locator(".abcd-line")).to_contain_text("shown in this view")
    yield opened
    assert left == []
    assert said == []
    assert opened.evaluate("window.ran") is None
    context.close()


def complaints(page: Page) -> list[str]:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def listed(page: Page) -> list[str]:
    return page.locator("#results .lines h3").all_inner_texts()


def clean(page: Page, name: str) -> None:
    """Clean by axe, and no wider than its window."""
    found = broken(page)
    assert [(one["id"], one["nodes"][0]["html"][:150]) for one in found] == [], name
    assert page.evaluate(TOO_WIDE) == [], name


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (390, "cy"), (390, "en"), (1280, "cy"), (320, "en")])
def test_every_page_of_it_is_clean(
    chromium: Browser, here: str, town: dict[str, UUID], link: Made, width: int, language: str
) -> None:
    """320 pixels are a desk's window at 400 per cent."""
    context = window(chromium, width)
    page = context.new_page()
    said = complaints(page)
    page.goto(here + urlsplit(link.address).path)
    base = page.url
    page.goto(f"{base}?lang={language}&day=tue")
    if width < 900:
        page.locator('[data-show="map"]').click()
        expect(page.locator(".abcd-mark").first).to_be_visible()
        clean(page, "map")
        page.locator('[data-show="list"]').click()
    else:
        expect(page.locator(".abcd-mark").first).to_be_visible()
    page.locator(".more summary").click()
    clean(page, "list")
    page.locator(".lines h3 a").first.click()
    expect(page.locator("#asset-name")).to_be_focused()
    clean(page, "panel")
    for path in (f"/asset/{town['choir']}", "/print", "/table/places", "?q=nothingofthatname"):
        page.goto(f"{base}{path}{'&' if '?' in path else '?'}lang={language}")
        clean(page, path)
    assert said == []
    context.close()


def test_filters_apply_at_once_to_list_and_map_and_the_address_says_so(page: Page) -> None:
    page.evaluate("window.same = true")
    base = page.url
    page.locator(".more summary").click()
    page.get_by_role("checkbox", name="Groups and associations").check()
    expect(page.get_by_role("heading", name="4 results")).to_be_visible()
    expect(page.locator("#said")).to_have_text("4 results")
    expect(page.locator(".abcd-line")).to_contain_text("3 shown")
    page.get_by_label("Open on").select_option("Tuesday")
    expect(page.get_by_role("heading", name="1 result")).to_be_visible()
    assert page.url == f"{base}?kind=association&day=tue"
    expect(page.locator(".abcd-mark")).to_have_count(1)
    page.go_back()
    expect(page.get_by_role("heading", name="4 results")).to_be_visible()
    expect(page.get_by_label("Open on")).to_have_value("")
    page.get_by_role("link", name="Take away: Groups and associations").click()
    expect(page.get_by_role("heading", name="9 things")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Groups and associations")).not_to_be_checked()
    page.get_by_label("What are you looking for?").fill("knittres")
    expect(page.get_by_text("showing “knitters”")).to_be_visible()
    assert listed(page) == ["Knitters"]
    assert page.evaluate("window.same") is True


def test_a_walk_from_a_postcode_leaves_no_postcode_behind(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_label("Walk from").fill("M16 7AA")
    page.get_by_label("Walk from").press("Enter")
    expect(page.get_by_role("heading", name="results, nearest first")).to_be_visible()
    assert listed(page)[:3] == ["Mill Hall", "Old Library", "Partners' Room"]
    expect(page.get_by_role("link", name="Take away: 15 minutes' walk from M16")).to_be_visible()
    expect(page.locator(".leaflet-abcd-ring-pane path")).to_have_count(1)
    page.get_by_label("At most").select_option("5 minutes")
    expect(page.get_by_role("link", name="Take away: 5 minutes' walk from M16")).to_be_visible()
    assert "minutes=5" in page.url
    assert not [url for url in [page.url, *asked] if "7aa" in url.lower()]


def test_list_and_map_point_at_each_other(page: Page) -> None:
    page.get_by_role("link", name="Mill Choir").hover()
    expect(page.locator(".abcd-mark.is-hot")).to_have_attribute("aria-label", "Mill Choir, Arts and music group")
    page.locator('.abcd-mark[aria-label^="Food Club"]').hover()
    expect(page.locator("li.is-hot h3")).to_have_text("Food Club")
    page.locator('.abcd-mark[aria-label^="Food Club"]').click()
    expect(page.locator("#asset-name")).to_have_text("Food Club")
    assert "/asset/" in page.url


def test_by_keyboard_the_list_comes_before_the_map(page: Page) -> None:
    page.reload()
    expect(page.locator(".abcd-line")).to_contain_text("shown in this view")
    stops = []
    for _ in range(40):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(STOP))
        if page.evaluate("Boolean(document.activeElement.closest('#map'))"):
            break
    for before, after in (("Skip to the list", "Around Old Mill"), ("Around Old Mill", "q"), ("q", "from")):
        assert stops.index(before) < stops.index(after)
    assert stops.index("from") < stops.index("Far Garden") < len(stops) - 1
    page.get_by_role("link", name="Mill Choir").focus()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#asset-name")).to_be_focused()
    expect(page.get_by_role("link", name="choir@example.org")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Mill Choir")).to_be_focused()
    page.get_by_role("link", name="Skip to the list").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#results")).to_be_focused()


def test_marks_are_walked_by_arrows_and_opened_by_enter(page: Page) -> None:
    page.locator(".abcd-mark[tabindex='0']").focus()
    first = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("ArrowRight")
    expect(page.locator(f".abcd-mark:focus:not([aria-label={json.dumps(first)}])")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#asset-name")).to_be_focused()


def test_what_somebody_typed_is_shown_as_they_typed_it(page: Page) -> None:
    page.get_by_role("link", name="window.ran").click()
    expect(page.locator("#asset-name")).to_have_text(" ".join(NASTY.split()))
    page.locator('.abcd-mark[aria-label*="window.ran"]').hover()
    expect(page.locator(".abcd-hint")).to_contain_text("<img src=x")


def test_without_a_script_it_is_a_list_with_everything(chromium: Browser, here: str, link: Made) -> None:
    context = window(chromium, java_script_enabled=False)
    page = context.new_page()
    left, names = foreign_requests(page, here), page.locator("#results .lines h3")
    page.goto(here + urlsplit(link.address).path)
    expect(page.get_by_text("The map needs a script")).to_be_visible()
    page.locator(".more summary").click()
    page.get_by_role("checkbox", name="Groups and associations").check()
    page.get_by_label("Open on").select_option("Wednesday")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(names).to_have_text(["Mill Choir"])
    expect(page).to_have_url(re.compile("day=wed"))
    page.get_by_label("Walk from").fill("m16 7aa")
    page.keyboard.press("Enter")
    expect(names).to_have_text(["Mill Choir"])
    expect(page.get_by_text("Arts and music group · 6 minutes' walk · £2")).to_be_visible()
    page.get_by_role("link", name="Mill Choir").click()
    expect(page.get_by_role("link", name="choir@example.org")).to_be_visible()
    page.get_by_role("link", name="Back to the list").click()
    expect(page.get_by_role("link", name="Take away: Wednesday")).to_be_visible()
    page.get_by_role("link", name="Take all away").click()
    expect(page.get_by_role("heading", name="9 things")).to_be_visible()
    page.get_by_label("Walk from").fill("Nowhere at all")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("do not know that postcode")
    page.get_by_role("link", name="Print").click()
    expect(page.get_by_text("0161 496 0001")).to_be_visible()
    assert left == []
    context.close()


def test_a_site_that_was_named_may_frame_it_and_no_other(chromium: Browser, here: str, town: dict[str, UUID]) -> None:
    made = shared("open", embed_hosts=("https://partner.example",))
    context = window(chromium)
    page = context.new_page()
    frame = f'<iframe src="https://maps.example/embed/{made.share.slug}?kind=association" width="900" height="700">'

    def map_host(route: Route) -> None:
        """Our own server by another name: a browser keeps pages of the world from this machine."""
        route.fulfill(response=route.fetch(url=route.request.url.replace("https://maps.example", here)))

    page.route("https://*.example/", lambda route: route.fulfill(body=frame, content_type="text/html"))
    page.route("https://maps.example/**", map_host)
    page.goto("https://partner.example/")
    inside = page.frame_locator("iframe")
    expect(inside.get_by_role("heading", name="4 results")).to_be_visible()
    inside.get_by_label("What are you looking for?").fill("felin")
    expect(inside.get_by_role("heading", name="1 result")).to_be_visible()
    page.goto("https://elsewhere.example/")
    expect(page.frame_locator("iframe").get_by_role("heading")).to_have_count(0)
    assert not [one.url for one in page.frames if one.url.startswith("https://maps.example")]
    context.close()

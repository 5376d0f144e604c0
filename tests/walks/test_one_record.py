"""In a real browser: pressed twice it is one record and one message, and two people overwrite nothing (F12, F13)."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import delete, func, select

from abcd.assets.queries import asset
from abcd.db.session import session
from abcd.db.tables import Asset, Draft, Verification
from tests.builders import an_asset
from tests.faults.size import IS_LONG
from tests.pages.conftest import Borough, borough  # noqa: F401
from tests.walks.browsing import ROOT, a_window, at_rest, free_port, serving, signed_in, wait_for

expect.set_options(timeout=15_000)

GAPS_MS = tuple(range(0, 5_001, 50)) if IS_LONG else (0, 150, 2000)


@pytest.fixture(scope="module")
def here(store: str, borough: Borough) -> Iterator[str]:  # noqa: F811
    with serving(store) as address:
        yield address


@pytest.fixture(scope="module")
def house(here: str, borough: Borough) -> Iterator[BrowserContext]:  # noqa: F811
    """The window of the whole module."""
    with a_window(here, borough.cookie) as opened:
        opened.set_default_timeout(15_000)
        yield opened


@pytest.fixture
def browser(house: BrowserContext) -> Browser:
    assert house.browser
    return house.browser


@pytest.fixture
def window(house: BrowserContext, borough: Borough) -> Iterator[BrowserContext]:  # noqa: F811
    yield house
    for one in house.pages[1:]:
        one.close()
    with session(borough.owner) as s:
        s.execute(delete(Draft))


@pytest.fixture
def cafe(borough: Borough) -> UUID:  # noqa: F811
    """An asset of a test's own."""
    with session(borough.owner) as s:
        return an_asset(s, "cafe", name="Corner Café", website="corner.test", phone="0161 000 0000")


def confirmations(borough: Borough, one: UUID) -> int:  # noqa: F811
    with session(borough.owner) as s:
        return s.scalar(select(func.count()).select_from(Verification).where(Verification.asset_id == one)) or 0


def named(borough: Borough, name: str) -> int:  # noqa: F811
    with session(borough.owner) as s:
        return s.scalar(select(func.count()).select_from(Asset).where(Asset.name == name)) or 0


def press_twice(page: Page, button: str, gap: int) -> None:
    """Two presses of the mouse at one spot, as a person does it who is not sure of the first."""
    box = page.get_by_role("button", name=button).bounding_box()
    assert box
    at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(*at)
    page.wait_for_timeout(gap)
    page.mouse.click(*at)


@pytest.mark.parametrize("gap", GAPS_MS)
def test_pressed_twice_it_is_confirmed_once(
    window: BrowserContext,
    here: str,
    borough: Borough,  # noqa: F811
    cafe: UUID,
    gap: int,
) -> None:
    page = window.new_page()
    page.goto(f"{here}/assets?asset={cafe}")
    page.get_by_role("button", name="Yes, still right").wait_for()
    at_rest(page)
    press_twice(page, "Yes, still right", gap)
    expect(page.get_by_text("Confirmed. Thank you")).to_have_count(1)
    at_rest(page)
    assert confirmations(borough, cafe) == 1
    expect(page.get_by_test_id("stAlert")).to_have_count(1)


def test_enter_twice_is_one_press(window: BrowserContext, here: str, borough: Borough, cafe: UUID) -> None:  # noqa: F811
    page = window.new_page()
    page.goto(f"{here}/assets?asset={cafe}")
    page.get_by_role("button", name="Yes, still right").focus()
    at_rest(page)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Confirmed. Thank you")).to_be_visible()
    at_rest(page)
    assert confirmations(borough, cafe) == 1


def test_a_naive_button_does_it_twice(browser: Browser, tmp_path: Path) -> None:
    port, ledger = free_port(), tmp_path / "ledger"
    command = [sys.executable, "-m", "streamlit", "run", "tests/walks/naive.py", "--server.port", str(port)]
    server = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"NAIVE_LEDGER": str(ledger)}, stdout=subprocess.DEVNULL
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health", server)
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{port}")
        page.get_by_role("button", name="Add it").wait_for()
        for gap in GAPS_MS:
            press_twice(page, "Add it", gap)
            at_rest(page)
        page.close()
    finally:
        server.terminate()
        server.wait(20)
    assert len(ledger.read_text().splitlines()) > len(GAPS_MS)


def fill(page: Page, here: str, name: str) -> None:
    """The four fields of a new asset."""
    page.goto(here + "/assets")
    page.get_by_label("What do people call it?").fill(name)
    page.get_by_label("What is it?").fill("Community centre")
    page.get_by_role("option", name="Community centre or hall").click()
    page.get_by_label("Postcode, or click the map").fill("M16 7AA")
    page.get_by_label("How can it be reached?").fill("Ask at the door")
    page.keyboard.press("Tab")
    at_rest(page)


def until_kept(page: Page, borough: Borough, *names: str) -> None:  # noqa: F811
    """Wait until what is written holds all of these fields."""
    until = time.monotonic() + 15
    while time.monotonic() < until:
        with session(borough.owner) as s:
            kept = s.scalars(select(Draft.values)).all()
        if any(one.keys() >= set(names) for one in kept):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"not kept: {names}")


def add(page: Page) -> None:
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("It is on the map and in the lists now")).to_be_visible()


def test_two_windows_that_go_on_with_one_draft_add_it_once(window: BrowserContext, here: str, borough: Borough) -> None:  # noqa: F811
    one, other = window.new_page(), window.new_page()
    fill(one, here, "Room of two windows")
    until_kept(one, borough, "name", "category", "postcode", "reach")
    other.goto(here + "/assets")
    other.get_by_role("button", name="Go on with it").click()
    at_rest(other)
    expect(other.get_by_label("What do people call it?")).to_have_value("Room of two windows")
    add(one)
    add(other)
    assert named(borough, "Room of two windows") == 1


def test_going_back_and_pressing_again_adds_nothing(window: BrowserContext, here: str, borough: Borough) -> None:  # noqa: F811
    page = window.new_page()
    fill(page, here, "Room behind us")
    add(page)
    page.get_by_role("link", name="Places", exact=True).click()
    expect(page.get_by_role("heading", name="Places")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("What do people call it?")).to_have_value("")
    at_rest(page)
    page.wait_for_timeout(3_000)
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("Give it a name")).to_be_visible()
    assert named(borough, "Room behind us") == 1


def test_two_people_see_both_sides_and_choose(browser: Browser, here: str, borough: Borough, cafe: UUID) -> None:  # noqa: F811
    windows = [signed_in(browser, here, borough.cookie) for _ in range(2)]
    ann, bob = [mending(window, here, cafe) for window in windows]
    ann.get_by_role("textbox", name="Telephone").fill("0161 111 1111")
    ann.get_by_role("textbox", name="Website").fill("ann.test")
    ann.keyboard.press("Tab")
    bob.get_by_role("textbox", name="Website").fill("bob.test")
    bob.get_by_label("Description").fill("Bob was here")
    bob.keyboard.press("Tab")
    at_rest(bob)
    ann.get_by_role("button", name="Save the changes").click()
    expect(ann.get_by_text("The changes are saved.")).to_be_visible()
    bob.get_by_role("button", name="Save the changes").click()
    expect(bob.get_by_text("Somebody else saved this after you began")).to_be_visible()
    expect(bob.get_by_role("cell", name="ann.test")).to_have_count(2)
    expect(bob.get_by_text("Taken over from them")).to_contain_text("0161 111 1111")
    expect(bob.get_by_label("Description")).to_have_value("Bob was here")
    expect(bob.get_by_role("textbox", name="Website")).to_have_value("bob.test")
    bob.get_by_role("radiogroup", name="Website").get_by_text("Put both in").click()
    expect(bob.get_by_role("textbox", name="Website")).to_have_value("ann.test; bob.test")
    bob.get_by_role("button", name="Save the changes").click()
    expect(bob.get_by_text("The changes are saved.")).to_be_visible()
    with session(borough.owner) as s:
        found = asset(s, cafe)
    assert (found.website, found.phone, found.description) == ("ann.test; bob.test", "0161 111 1111", "Bob was here")
    for window in windows:
        window.close()


def mending(window: BrowserContext, here: str, one: UUID) -> Page:
    """The page of an asset with its form open."""
    page = window.new_page()
    page.goto(f"{here}/assets?asset={one}")
    form = page.locator("details").filter(has_text="Mend this record")
    form.locator("summary").click()
    page.get_by_role("textbox", name="Website").wait_for()
    return page

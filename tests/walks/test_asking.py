"""In a real browser: a coach makes a sheet, prints it, types it in, and what is said of the place changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import delete, select

from abcd.access.accounts import add_account
from abcd.access.associations import ensure_association
from abcd.access.sessions import open_session
from abcd.assets.taxonomy import load_taxonomy
from abcd.core.clock import today
from abcd.db.holding import assign
from abcd.db.session import SYSTEM, session
from abcd.db.tables import AskingSheet, Asset, Draft, Group, SearchEffort
from abcd.places.queries import place
from tests.builders import HERE, a_group, a_place, a_small_area, a_venue, an_asset
from tests.walks.accessibility import fits, violations
from tests.walks.browsing import a_tab, a_window, at_rest, serving, signed_in

expect.set_options(timeout=20_000)


@dataclass(frozen=True)
class Patch:
    """What the walk needs to know."""

    reference: str
    cookie: str
    partner: str
    library: UUID


@pytest.fixture(scope="module")
def patch(store: str) -> Patch:
    """A patch of 170 homes with a library and a café that nobody checked for long, and a group that rests on one."""
    with session(SYSTEM) as s:
        load_taxonomy(s)
        association = ensure_association(s, by=SYSTEM)
        a_small_area(s, HERE, 170)
        north = a_place(s, kind="patch", name="North patch")
        old = today() - timedelta(500)
        library = an_asset(s, "library", HERE, name="Mill Library", checked=old, phone="0161 496 0000")
        an_asset(s, "cafe", (HERE[0] + 90, HERE[1]), name="Corner <b>Café</b>", checked=old, kind="economic")
        hall = a_venue(s, name="Weavers Hall", checked=today())
        youth = a_group(s, "youth-group", name="Friday Youth Club", meets_at=hall, checked=today())
        s.get_one(Group, youth).key_holder_count = 1
        assign(s)
        of = {"by": SYSTEM, "organisation_id": association}
        coach = add_account(s, "Cara Coach", "coach", places=[north], **of)
        partner = add_account(s, "Pat Partner", "partner_viewer", **of)
        return Patch(place(s, north).reference, open_session(s, coach), open_session(s, partner), library)


@pytest.fixture(scope="module")
def here(store: str, patch: Patch) -> Iterator[str]:
    with serving(store) as address:
        yield address


@pytest.fixture(scope="module")
def window(here: str, patch: Patch) -> Iterator[BrowserContext]:
    with a_window(here, patch.cookie) as opened:
        yield opened


@pytest.fixture(scope="module")
def browser(window: BrowserContext) -> Browser:
    assert window.browser
    return window.browser


@pytest.fixture
def page(window: BrowserContext, patch: Patch) -> Iterator[Page]:
    with a_tab(window) as opened:
        opened.set_default_timeout(20_000)
        yield opened
    with session(SYSTEM) as s:
        for table in (Draft, AskingSheet, SearchEffort):
            s.execute(delete(table))


def opened(page: Page, address: str) -> str:
    """The words of a page once it has come to rest."""
    page.goto(address)
    page.locator("h1").first.wait_for()
    at_rest(page)
    return page.locator("body").inner_text()


def test_a_sheet_is_made_printed_and_typed_in(page: Page, here: str, patch: Patch) -> None:
    said = opened(page, f"{here}/asking")
    page.get_by_text("I walked round and looked for many things").click()
    at_rest(page)
    assert violations(page) == []
    assert "Corner <b>Café</b>" in said
    assert "170 households have no other one near." in said
    page.get_by_role("button", name="Make a sheet of round 1").dblclick()
    expect(page.get_by_text("Sheets to be typed in")).to_be_visible()
    link = page.get_by_role("link", name="Print sheet")
    expect(link).to_have_count(1)
    page.goto(here + str(link.get_attribute("href")))
    paper = page.locator("main").inner_text()
    assert "0161 496 0000" in paper
    assert "Doors, in walking order" in paper
    assert violations(page) == []
    opened(page, f"{here}/asking?place={patch.reference}")
    page.get_by_text("Type in the answers of sheet").click()
    library = page.get_by_role("radiogroup", name="Mill Library")
    library.get_by_text("still right").click()
    at_rest(page)
    page.get_by_role("button", name="Save all answers").click()
    expect(page.get_by_text("1 record counts as checked.")).to_be_visible()
    with session(SYSTEM) as s:
        assert s.scalar(select(Asset.assured_on).where(Asset.id == patch.library)) == today()
    assert "Mill Library" not in opened(page, f"{here}/asking?place={patch.reference}")


def test_one_press_on_the_phone_and_the_place_says_so(page: Page, here: str, patch: Patch) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, f"{here}/asking?place={patch.reference}")
    assert fits(page)
    page.get_by_text("Warm space · Nobody has looked yet.").click()
    button = page.get_by_role("button", name="Asked people who know everybody: no Warm space")
    expect(button).to_be_visible()
    assert violations(page) == []
    button.dblclick()
    expect(page.get_by_text("What you found is on record")).to_be_visible()
    with session(SYSTEM) as s:
        assert [row.method for row in s.scalars(select(SearchEffort))] == ["connectors"]
    said = opened(page, f"{here}/?place={patch.reference}")
    assert "We looked; not found" in said or "Probably not here" in said
    assert "a question again in" in said
    assert "It rests on one person alone." in said


def test_it_is_no_page_for_partners(browser: Browser, here: str, patch: Patch) -> None:
    window = signed_in(browser, here, patch.partner)
    page = window.new_page()
    place = opened(page, f"{here}/?place={patch.reference}")
    expect(page.get_by_role("heading", name="Possibilities")).to_be_visible()
    page.goto(f"{here}/asking?place={patch.reference}")
    expect(page.get_by_text("This page is for others")).to_be_visible()
    window.close()
    assert "Early signs" not in place
    assert "It rests on one person alone." not in place

"""A correction goes in on a telephone without a script, an officer approves it, and only then it is live."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import delete, update

from abcd.access.accounts import ensure_owner
from abcd.access.sessions import open_session
from abcd.assets.check_links import make_check_link
from abcd.assets.contributions import Suggestion, contribute
from abcd.assets.taxonomy import load_taxonomy
from abcd.db.holding import assign
from abcd.db.session import SYSTEM, session
from abcd.db.tables import Asset, Contribution
from abcd.maps.sharing.deeds import make_share
from abcd.maps.sharing.wish import Wish
from tests.builders import a_group, a_place
from tests.walks.accessibility import broken
from tests.walks.browsing import a_browser, at_rest, foreign_requests, serving, signed_in

expect.set_options(timeout=30_000)
HOURS, NEW_HOURS = "Mo 10:00-12:00", "Tu 14:00-16:00"
GUARD_SECONDS = 2_200


@dataclass(frozen=True)
class Town:
    """An estate with a group, a link to its map, the group's own link, and the owner's cookie."""

    group: UUID
    link: str
    own_link: str
    cookie: str


@pytest.fixture(scope="module")
def town(store: str) -> Town:
    with session(SYSTEM) as s:
        load_taxonomy(s)
        place = a_place(s, name="Old Mill", size=600)
        group = a_group(s, name="Knit & natter", opening_hours=HOURS, phone="07700 900123", checked=date(2026, 9, 1))
        assign(s)
        made = make_share(s, Wish("link", "Around Old Mill", "partner", ("assets",), (place,)), by=SYSTEM)
        own = make_check_link(s, group, by=SYSTEM).token
        return Town(group, re.sub(r"^https?://[^/]+", "", made.address), f"/still-right/{own}",
                    open_session(s, ensure_owner(s, by=SYSTEM)))  # fmt: skip


@pytest.fixture(scope="module")
def here(store: str, town: Town) -> Iterator[str]:
    with serving(store) as address:
        yield address


@pytest.fixture(scope="module")
def chromium(here: str) -> Iterator[Browser]:
    with a_browser() as opened:
        yield opened


@pytest.fixture(autouse=True)
def as_before(town: Town) -> None:
    """Each walk begins with the same hours, and nothing waits."""
    with session(SYSTEM) as s:
        s.execute(delete(Contribution))
        s.execute(update(Asset).where(Asset.id == town.group).values(opening_hours=HOURS))


def hours_of(town: Town) -> str:
    with session(SYSTEM) as s:
        return s.get_one(Asset, town.group).opening_hours


#: Streamlit draws the menu of pages, and a page has no say in it.
BESIDE_THE_MENU = {"exclude": [["[data-testid='stSidebarNav']"]]}


def check(page: Page, name: str) -> None:
    """A page is clean by axe, and no wider than its window."""
    found = broken(page, BESIDE_THE_MENU)
    assert [(one["id"], one["nodes"][0]["html"][:160]) for one in found] == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name


def suggest(page: Page, town: Town, here: str) -> None:
    """From the map to the asset to the form, with the keyboard and no script."""
    page.goto(here + town.link)
    page.get_by_role("link", name=re.compile("Knit & natter")).first.click()
    page.get_by_role("link", name="Something wrong? Suggest a correction").click()
    expect(page.get_by_text(HOURS)).to_be_visible()
    page.wait_for_timeout(GUARD_SECONDS)
    page.get_by_label("Open", exact=True).fill(NEW_HOURS)
    page.get_by_label("Postcode").fill("M16")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("full postcode")
    expect(page.get_by_label("Open", exact=True)).to_have_value(NEW_HOURS)
    page.get_by_label("Postcode").fill("")
    page.get_by_label("E-mail or telephone, if you like").fill("pat@example.org")
    page.get_by_role("button", name="Send the suggestion").click()
    expect(page.get_by_role("status")).to_contain_text("has arrived")


def test_a_correction_goes_in_by_telephone_and_is_live_once_an_officer_approves(
    chromium: Browser, here: str, town: Town
) -> None:
    bare = chromium.new_context(viewport={"width": 390, "height": 800}, java_script_enabled=False)
    page = bare.new_page()
    left = foreign_requests(page, here)
    suggest(page, town, here)
    assert hours_of(town) == HOURS
    office = signed_in(chromium, here, town.cookie)
    desk = office.new_page()
    desk.goto(f"{here}/to_check")
    desk.get_by_role("link", name="Knit & natter").click()
    expect(desk.get_by_role("cell", name=NEW_HOURS)).to_be_visible()
    at_rest(desk)
    assert hours_of(town) == HOURS
    desk.get_by_role("button", name="Let it in").click()
    expect(desk.get_by_text("It is live now")).to_be_visible()
    assert hours_of(town) == NEW_HOURS
    at_rest(desk)
    desk.get_by_role("button", name="They were told").click()
    expect(desk.get_by_text("How to reach them is forgotten")).to_be_visible()
    office.close()
    bare.close()
    assert left == []


def test_a_group_answers_on_a_telephone_without_scripts(chromium: Browser, here: str, town: Town) -> None:
    bare = chromium.new_context(viewport={"width": 390, "height": 800}, java_script_enabled=False)
    page = bare.new_page()
    page.goto(here + town.own_link)
    page.get_by_role("button", name="Yes, show them").click()
    expect(page.get_by_role("status")).to_contain_text("are shown from now on")
    page.get_by_role("button", name="Show them no longer").click()
    expect(page.get_by_role("status")).to_contain_text("no longer shown")
    page.get_by_role("button", name="Still right").click()
    expect(page.get_by_role("status")).to_contain_text("written down that it is right")
    page.get_by_role("link", name="Something changed").click()
    page.wait_for_timeout(GUARD_SECONDS)
    page.get_by_label("Telephone").fill("07700 900999")
    page.get_by_role("button", name="Send what has changed").click()
    expect(page.get_by_role("status")).to_contain_text("Somebody looks at your changes")
    bare.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_the_pages_are_clean(chromium: Browser, here: str, town: Town, scheme: str, width: int) -> None:
    window = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page = window.new_page()
    page.goto(here + town.link)
    base = page.url.split("?")[0]
    about = f"{base}/suggest?asset={town.group}"
    for where in (f"{base}/suggest", about, f"{about}&lang=cy", f"{base}/suggest?sent=1", here + town.own_link,
                  f"{here}{town.own_link}/changed", f"{here}/still-right/none"):  # fmt: skip
        page.goto(where)
        check(page, where)
    page.goto(f"{base}/suggest")
    page.get_by_label("What do people call it?").fill("Chess club")
    page.get_by_role("button", name="Send the suggestion").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check(page, "refused")
    window.close()


def test_the_page_of_officers_is_clean(chromium: Browser, here: str, town: Town) -> None:
    with session(SYSTEM) as s:
        one = Suggestion("correction", "shared map", {"cost": "£2"}, asset_id=town.group, own_words="Every week")
        contribute(s, one, key=uuid4().hex, by=SYSTEM)
    window = signed_in(chromium, here, town.cookie, width=390)
    page = window.new_page()
    page.goto(f"{here}/to_check")
    link = page.get_by_role("link", name="Knit & natter")
    expect(link.first).to_be_visible()
    at_rest(page)
    check(page, "the list")
    link.first.click()
    expect(page.get_by_role("button", name="Let it in")).to_be_visible()
    at_rest(page)
    check(page, "one of them")
    window.close()

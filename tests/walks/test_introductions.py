"""In a real browser, as a coach: two neighbours brought together with a yes from each, and nobody learns of a no."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from abcd.access.accounts import add_account, ensure_owner
from abcd.access.associations import ensure_association
from abcd.access.sessions import open_session
from abcd.assets.taxonomy import load_taxonomy
from abcd.connections.follow_ups import follow_ups_of
from abcd.connections.introduced import introduction, waiting
from abcd.connections.introducing import pass_contact
from abcd.connections.register import introductions_in
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import Connection
from abcd.maps.sharing.deeds import make_share
from abcd.maps.sharing.wish import Wish
from abcd.people.queries import person
from tests.builders import a_place
from tests.connections.meeting import TO_BOTH, a_neighbour, an_introduction, version_of
from tests.walks.browsing import a_tab, a_window, at_rest, serving
from tests.walks.test_people import DESK, PHONE, fits, violations

expect.set_options(timeout=30_000)
PHONE_OF_BEN = "07700 900456"
GUARD_SECONDS = 2_200


@dataclass(frozen=True)
class Patch:
    """A patch, four people of it, its coach with a cookie, two who were introduced, and a partner's link to a map."""

    coach: Actor
    cookie: str
    people: dict[str, UUID]
    agreed: UUID
    link: str


@pytest.fixture(scope="module")
def patch(store: str) -> Patch:
    with session(SYSTEM) as s:
        load_taxonomy(s)
        owner = ensure_owner(s, by=SYSTEM)
        association = ensure_association(s, by=SYSTEM)
        place = a_place(s, kind="patch", name="North patch", households=120)
        coach = add_account(s, "Cara Coach", "coach", by=owner, organisation_id=association, places=[place])
        cookie = open_session(s, coach)
        link = make_share(s, Wish("link", "Around here", "partner", ("assets",), (place,)), by=SYSTEM).address
    with session(coach) as s:
        told = {"contact_route": "phone", "phone": PHONE_OF_BEN}
        people = {name: a_neighbour(s, coach, place, name, **(told if name == "Ben" else {}))
                  for name in ("Ada", "Ben", "Cyn", "Dai")}  # fmt: skip
        agreed = an_introduction(s, coach, people["Cyn"], people["Dai"], *TO_BOTH)
        pass_contact(s, agreed, version=version_of(s, agreed), by=coach)
    return Patch(coach, cookie, people, agreed, re.sub(r"^https?://[^/]+", "", link))


@pytest.fixture(scope="module")
def here(store: str, patch: Patch) -> Iterator[str]:
    with serving(store) as address:
        yield address


@pytest.fixture(scope="module")
def window(here: str, patch: Patch) -> Iterator[BrowserContext]:
    with a_window(here, patch.cookie, PHONE) as opened:
        yield opened


@pytest.fixture
def page(window: BrowserContext) -> Iterator[Page]:
    with a_tab(window) as opened:
        opened.set_default_timeout(30_000)
        yield opened


def chosen(page: Page, label: str, option: str) -> None:
    """Choose from a list."""
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option).click()
    at_rest(page)


def pressed(page: Page, name: str, then: str) -> None:
    """Press a button, and wait for what it says was done."""
    at_rest(page)
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_text(then).first).to_be_visible()
    at_rest(page)


_pairs = count(1)


def new_pair(patch: Patch) -> tuple[str, str]:
    """The names of two more neighbours: a walk that is walked once more begins with two whom nobody knows yet."""
    number = next(_pairs)
    a, b = f"Ada{number}", f"Ben{number}"
    with session(patch.coach) as s:
        home = person(s, patch.people["Cyn"]).place_id
        patch.people[a] = a_neighbour(s, patch.coach, home, a)
        patch.people[b] = a_neighbour(s, patch.coach, home, b, contact_route="phone", phone=PHONE_OF_BEN)
    return a, b


def test_from_an_idea_to_what_they_say_of_it(page: Page, here: str, patch: Patch) -> None:
    a, b = new_pair(patch)
    page.goto(here + "/introductions")
    page.get_by_text("Bring two together").click()
    at_rest(page)
    chosen(page, "Who hopes for something?", a)
    chosen(page, "The other neighbour", b)
    pressed(page, "Write the idea down", "It is an idea now")
    page.get_by_role("link", name=f"{a} + {b}").click()
    expect(page.get_by_role("heading", name=f"{a} + {b}")).to_be_visible()
    for button in ("The first was asked", "The first said yes", "The second was asked", "The second said yes"):
        expect(page.get_by_text(PHONE_OF_BEN)).to_have_count(0)
        pressed(page, button, "It is written down")
    expect(page.get_by_text(PHONE_OF_BEN)).to_be_visible()
    pressed(page, "Each has it now", "they are introduced")
    pressed(page, "They met", "It is written down")
    page.get_by_text(f"Write down what {a} says").click()
    at_rest(page)
    chosen(page, "When is this?", "After 4 weeks")
    page.get_by_label("In their own words: how is it?").fill("We play duets on Tuesdays")
    page.keyboard.press("Tab")
    at_rest(page)
    chosen(page, "Does it go on?", "Yes")
    page.get_by_label("How confident do they feel now?").fill("7")
    page.keyboard.press("Tab")
    pressed(page, "Write it down", "in their words")
    expect(page.get_by_text("Going after 4 weeks").first).to_be_visible()
    assert a not in page.url + page.title()
    with session(patch.coach) as s:
        made = s.scalars(select(Connection.id).where(Connection.a_person_id == patch.people[a])).one()
        one, (told,) = introduction(s, made), follow_ups_of(s, made)
    assert (one.state, one.passed_on is not None) == ("going_at_4w", True)
    assert (told.own_words, told.confidence, told.is_going) == ("We play duets on Tuesdays", 7, True)


def test_a_no_is_on_nobody_elses_page(page: Page, here: str, patch: Patch) -> None:
    a, b = new_pair(patch)
    with session(patch.coach) as s:
        made = an_introduction(s, patch.coach, patch.people[a], patch.people[b], *TO_BOTH[:3])
    page.goto(f"{here}/introductions?introduction={made}")
    page.get_by_text("It does not come about, or it has ended").click()
    at_rest(page)
    chosen(page, "What happened?", "Not for them")
    chosen(page, "Whose word is it?", b)
    chosen(page, "Why, if they said?", "No time for it")
    pressed(page, "Write it down", "Nobody else is told why")
    page.goto(f"{here}/people?person={patch.people[a]}")
    expect(page.get_by_text("It did not come about").first).to_be_visible()
    at_rest(page)
    for word in ("Not for them", "not for me", "No time for it", b):
        expect(page.locator("[data-testid='stMain']").get_by_text(word)).to_have_count(0)


def test_somebody_is_logged_in_under_a_minute_and_says_yes(page: Page, here: str, patch: Patch) -> None:
    page.goto(here + "/introductions")
    page.get_by_role("tab", name="Who told us of somebody").click()
    at_rest(page)
    chosen(page, "Who suggests it?", "Somebody of a faith community")
    pressed(page, "Log it", "It is in the register")
    expect(page.get_by_text("Give it to whoever suggested it")).to_be_visible()
    with session(patch.coach) as s:
        row = introductions_in(s)[-1]
    expect(page.get_by_text(row.reference).first).to_be_visible()
    page.get_by_role("group").filter(has_text="They said yes").locator("summary").click()
    at_rest(page)
    page.get_by_label("Or new to us").fill("Eve")
    page.keyboard.press("Tab")
    at_rest(page)
    chosen(page, "Their patch or estate", "North patch")
    pressed(page, "Write their yes down", "Open their page and listen")
    with session(patch.coach) as s:
        told = introductions_in(s, "said_yes")[0]
    page.get_by_role("link", name="Open their page").click()
    expect(page.get_by_role("heading", name="Eve")).to_be_visible()
    assert str(told.person_id) in page.url


def test_a_partner_gets_a_reference_on_a_telephone(page: Page, here: str, patch: Patch) -> None:
    page.goto(here + patch.link)
    page.get_by_role("link", name="Somebody might like to talk to us?").click()
    page.get_by_label("Who suggests it?").select_option("gp_or_link_worker")
    assert (violations(page), fits(page)) == ([], True)
    page.wait_for_timeout(GUARD_SECONDS)
    page.get_by_role("button", name="Get a reference").click()
    reference = page.get_by_role("status").locator("strong").inner_text()
    assert (violations(page), fits(page)) == ([], True)
    assert reference not in page.url
    with session(patch.coach) as s:
        assert reference in [one.reference for one in introductions_in(s)]


def clean_at_both(page: Page, name: str) -> None:
    """Nothing is broken or cut off at the width of a desk, nor at that of a telephone."""
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        at_rest(page)
        assert (violations(page), fits(page)) == ([], True), (name, width)


def test_the_pages_are_clean(page: Page, here: str, patch: Patch) -> None:
    page.goto(here + "/introductions")
    expect(page.get_by_role("link", name="Cyn + Dai")).to_be_visible()
    clean_at_both(page, "first")
    for tab, seen in (("Who told us of somebody", "Nobody has asked them yet"), ("How it goes", "Is it fair?")):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("heading", name=seen)).to_be_visible()
        clean_at_both(page, tab)
    page.goto(f"{here}/introductions?introduction={patch.agreed}")
    expect(page.get_by_role("heading", name="Cyn + Dai")).to_be_visible()
    at_rest(page)
    page.get_by_text("Write down what Cyn says").click()
    expect(page.get_by_label("In their own words: how is it?")).to_be_visible()
    clean_at_both(page, "one")
    with session(patch.coach) as s:
        assert patch.agreed in [one.id for one in waiting(s)]

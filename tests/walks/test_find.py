"""In a real browser, on a phone and at a desk: a coach asks in one line; nobody who may not look sees anybody."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from abcd.access.accounts import add_account
from abcd.access.associations import ensure_association
from abcd.access.sessions import open_session
from abcd.assets.taxonomy import load_taxonomy
from abcd.assets.words import learn_words
from abcd.db.session import SYSTEM, Actor, session
from abcd.people.actions import add_person
from abcd.people.consents import ConsentDraft, consents_of, give_consent, withdraw
from abcd.people.gift_drafts import OfferDraft
from abcd.people.offers import add_person_offer
from abcd.people.skills import load_skills
from abcd.people.wordings import load_wordings
from tests.builders import a_place, a_venue
from tests.people.conftest import a_draft, grounds
from tests.walks.browsing import a_browser, at_rest, serving, signed_in
from tests.walks.test_people import violations

expect.set_options(timeout=20_000)

TUESDAY_EVENING = 1 << 3 * 1 + 2
LINE = "piano Tuesday evening step-free within 15 minutes"
HOSTILE = "I play the piano <img src=x onerror=alert(1)> **well**"


@dataclass(frozen=True)
class Patch:
    """What the walk needs: cookies of a coach and a partner, and a pianist who agreed to be found."""

    coach: str
    partner: str
    keeper: Actor
    ada: UUID


@pytest.fixture(scope="module")
def patch(store: str) -> Patch:
    """A patch with a hall that has a piano, and two pianists, one of whom agreed to be found."""
    with session(SYSTEM) as s:
        for load in (load_taxonomy, load_skills, load_wordings):
            load(s)
        association = ensure_association(s, by=SYSTEM)
        north = a_place(s, kind="patch", name="North patch")
        a_venue(s, name="Weavers Hall", description="A piano, tuned.", open_grid=TUESDAY_EVENING, step_free="yes")
        learn_words(s)
        of = {"by": SYSTEM, "organisation_id": association}
        coach = add_account(s, "Cara Coach", "coach", places=[north], **of)
        partner = add_account(s, "Pat Partner", "partner_viewer", **of)
        cookies = open_session(s, coach), open_session(s, partner)
    keeper = Actor("Mona Manager", "manager", organisation_id=str(association))
    with session(keeper) as s:
        ada = add_person(s, a_draft(north, preferred_name="Ada Keys", adult_confirmed=True), by=keeper).id
        bea = add_person(s, a_draft(north, preferred_name="Bea Strings", adult_confirmed=True), by=keeper).id
        for one in (ada, bea):
            gift = OfferDraft(own_words=HOSTILE, skill="piano", grounds=grounds(), free_grid=TUESDAY_EVENING)
            add_person_offer(s, one, gift, by=keeper)
        give_consent(s, ada, ConsentDraft("being_found", "in_person"), by=keeper)
    return Patch(*cookies, keeper, ada)


@pytest.fixture(scope="module")
def here(store: str, patch: Patch) -> Iterator[str]:
    with serving(store) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as opened:
        yield opened


def ask(page: Page, here: str, line: str = LINE) -> None:
    """Open the page and ask in one line."""
    page.set_default_timeout(20_000)
    page.goto(f"{here}/find")
    page.get_by_role("tab", name="In one line").click()
    page.get_by_label("Say in one line what you look for").fill(line)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Groups, places and services")).to_be_visible()
    at_rest(page)


def test_a_coach_asks_in_one_line(browser: Browser, here: str, patch: Patch) -> None:
    page = signed_in(browser, here, patch.coach, 390).new_page()
    ask(page, here)
    expect(page.get_by_text("Understood as: Piano and keyboard · Tuesday evening")).to_be_visible()
    expect(page.get_by_role("link", name="Weavers Hall")).to_be_visible()
    expect(page.get_by_role("link", name="Ada Keys")).to_be_visible()
    expect(page.get_by_text("<img src=x onerror=alert(1)> **well**")).to_be_visible()
    expect(page.get_by_text("Not checked: Whether they want this")).to_be_visible()
    expect(page.get_by_text("Bea Strings")).to_have_count(0)
    assert "piano" not in page.url.lower()
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        at_rest(page)
        assert violations(page) == [], width
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
    page.get_by_role("link", name="Ada Keys").click()
    expect(page.get_by_role("heading", name="Ada Keys")).to_be_visible()
    page.context.close()


def test_a_partner_gets_the_hall_and_nobody(browser: Browser, here: str, patch: Patch) -> None:
    page = signed_in(browser, here, patch.partner).new_page()
    ask(page, here)
    expect(page.get_by_role("link", name="Weavers Hall")).to_be_visible()
    expect(page.get_by_text("Ada Keys")).to_have_count(0)
    expect(page.get_by_text("Neighbours who said yes")).to_have_count(0)
    page.context.close()


def test_who_takes_it_back_is_found_no_more(browser: Browser, here: str, patch: Patch) -> None:
    with session(patch.keeper) as s:
        (yes,) = consents_of(s, patch.ada)
        withdraw(s, yes.id, "phone", by=patch.keeper)
    page = signed_in(browser, here, patch.coach).new_page()
    ask(page, here)
    expect(page.get_by_text("Nobody who agreed to be found offers this here")).to_be_visible()
    expect(page.get_by_text("Ada Keys")).to_have_count(0)
    page.context.close()

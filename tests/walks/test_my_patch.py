"""In a real browser: a coach writes a conversation down, sees their own patch alone, and nothing is late."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import delete

from abcd.access.accounts import add_account
from abcd.access.associations import ensure_association
from abcd.access.sessions import open_session
from abcd.assets.taxonomy import load_taxonomy
from abcd.core.clock import months_after, today
from abcd.db.holding import assign
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import Draft, Group
from abcd.people.actions import add_person
from abcd.people.conversations import ConversationDraft, add_conversation, conversations_of
from tests.builders import a_group, a_place, a_venue
from tests.people.conftest import a_draft
from tests.walks.accessibility import fits, violations
from tests.walks.browsing import a_tab, a_window, at_rest, serving, signed_in

expect.set_options(timeout=20_000)

SOUTH = (390_000.0, 394_000.0)
AGREED = today() - timedelta(40)


@dataclass(frozen=True)
class Patch:
    """What the walk needs to know: the coach, their cookie and another's, and somebody of the patch."""

    coach: Actor
    cookie: str
    partner: str
    ada: UUID


@pytest.fixture(scope="module")
def patch(store: str) -> Patch:
    """Two patches with a resident each; one group of the first rests on one person and its money ends."""
    with session(SYSTEM) as s:
        load_taxonomy(s)
        association = ensure_association(s, by=SYSTEM)
        north = a_place(s, kind="patch", name="North patch", households=170)
        south = a_place(s, SOUTH, kind="patch", name="South patch")
        hall = a_venue(s, name="Weavers Hall", checked=today())
        youth = a_group(s, "youth-group", name="Friday <b>Youth</b> Club", meets_at=hall, checked=today())
        s.get_one(Group, youth).key_holder_count = 1
        s.get_one(Group, youth).funded_until = today() + timedelta(90)
        assign(s)
        of = {"by": SYSTEM, "organisation_id": association}
        coach = add_account(s, "Cara Coach", "coach", places=[north], **of)
        partner = add_account(s, "Pat Partner", "partner_viewer", **of)
        cookie, other = open_session(s, coach), open_session(s, partner)
    keeper = Actor("Mona Manager", "manager", organisation_id=str(association))
    with session(keeper) as s:
        ada = add_person(s, a_draft(north, preferred_name="Ada `b` of North"), by=keeper).id
        bea = add_person(s, a_draft(south, preferred_name="Bea of South", phone="", email=""), by=keeper).id
        talk = ConversationDraft("listening", "did_with", 50, months_after(today(), -2), next_on=AGREED)
        for one in (ada, bea):
            add_conversation(s, one, talk, by=keeper)
    return Patch(coach, cookie, other, ada)


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
        s.execute(delete(Draft))


def text_of(page: Page) -> str:
    """All that the page says."""
    return page.locator('[data-testid="stMain"]').inner_text()


def opened(page: Page, address: str) -> str:
    """The words of a page once it has come to rest."""
    page.goto(address)
    page.locator("h1").first.wait_for()
    page.wait_for_load_state("networkidle")
    at_rest(page)
    return text_of(page)


def test_a_coach_sees_their_own_patch_and_nobody_is_late(page: Page, here: str, patch: Patch) -> None:
    said = opened(page, f"{here}/my_patch")
    headings = page.locator("h2").all_inner_texts()
    assert headings[1:] == [
        "People", "Who comes next", "Asks that wait", "Offers nobody has taken up yet", "Needs care soon",
        "This patch in figures",
    ]  # fmt: skip
    assert f"Ada `b` of North\n\nagreed for {AGREED:%d/%m/%Y} · you talked on " in said
    assert "Bea" not in said
    assert "South" not in said
    assert "Friday <b>Youth</b> Club" in said
    assert "It rests on one person alone." in said
    assert "Nobody is known here yet whom everybody knows." in said
    assert [word for word in ("overdue", "late", "risk", "score", "priority") if word in said.lower().split()] == []
    assert "170" in said


def test_a_conversation_is_written_down_with_questions_beside_it(page: Page, here: str, patch: Patch) -> None:
    opened(page, f"{here}/people?person={patch.ada}")
    form = page.get_by_test_id("stExpander").filter(has_text="Write down a conversation")
    form.get_by_text("Write down a conversation").click()
    save = form.get_by_role("button", name="Write it down")
    expect(page.get_by_text("What do people come to you for?")).to_be_visible()
    at_rest(page)
    save.click()
    expect(page.get_by_text("Say what kind of conversation it was")).to_be_visible()
    page.get_by_text("Coaching", exact=True).click()
    expect(page.get_by_text("Who around here might like to come along?")).to_be_visible()
    page.get_by_text("They did it, I stood back").click()
    page.get_by_label("How many minutes?").fill("25")
    page.get_by_role("textbox", name="In a few words (for casework alone)").fill("She will lead the singing.")
    soon = today() + timedelta(7)
    page.get_by_test_id("stDateInput").last.get_by_role("spinbutton").first.click()
    page.keyboard.type(f"{soon:%d%m%Y}")
    at_rest(page)
    save.dblclick()
    expect(page.get_by_text(f"You agreed to talk again on {soon:%d/%m/%Y}.")).to_be_visible()
    expect(page.get_by_text("2 conversations · Listening: 50 min · Coaching: 25 min")).to_be_visible()
    with session(patch.coach) as s:
        told = [(one.kind, one.mode, one.minutes, one.summary, one.next_on) for one in conversations_of(s, patch.ada)]
    assert told[0] == ("coaching", "stood_back", 25, "She will lead the singing.", soon)
    assert len(told) == 2
    assert f"agreed for {soon:%d/%m/%Y}" in opened(page, f"{here}/my_patch")


def test_no_violation_of_ours(page: Page, here: str) -> None:
    opened(page, f"{here}/my_patch")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        at_rest(page)
        assert violations(page) == [], width
        assert fits(page), width


def test_it_is_no_page_for_partners(browser: Browser, here: str, patch: Patch) -> None:
    window = signed_in(browser, here, patch.partner)
    page = window.new_page()
    page.goto(f"{here}/my_patch")
    expect(page.get_by_text("This page is for others")).to_be_visible()
    said = text_of(page)
    window.close()
    assert "North" not in said
    assert "Ada" not in said

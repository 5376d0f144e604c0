"""Offers and wishes on screen: one person's gifts and hopes, everybody's lists, plans, the balance, the place page."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
import streamlit as st
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from abcd.access.accounts import add_account
from abcd.access.sessions import COOKIE, open_session
from abcd.connections.plans import plan_of
from abcd.core.clock import today
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import Organisation
from abcd.people.actions import add_person
from abcd.people.clearances import checks_of
from abcd.people.drafts import Grounds, PersonDraft
from abcd.people.gift_drafts import OfferDraft, WishDraft
from abcd.people.offers import add_offer, add_person_offer, offers_of
from abcd.people.skills import load_skills
from abcd.people.waiting import offers_waiting, wishes_unmet
from abcd.people.wishes import add_person_wish, add_wish, wishes_of
from tests.builders import a_place
from tests.pages.conftest import Borough, words_of

Open = Callable[..., AppTest]
GROUNDS = Grounds("introductions", "consent", date(2026, 5, 1), "the person")


@pytest.fixture(scope="module")
def team(borough: Borough) -> dict[str, str]:
    """A session's cookie for a role of the association."""
    with session(SYSTEM) as s:
        load_skills(s)
        home = Organisation(name="Millfield Homes")
        s.add(home)
        s.flush()
        roles = ("manager", "coach", "data_officer", "partner_viewer")
        made = {
            role: add_account(s, f"The {role}", role, by=SYSTEM, email=f"{role}@here.example", organisation_id=home.id)
            for role in roles
        }
        return {role: open_session(s, actor) for role, actor in made.items()} | {"home": str(home.id)}


@pytest.fixture(scope="module")
def manager(team: dict[str, str]) -> Actor:
    """Who writes things down."""
    return Actor("Mona Manager", "manager", organisation_id=team["home"])


@pytest.fixture(scope="module")
def ada(borough: Borough, manager: Actor) -> UUID:
    """A resident of the estate with a gift and a hope; a meeting's wish, and the landlord's offer."""
    with session(manager) as s:
        one = add_person(s, PersonDraft("Ada Weaver", borough.estate, GROUNDS), by=manager)
        add_person_offer(s, one.id, OfferDraft("I play the piano", skill="piano", grounds=GROUNDS), by=manager)
        add_person_wish(
            s, one.id, WishDraft("A choir to sing in", category="arts-and-music", grounds=GROUNDS), by=manager
        )
        add_wish(s, WishDraft("Benches by the shop", category="bench-or-square", voiced_by="meeting", voices=14,
                              place_id=borough.estate), by=manager)  # fmt: skip
        add_offer(s, OfferDraft("A pot for good ideas", "money", owner_kind="landlord", said_on=today() - timedelta(90),
                                owner_id=UUID(manager.organisation_id)), by=manager)  # fmt: skip
        a_place(s, kind="patch", name="South patch", at=(390_000.0, 394_000.0))
    return one.id


@pytest.fixture
def as_role(
    team: dict[str, str], ada: UUID, monkeypatch: pytest.MonkeyPatch, open_page: Open
) -> Callable[..., AppTest]:
    """Opens a page as somebody in a role."""

    def opened(role: str, page: str = "giving", **query: str) -> AppTest:
        monkeypatch.setattr(type(st.context), "cookies", {COOKIE: team[role]})
        drawn = open_page(page, **query)
        assert not drawn.exception
        return drawn

    return opened


def press(page: AppTest, label: str) -> AppTest:
    """The page after the first button of this name was pressed."""
    return next(one for one in page.button if one.label == label).click().run()


def unfolded(page: AppTest, form: str) -> AppTest:
    """The page with a form open."""
    page.session_state[f"fold {form}"] = True
    return page.run()


def labelled(page: AppTest, kind: str, label: str) -> Any:
    """The first element of a kind with this label."""
    return next(one for one in getattr(page, kind) if one.label == label)


def at_tab(page: AppTest, name: str) -> AppTest:
    """The page with another tab in front."""
    page.session_state["giving tabs"] = name
    return page.run()


def test_a_person_s_page_tells_gifts_before_hopes(as_role: Open, ada: UUID) -> None:
    drawn = as_role("coach", "people", person=str(ada))
    page = [str(one.value) for one in (*drawn.header, *drawn.markdown)]
    assert page.index("Gives") < page.index("Hopes for")
    assert page.index("“I play the piano”") < page.index("“A choir to sing in”")
    assert "Piano and keyboard" in words_of(drawn)


def test_a_gift_and_a_hope_are_written_down(as_role: Open, ada: UUID, manager: Actor) -> None:
    page = unfolded(as_role("coach", "people", person=str(ada)), f"offer person {ada}")
    labelled(page, "text_area", "What would they give, in their own words?").set_value("Lifts to the clinic")
    labelled(page, "selectbox", "Which gift is it?").set_value("lifts-to-appointments").run()
    assert "regulated activity" in words_of(page)
    assert "The gift is written down." in words_of(press(page, "Write it down"))
    page = unfolded(as_role("coach", "people", person=str(ada)), f"wish person {ada}")
    labelled(page, "text_area", "What do they hope for, in their own words?").set_value("To learn Welsh")
    assert "The hope is written down." in words_of(press(page, "Write it down"))
    with session(manager) as s:
        assert {one.own_words for one in offers_of(s, ada)} == {"I play the piano", "Lifts to the clinic"}
        assert {one.own_words for one in wishes_of(s, ada)} == {"A choir to sing in", "To learn Welsh"}


def test_a_gift_is_mended_and_rests(as_role: Open, ada: UUID, manager: Actor) -> None:
    with session(manager) as s:
        one = add_person_offer(s, ada, OfferDraft("I knit", skill="knitting-and-sewing", grounds=GROUNDS), by=manager)
    form = f"edit offer {one.id.hex[:12]} {ada}"
    page = unfolded(as_role("coach", "people", person=str(ada)), form)
    key = next(box for box in page.pills if box.key.startswith(form) and box.key.endswith("free1"))
    key.set_value([2])
    assert "The changes are saved." in words_of(press(page, "Save the changes"))
    page = as_role("coach", "people", person=str(ada))
    rest = next(box for box in page.button if box.key.startswith(f"save offer resting {one.id.hex[:12]}"))
    assert "Resting for now" in words_of(rest.click().run())
    with session(manager) as s:
        now = next(each for each in offers_of(s, ada) if each.id == one.id)
    assert (now.free_grid, now.state, now.own_words) == (1 << 5, "resting", "I knit")


def test_what_a_role_needs_is_written_down_and_nothing_more(as_role: Open, ada: UUID, manager: Actor) -> None:
    page = unfolded(as_role("coach", "people", person=str(ada)), f"check person {ada}")
    labelled(page, "text_input", "Which role?").set_value("Driving the minibus")
    labelled(page, "date_input", "Cleared until").set_value(date(2027, 5, 1))
    assert "cleared until 01/05/2027" in words_of(press(page, "Write it down"))
    with session(manager) as s:
        (check,) = checks_of(s, ada)
    assert (check.role, check.is_required, check.cleared_until) == ("Driving the minibus", True, date(2027, 5, 1))


def test_the_lists_stand_oldest_first_for_whom_they_are(as_role: Open, ada: UUID) -> None:
    said = words_of(as_role("coach"))
    assert said.index("A pot for good ideas") < said.index("I play the piano")
    assert "Ada Weaver" in said
    said = words_of(as_role("data_officer"))
    assert "A pot for good ideas" in said
    assert "piano" not in said + words_of(at_tab(as_role("data_officer"), "Wishes not met yet"))
    assert "role does not need it" in words_of(as_role("partner_viewer"))


def test_a_meeting_s_wish_is_planned_blocked_done_and_told(as_role: Open, ada: UUID, manager: Actor) -> None:
    with session(manager) as s:
        wish = next(one for one in wishes_unmet(s) if one.voiced_by == "meeting")
    page = at_tab(as_role("coach"), "Wishes not met yet")
    assert "14 people said so" in words_of(page)
    page.session_state[f"plan of {wish.id}"] = True
    page = unfolded(page.run(), f"plan {wish.id}")
    labelled(page, "text_input", "What is to be done?").set_value("Count who stops at the wall")
    page = press(page, "Put it in the plan")
    with session(manager) as s:
        (line,) = plan_of(s, wish.id)["residents_alone"]
    assert "A resident holds it" in words_of(page)
    page = unfolded(page, f"block {line.id.hex[:12]} {wish.id}")
    labelled(page, "selectbox", "What is it?").set_value("insurance")
    block = next(one for one in page.button if one.key.startswith(f"save block {line.id.hex[:12]}"))
    page = block.click().run()
    assert "Insurance" in words_of(page)
    page = press(page, "It is done")
    met = next(one for one in page.button if one.key.startswith(f"save wish met {wish.id}"))
    assert "Written down: It came about." in words_of(met.click().run())
    page = at_tab(as_role("coach"), "To be told")
    assert "Benches by the shop" in words_of(page)
    assert "has been told what came of it" in words_of(press(page, "They were told today"))


def test_others_offers_and_wishes_are_written_down(as_role: Open, borough: Borough, manager: Actor) -> None:
    page = unfolded(as_role("coach"), "offer of others")
    labelled(page, "selectbox", "Whose offer is it?").set_value("partner").run()
    labelled(page, "text_input", "What are they called?").set_value("Mill Print Works")
    labelled(page, "text_area", "What do they offer, in their own words?").set_value("Fifty posters a month")
    assert "The offer is written down." in words_of(press(page, "Write it down"))
    page = unfolded(as_role("coach"), "offer of others")
    labelled(page, "text_input", "Part of its name").set_value("Youth Club").run()
    assert "Friday Youth Club" in labelled(page, "selectbox", "Which one is it?").options[0]
    page = at_tab(as_role("coach"), "Wishes not met yet")
    page = unfolded(page, "wish of others")
    labelled(page, "selectbox", "Whose wish is it?").set_value("prospective_resident").run()
    labelled(page, "text_area", "What do they hope for, in their own words?").set_value("A stop for the bus")
    labelled(page, "selectbox", "Of which place?").set_value(str(borough.estate))
    assert "The wish is written down." in words_of(press(page, "Write it down"))
    with session(manager) as s:
        assert "Mill Print Works" in {one.owner_name for one in offers_waiting(s, owner_kind="partner")}
        assert [one.own_words for one in wishes_unmet(s, voiced_by="prospective_resident")] == ["A stop for the bus"]


def test_the_balance_is_raw_for_casework_and_protected_for_the_rest(as_role: Open) -> None:
    assert "for this team’s eyes alone" in words_of(at_tab(as_role("coach"), "Balance"))
    said = words_of(at_tab(as_role("data_officer"), "Balance"))
    assert "below ten are not told" in said
    assert "Culture and faith" not in said


def test_the_place_page_tells_it_in_own_words_without_names_before_possibilities(
    as_role: Open, borough: Borough, manager: Actor
) -> None:
    with session(SYSTEM) as s:
        reference = s.scalar(text("select reference from core.place where id = :id"), {"id": borough.estate})
    page = as_role("coach", "place", place=reference)
    said = words_of(page)
    assert "1 neighbour asked for it" in said
    assert "How many asked is for this team’s eyes alone." in said
    page.session_state[f"giving of {borough.estate}"] = True
    page = page.run()
    said = words_of(page)
    assert "“I play the piano”" in said
    assert "Ada" not in said
    said = words_of(as_role("partner_viewer", "place", place=reference))
    assert "asked for it" not in said

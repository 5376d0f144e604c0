"""Consents: who is asked again with a next step, what people are told, and one person's yes, no and link."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
import streamlit as st
from sqlalchemy import func, select, text
from streamlit.testing.v1 import AppTest

from abcd.access.accounts import add_account
from abcd.access.sessions import COOKIE, open_session
from abcd.core.clock import months_after, today
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import Conversation, Organisation
from abcd.people.actions import add_person
from abcd.people.consents import ConsentDraft, consents_of, give_consent
from abcd.people.queries import people
from abcd.people.resident_links import link_held_by
from abcd.people.skills import load_skills
from abcd.people.wordings import all_wordings
from tests.builders import a_place
from tests.pages.conftest import Borough, words_of
from tests.people.conftest import a_draft

Open = Callable[..., AppTest]


@pytest.fixture(scope="module")
def team(borough: Borough) -> dict[str, Actor]:
    """Somebody in each role of one association."""
    with session(SYSTEM) as s:
        load_skills(s)
        home = Organisation(name="Millfield Homes")
        s.add(home)
        s.flush()
        roles = ("manager", "coach", "data_officer", "partner_viewer")
        return {role: add_account(s, f"The {role}", role, by=SYSTEM, email=f"{role}@here.example",
                                  organisation_id=home.id) for role in roles}  # fmt: skip


@pytest.fixture(scope="module")
def patch(store: str) -> UUID:
    with session(SYSTEM) as s:
        return a_place(s, kind="patch", name="North patch")


@pytest.fixture
def as_role(team: dict[str, Actor], monkeypatch: pytest.MonkeyPatch, open_page: Open) -> Open:
    """Opens a page as somebody in a role."""

    def opened(role: str, page: str = "consents", **query: str) -> AppTest:
        with session(SYSTEM) as s:
            cookie = open_session(s, team[role])
        monkeypatch.setattr(type(st.context), "cookies", {COOKIE: cookie})
        found = open_page(page, **query)
        assert not found.exception
        return found

    return opened


def a_yes(by: Actor, patch: UUID, name: str, days_left: int, next_in: int = 0) -> UUID:
    """Somebody whose yes to introductions ends in so many days."""
    given = months_after(today() + timedelta(days_left), -24)
    with session(by) as s:
        one = add_person(s, a_draft(patch, preferred_name=name, adult_confirmed=True), by=by).id
        version = next(each.version for each in all_wordings(s) if each.purpose == "introductions")
        s.execute(text("insert into core.consent (person_id, organisation_id, purpose, wording_version, given_on, "
                       "how, recorded_by, expires_on) "
                       "values (:who, :org, 'introductions', :n, :given, 'paper', 'x', :ends)"),
                  {"who": one, "org": by.organisation_id, "n": version, "given": given,
                   "ends": today() + timedelta(days_left)})  # fmt: skip
        if next_in:
            s.add(Conversation(person_id=one, organisation_id=UUID(by.organisation_id), held_on=today(), minutes=30,
                               kind="listening", mode="did_with", next_on=today() + timedelta(next_in), held_by="x",
                               purpose="p", lawful_basis="consent", consent_on=today(), source="x"))  # fmt: skip
    return one


def press(page: AppTest, label: str) -> AppTest:
    return next(one for one in page.button if one.label == label).click().run()


def unfolded(page: AppTest, key: str) -> AppTest:
    """The page with a fold open."""
    page.session_state[key] = True
    return page.run()


def does_hold(by: Actor, person_id: UUID) -> bool:
    with session(by) as s:
        return bool(s.scalar(select(func.core.consents(person_id, "introductions"))))


def test_who_is_asked_again_has_a_next_step_and_nothing_is_late(
    as_role: Open, team: dict[str, Actor], patch: UUID
) -> None:
    coach = team["coach"]
    a_yes(coach, patch, "Ended Eve", -10)
    a_yes(coach, patch, "Soon Sam", 20, next_in=5)
    with session(team["manager"]) as s:
        risky = add_person(s, a_draft(patch, preferred_name="Hidden Hal", safety_risk=True), by=team["manager"]).id
        give_consent(s, risky, ConsentDraft("story", "paper", months_after(today() + timedelta(30), -24)),
                     by=team["manager"])  # fmt: skip
    said = words_of(as_role("coach"))
    assert said.index("Ended Eve") < said.index("Soon Sam")
    assert "ask then" in said
    assert "Nothing is done with it until they say yes again" in said
    assert "Hidden Hal" not in said
    assert "overdue" not in said.lower()
    assert "Hidden Hal" in words_of(as_role("manager"))


def test_asked_again_they_say_yes_or_no(as_role: Open, team: dict[str, Actor], patch: UUID) -> None:
    coach = team["coach"]
    stays, goes = a_yes(coach, patch, "Stays Sue", 15), a_yes(coach, patch, "Goes Gil", 16)
    for who, said in ((stays, "yes"), (goes, "no")):
        with session(coach) as s:
            given = consents_of(s, who)[0].id
        page = unfolded(as_role("coach"), f"fold again consent {given}")
        answer = next(one for one in page.segmented_control if one.label == "What did they say?")
        answer.set_value(said).run()
        page = press(page, "Write it down")
        assert "What they said is written down." in words_of(page)
    assert (does_hold(coach, stays), does_hold(coach, goes)) == (True, False)
    left = words_of(as_role("coach"))
    assert "Stays Sue" not in left
    assert "Goes Gil" not in left


def test_what_people_are_told_is_for_the_team_and_changed_by_stewards(as_role: Open, team: dict[str, Actor]) -> None:
    keeper = as_role("data_officer")
    assert "How each yes" not in words_of(keeper)
    assert "Read these words to people" in words_of(keeper)
    page = unfolded(keeper, "fold wording story")
    for label, words in (("In English", "New words."), ("In Welsh", "Geiriau newydd.")):
        next(one for one in page.text_area if one.label == label).set_value(words)
    page = press(page, "Use these words from today")
    assert "These words hold from today." in words_of(page)
    assert "New words" in words_of(page)
    assert "Version 2" in words_of(page)
    with session(team["coach"]) as s:
        assert [one.version for one in all_wordings(s) if one.purpose == "story"] == [1, 2]
    assert "for others" in words_of(as_role("partner_viewer"))


def test_a_yes_and_a_no_on_the_page_of_a_person(as_role: Open, team: dict[str, Actor], patch: UUID) -> None:
    coach = team["coach"]
    with session(coach) as s:
        one = add_person(s, a_draft(patch, preferred_name="Yan Yes"), by=coach).id
    assert "What they agreed to" not in words_of(as_role("data_officer", "people", person=str(one)))
    page = unfolded(as_role("coach", "people", person=str(one)), f"fold yes person {one}")
    assert "No yes so far." in words_of(page)
    assert "18 or older" in words_of(page)
    assert "bring you together with neighbours" in words_of(page)
    page = press(page, "Write it down")
    assert does_hold(coach, one)
    with session(coach) as s:
        given = consents_of(s, one)[0].id
    page = press(unfolded(page, f"fold no consent {given}"), "It holds no longer")
    assert not does_hold(coach, one)
    assert re.search(r"Yes on \d.*, taken back on \d", words_of(unfolded(page, f"proofs person {one}")))
    next(each for each in page.selectbox if each.label == "To what?").set_value("sharing").run()
    assert "Name each organisation that may be told" in words_of(press(page, "Write it down"))
    next(each for each in page.text_area if each.label.startswith("Which organisations")).set_value("Food Hub\nChoir")
    assert "Food Hub, Choir" in words_of(press(page, "Write it down"))


def test_a_link_is_shown_once_and_ended(as_role: Open, team: dict[str, Actor], patch: UUID) -> None:
    coach = team["coach"]
    with session(coach) as s:
        one = add_person(s, a_draft(patch, preferred_name="Lin Link"), by=coach).id
    page = press(as_role("coach", "people", person=str(one)), "Make a link for them")
    links = [code.value for code in page.code if "/mine/" in code.value]
    assert len(links) == 1
    again = as_role("coach", "people", person=str(one))
    assert not [code for code in again.code if "/mine/" in code.value]
    assert "They hold a link since" in words_of(again)
    press(again, "End the link")
    with session(coach) as s:
        assert link_held_by(s, one) is None


def test_they_take_everything_back(
    as_role: Open, team: dict[str, Actor], patch: UUID, monkeypatch: pytest.MonkeyPatch, tmp_path: str
) -> None:
    coach = team["coach"]
    monkeypatch.setenv("ABCD_HOME", str(tmp_path))
    with session(coach) as s:
        one = add_person(s, a_draft(patch, preferred_name="Lea Leaves"), by=coach).id
    page = unfolded(as_role("coach", "people", person=str(one)), f"fold leave person {one}")
    page = press(page, "Forget them now")
    assert "They are gone from every page" in words_of(page)
    assert "Lea Leaves" not in words_of(page)
    assert "Lea Leaves" not in words_of(as_role("coach", "people"))
    with session(team["manager"]) as s:
        assert one not in [line.id for line in people(s)]

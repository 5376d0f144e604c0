"""People: the list without scores, one person with gifts and hopes first, and who may see what."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import streamlit as st
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from abcd.access.accounts import add_account
from abcd.access.sessions import COOKIE, open_session
from abcd.core.clock import today
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import Organisation
from abcd.people.actions import add_note, add_person
from abcd.people.consents import consents_of
from abcd.people.drafts import Grounds, NoteDraft, PersonDraft
from abcd.people.gift_drafts import WishDraft
from abcd.people.offers import offers_of
from abcd.people.queries import people_here, person
from abcd.people.skills import load_skills
from abcd.people.wishes import add_person_wish, move_person_wish, wishes_of
from tests.builders import a_place
from tests.pages.conftest import HOSTILE, Borough, words_of

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
        s.execute(text("update core.account set organisation_id = :home where role = 'owner'"), {"home": home.id})
        roles = ("manager", "officer", "coach", "data_officer", "partner_viewer")
        made = {
            role: add_account(s, f"The {role}", role, by=SYSTEM, email=f"{role}@here.example", organisation_id=home.id)
            for role in roles
        }
        return {role: open_session(s, actor) for role, actor in made.items()} | {"home": str(home.id)}


@pytest.fixture(scope="module")
def ada(team: dict[str, str]) -> UUID:
    """A resident who said what she gives, hopes for and worries about."""
    manager = Actor("Mona Manager", "manager", organisation_id=team["home"])
    with session(manager) as s:
        north = a_place(s, kind="patch", name="North patch")
        draft = PersonDraft("Ada Weaver", north, GROUNDS, phone="07700 900123", speaks=("cy", "bfi"),
                            roles=("connector",), max_walk_minutes=15)  # fmt: skip
        one = add_person(s, draft, by=manager)
        for kind, words in (("worry", "The stairs at night"), ("hope", "To sing again"), ("gift", "I bake bread")):
            add_note(s, one.id, NoteDraft(kind, words, GROUNDS), by=manager)
        add_person(s, PersonDraft(HOSTILE, north, GROUNDS), by=manager)
        add_person(s, PersonDraft("Bo Behind", north, GROUNDS, safety_risk=True), by=manager)
    return one.id


@pytest.fixture
def as_role(team: dict[str, str], monkeypatch: pytest.MonkeyPatch, open_page: Open) -> Callable[..., AppTest]:
    """Opens People as somebody in a role."""

    def opened(role: str, **query: str) -> AppTest:
        monkeypatch.setattr(type(st.context), "cookies", {COOKIE: team[role]})
        page = open_page("people", **query)
        assert not page.exception
        return page

    return opened


def test_one_person_begins_with_gifts_and_hopes_and_ends_with_folded_worries(as_role: Open, ada: UUID) -> None:
    said = words_of(as_role("coach", person=str(ada)))
    page = [str(one.value) for one in as_role("coach", person=str(ada)).markdown]
    assert page.index("> I bake bread") < page.index("> To sing again")
    assert "The stairs at night" not in said
    assert "Knows everybody" in said


def test_the_list_tells_names_and_nobody_marked_as_a_risk_but_to_named_roles(as_role: Open, ada: UUID) -> None:
    assert "Ada Weaver" in words_of(as_role("coach"))
    assert "Bo Behind" not in words_of(as_role("coach"))
    assert "Bo Behind" in words_of(as_role("manager"))


def test_a_partner_is_told_that_this_page_is_for_others(as_role: Open, ada: UUID) -> None:
    said = words_of(as_role("partner_viewer", person=str(ada)))
    assert "role does not need it" in said
    assert "Ada" not in said


def test_an_address_that_names_nobody_says_so(as_role: Open) -> None:
    for asked in ("nobody", "00000000-0000-4000-8000-000000000000"):
        assert "no such person" in words_of(as_role("manager", person=asked))


def press(page: AppTest, label: str) -> AppTest:
    """The page after a button was pressed."""
    return next(one for one in page.button if one.label == label).click().run()


def unfolded(page: AppTest, form: str) -> AppTest:
    """The page with a form open."""
    page.session_state[f"fold {form}"] = True
    return page.run()


def labelled(page: AppTest, kind: str, label: str) -> Any:
    return next(one for one in getattr(page, kind) if one.label == label)


def test_details_are_mended_and_what_was_not_touched_stays(as_role: Open, ada: UUID, team: dict[str, str]) -> None:
    page = unfolded(as_role("coach", person=str(ada)), f"edit person {ada}")
    labelled(page, "multiselect", "To take part they need").set_value(["step_free"])
    labelled(page, "number_input", "Walks up to, minutes one way").set_value(20)
    said = words_of(press(page, "Save the changes"))
    assert "The changes are saved." in said
    with session(Actor("Mona Manager", "manager", organisation_id=team["home"])) as s:
        one = person(s, ada)
    assert (one.access_needs, one.max_walk_minutes, one.roles, one.speaks) == (
        ["step_free"], 20, ["connector"], ["cy", "bfi"],
    )  # fmt: skip


def test_a_word_of_theirs_is_written_down_with_its_grounds(as_role: Open, ada: UUID) -> None:
    page = unfolded(as_role("coach", person=str(ada)), f"note person {ada}")
    labelled(page, "text_area", "In their own words").input("My garden, and whoever passes by it")
    page = press(page, "Write it down")
    assert "in their own words" in words_of(page)
    assert "> My garden, and whoever passes by it" in [str(one.value) for one in page.markdown]


def test_they_say_that_it_is_still_right(as_role: Open, ada: UUID, team: dict[str, str]) -> None:
    manager = Actor("Mona Manager", "manager", organisation_id=team["home"])
    with session(manager) as s:
        s.execute(text("update core.person set confirmed_on = '2025-11-01', status = 'inactive' where id = :ada"),
                  {"ada": ada})  # fmt: skip
    page = as_role("coach", person=str(ada))
    assert "Nothing was heard of them for a year" in words_of(page)
    assert "Nothing was heard" not in words_of(press(page, "They say it is still right"))
    with session(manager) as s:
        one = person(s, ada)
    assert (one.confirmed_on, one.status) == (today(), "active")


def test_a_keeper_sees_how_to_reach_somebody_and_nothing_they_said(as_role: Open, ada: UUID) -> None:
    page = as_role("data_officer", person=str(ada))
    shown = [str(one.value) for one in page.table]
    assert any("07700 900123" in one for one in shown)
    assert "bread" not in words_of(page)


def test_what_was_learned_since_is_told(as_role: Open, ada: UUID, team: dict[str, str]) -> None:
    manager = Actor("Mona Manager", "manager", organisation_id=team["home"])
    with session(manager) as s:
        wish = add_person_wish(s, ada, WishDraft("To swim", "learn", grounds=GROUNDS), by=manager)
    assert "Learned since" not in words_of(as_role("coach", person=str(ada)))
    with session(manager) as s:
        move_person_wish(s, wish.id, "met", version=wish.version, by=manager)
    said = words_of(as_role("coach", person=str(ada)))
    assert "**Learned since**\n- To swim" in said


def test_only_named_roles_keep_somebody_out_of_sight(as_role: Open, team: dict[str, str], ada: UUID) -> None:
    assert "Keep out of sight" not in [one.label for one in as_role("coach", person=str(ada)).expander]
    manager = Actor("Mona Manager", "manager", organisation_id=team["home"])
    with session(manager) as s:
        cat = add_person(s, PersonDraft("Cat Quiet", person(s, ada).place_id, GROUNDS), by=manager).id
    page = unfolded(as_role("manager", person=str(cat)), f"protect person {cat}")
    assert "Only owners and managers see them now." in words_of(press(page, "Keep out of sight"))
    assert "no such person" in words_of(as_role("coach", person=str(cat)))
    assert "Cat Quiet" not in words_of(as_role("coach"))


def test_a_keeper_erases_somebody_for_a_reason(as_role: Open, team: dict[str, str], ada: UUID) -> None:
    manager = Actor("Mona Manager", "manager", organisation_id=team["home"])
    with session(manager) as s:
        dee = add_person(s, PersonDraft("Dee Gone", person(s, ada).place_id, GROUNDS), by=manager).id
    assert "Erase them" not in [one.label for one in as_role("coach", person=str(dee)).expander]
    page = unfolded(as_role("data_officer", person=str(dee)), f"erase person {dee}")
    labelled(page, "checkbox", "Everything about them goes, and nobody can bring it back").check().run()
    said = words_of(press(page, "Erase them now"))
    assert "Backups that contain it expire on" in said
    assert "no such person" in words_of(as_role("manager", person=str(dee)))


def tab(page: AppTest, name: str) -> AppTest:
    """The page with one of its tabs open."""
    page.session_state["people tab"] = name
    return page.run()


def test_the_inventory_begins_with_gifts_and_ends_with_consents(as_role: Open, ada: UUID) -> None:
    page = tab(as_role("coach"), "Sit down with somebody")
    headers = [str(one.value) for one in page.header]
    assert headers == ["Gifts", "Hopes", "How and when", "Who they are", "What they agree to"]
    asked = [one.label for one in page.text_area]
    assert [one.partition(":")[0] for one in asked[:3]] == ["Head", "Heart", "Hands"]
    assert "worry" not in " ".join(asked[:6])


def test_an_inventory_writes_down_gifts_hopes_and_consents_at_once(
    as_role: Open, ada: UUID, team: dict[str, str]
) -> None:
    page = tab(as_role("coach"), "Sit down with somebody")
    labelled(page, "text_area", "Hands: what do you like to make, mend, grow, cook or play?").input(
        "I play the piano\nmending things"
    ).run()
    labelled(page, "text_area", "What would you like to learn?").input("Welsh").run()
    labelled(page, "checkbox", "Would teach it: I play the piano").check()
    labelled(page, "text_input", "Likes to be called").input("Eve Piano")
    place = labelled(page, "selectbox", "Patch or estate")
    place.select_index(1)
    labelled(page, "pills", "Tuesday").set_value([2])
    page.run()
    yes = "Yes to introductions: we ask each time before anybody learns of them"
    labelled(page, "checkbox", yes).check()
    page = press(page, "Write it all down")
    assert "They are written down" in words_of(page)
    manager = Actor("Mona Manager", "manager", organisation_id=team["home"])
    with session(manager) as s:
        eve = people_here(s, named="eve piano")[0]
        offers = sorted((one.own_words, one.skill, one.will_teach, one.free_grid) for one in offers_of(s, eve.id))
        wishes = [(one.own_words, one.wish_kind) for one in wishes_of(s, eve.id)]
        agreed = [one.purpose for one in consents_of(s, eve.id)]
    assert [one[0] for one in offers] == ["I play the piano", "mending things"]
    assert offers[0][1:] == ("piano", True, 1 << 5)
    assert wishes == [("Welsh", "learn")]
    assert agreed == ["introductions"]


def test_somebody_who_may_be_known_is_not_written_down_twice_by_accident(as_role: Open, ada: UUID) -> None:
    page = tab(as_role("coach"), "Sit down with somebody")
    labelled(page, "text_input", "Likes to be called").input("ada weaver")
    labelled(page, "selectbox", "Patch or estate").select_index(1)
    page.run()
    assert "Have a look first" in words_of(page)
    assert "is written down there already" in words_of(press(page, "Write it all down"))
    labelled(page, "checkbox", "This is somebody else").check()
    assert "They are written down" in words_of(press(page, "Write it all down"))


def test_paper_forms_are_saved_together_and_faults_stand_in_their_rows(
    as_role: Open, ada: UUID, team: dict[str, str]
) -> None:
    page = tab(as_role("coach"), "Forms on paper")
    manager = Actor("Mona Manager", "manager", organisation_id=team["home"])
    with session(manager) as s:
        north = person(s, ada).place_id
    labelled(page, "selectbox", "Patch or estate of these forms").set_value(str(north))
    names = [one for one in page.text_input if one.label == "Likes to be called"]
    gifts = [one for one in page.text_area if one.label.startswith("What they can give")]
    names[0].input("Fay First")
    gifts[0].input("Sewing")
    gifts[2].input("Gardening")
    page = press(page, "Save the forms")
    assert "Form 3\\: Say how they like to be called" in words_of(page)
    with session(manager) as s:
        assert people_here(s, named="fay first") == []
    [one for one in page.text_input if one.label == "Likes to be called"][2].input("Gus Green")
    days = [one for one in page.text_input if one.label.startswith("Day, if another")]
    days[2].input("31 February")
    page = press(page, "Save the forms")
    assert "Write the day as day/month/year" in words_of(page)
    [one for one in page.text_input if one.label.startswith("Day, if another")][2].input("17/10/2026")
    page = press(page, "Save the forms")
    assert "The forms are saved." in words_of(page)
    with session(manager) as s:
        assert [line.gifts for name in ("fay", "gus") for line in people_here(s, named=name)] == [
            ("Sewing",), ("Gardening",),
        ]  # fmt: skip
        assert person(s, people_here(s, named="gus")[0].id).consent_on == date(2026, 10, 17)

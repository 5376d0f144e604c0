"""Suggestions on a resident's page, begun with one press; Settings, which an owner changes and others read."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
import streamlit as st
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from abcd.access.accounts import add_account
from abcd.access.associations import ensure_association
from abcd.access.sessions import COOKIE, open_session
from abcd.connections.weights import Weights, weights
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import Connection, PersonWish
from abcd.people.skills import load_skills
from tests.builders import a_place
from tests.connections.wishing import a_neighbour, gives, hopes
from tests.pages.conftest import Borough, words_of

Open = Callable[..., AppTest]


def press(page: AppTest, label: str) -> AppTest:
    return next(one for one in page.button if one.label == label).click().run()


@pytest.fixture(scope="module")
def manager(borough: Borough) -> Actor:
    """Somebody of the association who does casework."""
    with session(SYSTEM) as s:
        home = ensure_association(s, by=SYSTEM)
        load_skills(s)
        return add_account(s, "Mona Manager", "manager", by=SYSTEM, email="mona@here.example", organisation_id=home)


@pytest.fixture(scope="module")
def two(manager: Actor) -> tuple[UUID, UUID, UUID]:
    """Ada, who hopes for the piano, and Beth, who plays it; Ada's wish."""
    with session(manager) as s:
        patch = a_place(s, kind="patch", name="North patch", size=300)
        ada, beth = (a_neighbour(s, patch, preferred_name=name) for name in ("Ada *Mill*", "Beth"))
        gives(s, beth, own_words="I play <b>old songs</b>")
        return ada, beth, hopes(s, ada, own_words="I would love to play")


@pytest.fixture
def as_manager(borough: Borough, manager: Actor, monkeypatch: pytest.MonkeyPatch, open_page: Open) -> Open:
    """Opens a page as the manager."""
    with session(SYSTEM) as s:
        monkeypatch.setattr(type(st.context), "cookies", {COOKIE: open_session(s, manager)})
    return open_page


def test_one_press_begins_an_introduction_with_reasons_shown(as_manager: Open, two: tuple[UUID, UUID, UUID]) -> None:
    page = as_manager("people", person=str(two[0]))
    said = words_of(page)
    assert "Beth" in said
    assert "It is just what is wished for: Piano" in said.replace("\\", "")
    assert "Not checked yet" in said
    assert "<b>" not in said
    before = asks_of(page)
    press(page, "Start the two-sided ask")
    with session(SYSTEM) as s:
        assert s.scalar(select(Connection.id)) is None, "row security: nobody without an association"
    with session(replace(SYSTEM, organisation_id=_ours())) as s:
        row = s.scalars(select(Connection)).one()
        assert (row.a_person_id, row.b_person_id, row.person_wish_id, row.state) == (two[0], two[1], two[2], "idea")
        assert set(row.parts) == {"T", "D", "F", "Q"}
    assert asks_of(as_manager("people", person=str(two[0]))) == before - 1, "nobody is suggested twice"


def asks_of(page: AppTest) -> int:
    return sum(one.label == "Start the two-sided ask" for one in page.button)


def _ours() -> str:
    with session(SYSTEM) as s:
        return str(ensure_association(s, by=SYSTEM))


def test_without_a_yes_nothing_is_looked_for(as_manager: Open, manager: Actor, two: tuple[UUID, UUID, UUID]) -> None:
    with session(manager) as s:
        patch = a_place(s, kind="patch", name="Quiet patch")
        nobody = a_neighbour(s, patch, agreed=False, preferred_name="Cal")
        hopes(s, nobody, own_words="Something for Cal")
    said = words_of(as_manager("people", person=str(nobody)))
    assert "Nothing is looked for before they say yes" in said
    assert "Beth" not in said


def test_services_come_first_once_somebody_says_why(as_manager: Open, two: tuple[UUID, UUID, UUID]) -> None:
    page = as_manager("people", person=str(two[0]))
    page.session_state[f"urgent fold {two[2]}"] = True
    page = page.run()
    next(one for one in page.text_area if one.label == "Why it cannot wait").input("Unwell").run()
    page = press(page, "Services first")
    assert "Services come first here" in words_of(page)
    with session(replace(SYSTEM, organisation_id=_ours())) as s:
        assert s.get_one(PersonWish, two[2]).urgent_reason == "Unwell"


def test_settings_are_read_by_a_manager_and_changed_by_an_owner(borough: Borough, as_manager: Open) -> None:
    page = as_manager("settings")
    assert "An owner may change these." in words_of(page)
    assert page.number_input == []


def test_an_owner_changes_a_weight(open_page: Open) -> None:
    page = open_page("settings")
    page.session_state["weights fold"] = True
    page = page.run()
    for label, value in (("Same theme", 0.3), ("Near", 0.3)):
        page = next(one for one in page.number_input if one.label == label).set_value(value).run()
    page = press(page, "Use these from now on")
    assert "Say where the new values come from" in words_of(page)
    page = next(one for one in page.text_input if one.label.startswith("Where do the")).input("Panel").run()
    press(page, "Use these from now on")
    with session(SYSTEM) as s:
        assert weights(s) == replace(Weights(), theme=0.3, distance=0.3)

"""The page of introductions for each role: casework works with it, a data officer sees protected figures alone."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import streamlit as st
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from abcd.access.accounts import add_account
from abcd.access.associations import ensure_association
from abcd.access.sessions import COOKIE, open_session
from abcd.core.clock import days_ago, today
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import Connection, IntroductionIn
from tests.builders import a_place
from tests.connections.meeting import TO_BOTH, a_neighbour, an_introduction, go, runs_out
from tests.pages.conftest import Borough

Opened = Callable[..., AppTest]


@pytest.fixture(scope="module")
def team(borough: Borough) -> dict[str, Any]:
    """A cookie for each role; two who were introduced, and two whose introduction was not safe."""
    with session(SYSTEM) as s:
        association = ensure_association(s, by=SYSTEM)
        patch = a_place(s, kind="patch", name="North patch")
        roles = ("manager", "officer", "data_officer", "partner_viewer")
        made = {role: add_account(s, f"Some {role}", role, by=borough.owner, organisation_id=association)
                for role in roles}  # fmt: skip
        cookies = {role: open_session(s, actor) for role, actor in made.items()}
    officer: Actor = made["officer"]
    with session(officer) as s:
        ada, ben, cyn = (a_neighbour(s, officer, patch, name) for name in ("Ada", "Ben", "Cyn"))
        an_introduction(s, officer, ada, ben, *TO_BOTH, "introduced")
        go(s, officer, an_introduction(s, officer, ada, cyn, *TO_BOTH), "introduced", "stopped_unsafe a")
    return cookies | {"by": officer}


@pytest.fixture
def open_as(open_page: Opened, team: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], AppTest]:
    """Opens the page of introductions in a role."""

    def opened(role: str) -> AppTest:
        monkeypatch.setattr(type(st.context), "cookies", {COOKIE: team[role]})
        return open_page("introductions")

    return opened


def words_of(page: AppTest) -> str:
    """All that stands on a page."""
    return " ".join(str(one.value) for kind in (page.markdown, page.caption, page.info, page.warning, page.title)
                    for one in kind) + " ".join(str(table.value.to_dict()) for table in page.table)  # fmt: skip


@pytest.mark.parametrize(("role", "tabs"), [
    ("manager", ["Going on", "Who told us of somebody", "How it goes"]),
    ("officer", ["Going on", "Who told us of somebody", "How it goes"]),
    ("data_officer", ["How it goes"]), ("partner_viewer", []),
])  # fmt: skip
def test_each_role_has_its_parts(open_as: Callable[[str], AppTest], role: str, tabs: list[str]) -> None:
    page = open_as(role)
    assert not page.exception
    assert [tab.label for tab in page.tabs] == tabs


def test_a_data_officer_reads_no_name_and_no_small_number(open_as: Callable[[str], AppTest]) -> None:
    page = open_as("data_officer")
    said = words_of(page)
    assert "counts are rounded" in said
    assert "fewer than 10" in said
    for word in ("Ada", "Ben", "Cyn", "Stopped"):
        assert word not in said


def test_only_a_manager_is_asked_to_look_into_what_was_not_safe(open_as: Callable[[str], AppTest]) -> None:
    asked = {role: [one.value for one in open_as(role).warning] for role in ("manager", "officer")}
    assert (len(asked["manager"]), asked["officer"]) == (1, [])
    assert "look into it" in asked["manager"][0]


def a_coach_looks(monkeypatch: pytest.MonkeyPatch, name: str, officer: Actor, borough: Borough, patch: UUID) -> None:
    """From now on whoever opens a page is a coach of this patch alone, in the officer's association."""
    with session(SYSTEM) as s:
        coach = add_account(s, name, "coach", by=borough.owner, places=[patch],
                            organisation_id=UUID(officer.organisation_id))  # fmt: skip
        cookie = open_session(s, coach)
    monkeypatch.setattr(type(st.context), "cookies", {COOKIE: cookie})


def test_a_coach_reads_of_anothers_no_that_it_ended(
    open_page: Opened, team: dict[str, Any], borough: Borough, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer: Actor = team["by"]
    with session(officer) as s:
        homes = [a_place(s, kind="patch", name=name) for name in ("East patch", "West patch")]
        eve, wyn = (a_neighbour(s, officer, home, name) for home, name in zip(homes, ("Eve", "Wyn"), strict=True))
        made = an_introduction(s, officer, eve, wyn, *TO_BOTH, "not_for_me b")
    a_coach_looks(monkeypatch, "Some coach", officer, borough, homes[0])
    page = open_page("introductions", introduction=str(made))
    said = words_of(page)
    assert not page.exception
    assert not page.error
    assert "It did not come about, or came to an end" in said
    assert "Eve" in said
    for word in ("Not for them", "Wyn", "wyn@", "What passes"):
        assert word not in said + " ".join(one.value for one in page.header)
    assert [one.label for one in page.button if "again" in one.label or "said yes" in one.label] == []


def test_a_coach_reads_no_other_words_of_what_rests_elsewhere_than_of_what_was_refused(
    open_page: Opened, team: dict[str, Any], borough: Borough, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer: Actor = team["by"]
    with session(officer) as s:
        homes = [a_place(s, kind="patch", name=name) for name in ("Upper patch", "Lower patch")]
        zoe, una, vic = (a_neighbour(s, officer, homes[at], name) for at, name in ((0, "Zoe"), (1, "Una"), (1, "Vic")))
        with days_ago(30):
            refused, rests = (an_introduction(s, officer, zoe, other, *TO_BOTH[:3]) for other in (una, vic))
        with days_ago(10):
            go(s, officer, refused, "not_for_me b")
            runs_out(s, vic, today())
    a_coach_looks(monkeypatch, "Upper coach", officer, borough, homes[0])
    one, other = (whole(open_page("introductions", introduction=str(key)), key) for key in (refused, rests))
    assert one == other
    assert "It did not come about, or came to an end" in one
    shut, folded = whole(open_page("people", person=str(zoe)), refused, rests), "rests until"
    assert shut.count("It did not come about, or came to an end") == 2
    assert folded not in shut


def whole(page: AppTest, *keys: UUID) -> str:
    """All that a page sent to the browser, its own random marks left out."""
    assert not page.exception
    said = "\n".join(str(element.proto) for element in page.main if hasattr(element, "proto"))
    for at, key in enumerate(keys):
        said = said.replace(str(key), f"key {at}").replace(key.hex, f"key {at}")
    return said


def test_an_introduction_that_there_is_not_says_so(
    open_page: Opened, team: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with session(team["by"]) as s:
        real = s.scalars(select(Connection.id)).first()
    told = set()
    for role, key in (("officer", "00000000-0000-4000-8000-000000000000"), ("officer", "x"), ("data_officer", real)):
        monkeypatch.setattr(type(st.context), "cookies", {COOKIE: team[role]})
        page = open_page("introductions", introduction=str(key))
        told |= {one.value for one in page.error}
        assert "Ada" not in words_of(page)
    assert len(told) == 2, "unknown and malformed look alike; a role that may not is told so"


def test_logged_with_two_choices(open_as: Callable[[str], AppTest], team: dict[str, Any]) -> None:
    page = open_as("officer")
    page.session_state["introductions"] = "Who told us of somebody"
    page.run()
    next(one for one in page.selectbox if one.label == "Who suggests it?").set_value("gp_or_link_worker").run()
    next(one for one in page.button if one.label == "Log it").click().run()
    assert not page.exception
    with session(team["by"]) as s:
        (row,) = s.scalars(select(IntroductionIn)).all()
    assert (row.source_kind, row.person_id, row.coordinator) == ("gp_or_link_worker", None, "Some officer")


def test_what_rests_on_a_yes_that_has_run_out_says_whom_to_ask_again(
    open_as: Callable[[str], AppTest], open_page: Opened, team: dict[str, Any]
) -> None:
    officer: Actor = team["by"]
    with session(officer) as s:
        patch = s.scalars(select(Connection.place_id)).first()
        dai, eve = (a_neighbour(s, officer, patch, name) for name in ("Dai", "Eve"))
        made = an_introduction(s, officer, dai, eve, *TO_BOTH)
        runs_out(s, eve)
    assert "To be asked again\\: Eve" in words_of(open_as("officer"))
    page = open_page("introductions", introduction=str(made))
    said = words_of(page)
    assert "Ask Eve again whether introductions are still right" in said
    assert "What passes between them" not in said
    assert not [one for one in page.button if one.label == "Each has it now"]

"""Millfield's story: told once through the doors, and undone for whoever takes everything back."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import streamlit as st
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from abcd.access.accounts import ensure_owner
from abcd.access.associations import ensure_association
from abcd.access.sessions import COOKIE, open_session
from abcd.assets.taxonomy import load_taxonomy
from abcd.cli.millfield import is_half_told, tell
from abcd.cli.people import local_actor
from abcd.connections.funnel import funnel
from abcd.connections.introduced import introductions_of
from abcd.core.clock import LOCAL, today
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import (
    Connection,
    ConnectionStep,
    Consent,
    FollowUp,
    Import,
    Offer,
    Person,
    PersonOffer,
    PersonWish,
    SearchEffort,
    Wish,
)
from abcd.errors import NotFound
from abcd.intake import millfield
from abcd.people.counting import counts
from abcd.people.leaving import erase_withdrawn, withdraw_everything
from abcd.people.queries import person
from abcd.people.skills import load_skills
from abcd.people.wordings import load_wordings
from tests.canary import Search
from tests.pages.conftest import ROOT

NAME = "Maud Tennyson"
WORDS = {"name": NAME, "gift": "I played the piano for forty years", "said": "Tuesdays have somebody in them again"}
PAGES = ("people", "my_patch", "giving", "introductions", "consents", "find", "place", "history", "releases")


@pytest.fixture(scope="module")
def owner_here(store: str) -> Actor:
    with session(SYSTEM) as s:
        load_taxonomy(s)
        load_skills(s)
        load_wordings(s)
        ensure_owner(s, by=SYSTEM)
        ensure_association(s, by=SYSTEM)
    millfield.load(actor=SYSTEM)
    tell(actor=local_actor())
    return local_actor()


@pytest.fixture
def seen(owner_here: Actor, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Everything a page says, with what stands in its lists."""
    with session(SYSTEM) as s:
        cookie = open_session(s, ensure_owner(s, by=SYSTEM))
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(type(st.context), "cookies", {COOKIE: cookie})

    def said(name: str, **query: str) -> str:
        page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        if name != "place":
            page.switch_page(f"abcd/pages/{name}.py")
        for key, value in query.items():
            page.query_params[key] = value
        page.run()
        assert not page.exception
        return str([element.proto for element in everything(page)])

    return said


def everything(page: AppTest) -> list[Any]:
    """Each element of the page."""
    waiting, found = [*page.main.children.values(), *page.sidebar.children.values()], []
    while waiting:
        one = waiting.pop()
        waiting += getattr(one, "children", {}).values()
        found += [one] if getattr(one, "proto", None) is not None else []
    return found


def one_called(s: Any, name: str) -> UUID:
    return s.scalars(select(Person.id).where(Person.preferred_name == name)).one()


def test_the_story_is_told(owner_here: Actor) -> None:
    with session(owner_here) as s:
        assert not is_half_told(s)
        told = {table.__tablename__: s.scalar(select(func.count()).select_from(table))
                for table in (Person, PersonOffer, PersonWish, Offer, Wish)}  # fmt: skip
        states = sorted(s.scalars(select(Connection.state)))
    assert told["person"] == 50
    assert min(told.values()) >= 5
    assert states == ["asked_b", "going_at_4w", "idea"]


def test_the_days_of_the_story_hang_together(owner_here: Actor) -> None:
    """Agreed before anybody is asked, asked before they answer, introduced before they tell how it goes."""
    with session(owner_here) as s:
        agreed = dict(
            s.execute(select(Consent.person_id, func.max(Consent.given_on)).group_by(Consent.person_id)).all()
        )
        for one in s.scalars(select(Connection)):
            steps = list(s.scalars(select(ConnectionStep.at).where(ConnectionStep.connection_id == one.id)
                                   .order_by(ConnectionStep.at)))  # fmt: skip
            days = [at.astimezone(LOCAL).date() for at in steps]
            assert max(agreed[one.a_person_id], agreed[one.b_person_id]) <= one.created_at.astimezone(LOCAL).date()
            assert days[0] == one.created_at.astimezone(LOCAL).date() < today()
            assert one.state_at.astimezone(LOCAL).date() == days[-1]
        met = s.scalars(select(Connection).where(Connection.introduced_on.is_not(None))).one()
        said = dict(s.execute(select(FollowUp.weeks, func.min(FollowUp.said_on)).group_by(FollowUp.weeks)).all())
        assert met.introduced_on
        assert met.passed_on == met.introduced_on == said[0]
        assert timedelta(weeks=4) <= said[4] - met.introduced_on < timedelta(weeks=5)
        assert funnel(s).year.days == 4


def test_files_of_assets_count_as_a_look_and_no_others_do(owner_here: Actor) -> None:
    counted = (
        select(Import.kind, func.count(SearchEffort.id))
        .outerjoin(SearchEffort, SearchEffort.import_id == Import.id)
        .group_by(Import.id, Import.kind)
    )
    with session(owner_here) as s:
        looked = [(kind, many) for kind, many in s.execute(counted)]
    assert {kind for kind, many in looked if many} == {"assets"}
    assert {kind for kind, many in looked if not many} >= {"people", "streets", "dwellings", "places", "households"}
    assert all(many for kind, many in looked if kind == "assets")


def test_whoever_takes_everything_back_is_nowhere(owner_here: Actor, seen: Callable[..., str], tmp_path: Path) -> None:
    """The pages, counts and files that spoke of her say nothing of her from the moment she says so."""
    with session(owner_here) as s:
        maud, iestyn = one_called(s, NAME), one_called(s, "Iestyn Prosser")
        before = counts(s, UUID(owner_here.organisation_id))
    where = {page for page in PAGES if NAME in seen(page)}
    assert {"people", "introductions"} <= where
    assert NAME in seen("people", person=str(iestyn))
    with session(owner_here) as s:
        withdraw_everything(s, maud, "in_person", by=owner_here)
    left = {page: [name for name, words in WORDS.items() if words in seen(page)] for page in PAGES}
    assert {page: names for page, names in left.items() if names} == {}
    assert NAME not in seen("people", person=str(iestyn))
    with session(owner_here) as s:
        with pytest.raises(NotFound):
            person(s, maud)
        assert introductions_of(s, iestyn) == []
        after = counts(s, UUID(owner_here.organisation_id))
    assert sum(before.values()) - sum(after.values()) >= 3
    assert erase_withdrawn().people == 1
    with session(owner_here) as s:
        assert s.scalar(select(func.count()).select_from(Connection)) == 2
    assert Search(WORDS).in_folders(tmp_path) == []

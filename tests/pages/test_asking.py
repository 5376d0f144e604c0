"""Go and ask: rounds, one press, a whole walk, and a sheet that is typed in."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import streamlit as st
from sqlalchemy import select, update
from streamlit.testing.v1 import AppTest

from abcd.access.accounts import add_account
from abcd.access.sessions import COOKIE, open_session
from abcd.core.clock import today
from abcd.db.session import SYSTEM, session
from abcd.db.tables import AskingSheet, Asset, SearchEffort
from tests.pages.conftest import Borough, reference_of, words_of

Open = Callable[..., AppTest]


@pytest.fixture(scope="module")
def reference(borough: Borough) -> str:
    """The estate, whose library and café were checked long ago."""
    with session(SYSTEM) as s:
        old = today() - timedelta(500)
        s.execute(update(Asset).where(Asset.id.in_([borough.library, borough.hostile])).values(assured_on=old))
        return reference_of(s, borough.estate)


@pytest.fixture(autouse=True)
def _fresh(borough: Borough) -> Iterator[None]:
    """Nobody has looked yet."""
    yield
    with session(SYSTEM) as s:
        for row in s.scalars(select(SearchEffort)):
            s.delete(row)


def searched(borough: Borough) -> dict[str, tuple[str, int, int | None]]:
    with session(borough.owner) as s:
        return {row.category: (row.method, row.found_n, row.known_n) for row in s.scalars(select(SearchEffort))}


def named(page: AppTest, *words: str) -> Any:
    return next(one for one in page.button if all(word in f"{one.label} {one.key}" for word in words))


def test_the_first_round_says_whom_to_ask_and_what_to_look_for(open_page: Open, reference: str) -> None:
    page = open_page("asking", place=reference)
    assert not page.exception
    said = words_of(page)
    assert "**Mill Library**" in said
    assert "Last checked" in said
    assert r"\<img" in said, "a hostile name is no markup"
    assert "Nobody can say yet." in said
    assert [head.value for head in page.header][1:] == ["The first round", "How much nobody has written down"]
    folds = [fold.label for fold in page.expander]
    assert "Warm space · Nobody has looked yet\\." in "\n".join(folds)


def test_one_press_says_that_none_was_found(open_page: Open, borough: Borough, reference: str) -> None:
    page = open_page("asking", place=reference)
    page.session_state["looking warm-space"] = True
    page.run()
    named(page, "none connectors warm-space").click().run()
    assert not page.exception
    assert "What you found is on record" in words_of(page)
    assert searched(borough) == {"warm-space": ("connectors", 0, None)}


def test_a_whole_walk_is_saved_at_once(open_page: Open, borough: Borough, reference: str) -> None:
    page = open_page("asking", place=reference)
    page.session_state[f"fold walked {borough.estate}"] = True
    page.run()
    none, some = (one for one in page.multiselect if "walked" in str(one.key))
    none.set_value(["food-bank", "pharmacy"])
    some.set_value(["library"])
    page.run()
    found, known = (one for one in page.number_input if "library" in str(one.key))
    found.set_value(3)
    known.set_value(1)
    page.run()
    named(page, "Save the whole walk").click().run()
    assert not page.exception
    walk = "field walk"
    assert searched(borough) == {"food-bank": (walk, 0, None), "pharmacy": (walk, 0, None), "library": (walk, 3, 1)}
    assert "Library or hub\\: " in words_of(open_page("asking", place=reference))


def test_a_sheet_is_made_and_typed_in(open_page: Open, borough: Borough, reference: str) -> None:
    page = open_page("asking", place=reference)
    named(page, "Make a sheet of round 1").click().run()
    with session(borough.owner) as s:
        sheet = s.scalars(select(AskingSheet)).one()
    assert f"(/sheets/{sheet.id}?lang=en)" in words_of(page)
    page.session_state[f"fold answers {sheet.id}"] = True
    page.run()
    radio(page, f"said {borough.library}").set_value("right")
    radio(page, f"said {borough.hostile}").set_value("gone")
    radio(page, f"look {sheet.looks[0]}").set_value("none")
    page.run()
    named(page, "Save all answers").click().run()
    assert not page.exception
    said = words_of(page)
    assert "Every answer is on record" in said
    assert r"1 record counts as checked\. · 1 waits under “To check”\." in said
    assert sheet.id not in open_ones(borough)
    with session(borough.owner) as s:
        checked = s.scalar(select(Asset.assured_on).where(Asset.id == borough.library))
    assert checked == today()
    assert list(searched(borough)) == [sheet.looks[0]]


def radio(page: AppTest, name: str) -> Any:
    return next(one for one in page.radio if str(one.key).endswith(name))


def open_ones(borough: Borough) -> set[UUID]:
    with session(borough.owner) as s:
        return set(s.scalars(select(AskingSheet.id).where(AskingSheet.answered_on.is_(None))))


def test_a_place_page_offers_to_look_only_to_those_who_may_note_it(
    open_page: Open, borough: Borough, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def folds() -> int:
        page = open_page(place=reference)
        assert not page.exception
        return [fold.label for fold in page.expander].count("I looked")

    assert folds() > 0
    with session(SYSTEM) as s:
        cookie = open_session(s, add_account(s, "Pat", "partner_viewer", by=SYSTEM))
    monkeypatch.setattr(type(st.context), "cookies", {COOKIE: cookie})
    assert folds() == 0

"""The page of patches: what is in somebody's hands follows the store, and long work speaks the language of the page."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete
from streamlit.testing.v1 import AppTest

from abcd.access.accounts import add_account
from abcd.core.clock import today
from abcd.db.session import session
from abcd.db.tables import PatchLock
from abcd.patches.adopting import adopt
from abcd.patches.locks import lock
from abcd.patches.plans import draw, plan_part, plan_row
from abcd.places.queries import places_of_kind
from tests.builders import HERE, a_place, a_small_area
from tests.pages.conftest import Borough, reference_of, words_of

Open = Callable[..., AppTest]


@pytest.fixture(scope="module")
def row(borough: Borough) -> str:
    """Eight small areas in a row, a kilometre from anything else."""
    east, north = HERE[0] + 3_000, HERE[1]
    with session(borough.owner) as s:
        whole = a_place(s, (east + 350, north), name="Long Row", size=900)
        for k in range(8):
            a_small_area(s, (east + 100 * k, north), 100, size=100)
        s.flush()
        return reference_of(s, whole)


def drawn(borough: Borough, row: str, target: float = 400) -> UUID:
    """A plan of the row."""
    with session(borough.owner, patient=True) as s:
        return draw(s, row, target=target, seed=1, by=borough.owner)[0].id


def test_what_was_locked_a_moment_ago_moves_together(open_page: Open, borough: Borough, row: str) -> None:
    plan = drawn(borough, row)
    page = open_page("patches", plan=str(plan))
    assert not page.exception
    with session(borough.owner) as s:
        here, homes, _part = plan_part(s, plan)
        beside = int(homes.net.to[0])
        lock(s, here.place_id, "Court", [*homes.members[0], *homes.members[beside]], by=borough.owner)
    page.multiselect(key=f"list of blocks {plan}").set_value([0]).run()
    page.selectbox(key=f"far {plan} 0").set_value(2).run()
    page.button(key=f"to far {plan}").click().run()
    assert not page.exception
    part = page.session_state[f"drawing {plan}"][-1].part
    assert part[0] == part[beside] == 2, "a block of a lock takes the others along"
    with session(borough.owner) as s:
        s.execute(delete(PatchLock))


def test_a_plan_that_was_adopted_meanwhile_is_read_anew(open_page: Open, borough: Borough, row: str) -> None:
    plan = drawn(borough, row)
    page = open_page("patches", plan=str(plan))
    page.multiselect(key=f"list of blocks {plan}").set_value([0]).run()
    page.selectbox(key=f"far {plan} 0").set_value(2).run()
    page.button(key=f"to far {plan}").click().run()
    assert page.session_state[f"drawing {plan}"][-1].moves == 1
    with session(borough.owner, patient=True) as s:
        adopt(s, plan, first_day=today(), version=1, by=borough.owner)
    page.run()
    assert not page.exception
    assert [one.moves for one in page.session_state[f"drawing {plan}"]] == [0]


def test_a_day_ahead_is_told_and_can_be_taken_back(open_page: Open, borough: Borough, row: str) -> None:
    plan, day = drawn(borough, row), today() + timedelta(30)
    with session(borough.owner) as s:
        add_account(s, "Ahead Of Her Day", "coach", by=borough.owner)
        of, before = reference_of(s, plan_row(s, plan).place_id), places_of_kind(s, "patch")
    page = open_page("patches", plan=str(plan))
    page.date_input[0].set_value(day).run()
    next(one for one in page.button if one.label == "Adopt").click().run()
    assert not page.exception
    page = open_page("patches", place=of)
    assert f"From {day:%d/%m/%Y} another plan holds: Best balance." in words_of(page)
    with session(borough.owner) as s:
        assert places_of_kind(s, "patch") == before, "the patches of today hold"
    page = open_page("patches", plan=str(plan))
    assert f"This plan waits for {day:%d/%m/%Y}." in words_of(page)
    page = named(page, patch=2, who="Ahead Of Her Day")
    assert r"Patch 2\: Ahead Of Her Day" in words_of(page)
    page = named(page, patch=2, who="Nobody in particular")
    assert r"Patch 2\: Ahead Of Her Day" not in words_of(page)
    next(one for one in page.button if one.label == "Take the day back").click().run()
    assert not page.exception
    assert "The plan is a draft again." in words_of(page)
    assert any(one.label == "Adopt" for one in page.button)


def named(page: AppTest, patch: int, who: str) -> AppTest:
    """The page after somebody was named for a patch of the plan."""
    next(one for one in page.selectbox if one.label == "Which patch?").set_value(patch)
    whose = next(one for one in page.selectbox if one.label == "Its coach")
    whose.select_index(whose.options.index(who)).run()
    next(one for one in page.button if one.label == "Save who it will be").click().run()
    assert not page.exception
    assert "Written down. The patch is theirs from that day." in words_of(page)
    return page


def test_a_press_that_nobody_was_called_for_begins_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that was started again hears of a press before it has drawn the button, and calls nobody."""
    monkeypatch.setattr("abcd.pages.beside.press", lambda *_all: None)
    page = AppTest.from_function(speaking, default_timeout=10).run()
    monkeypatch.undo()
    page.button[0].click().run()
    assert not page.exception
    assert page.markdown[0].value == "Wedi'i wneud Wedi'i wneud"


def speaking() -> None:
    """A page in Welsh with long work on it."""
    import streamlit as st

    from abcd.core.language import _, use
    from abcd.db.session import SYSTEM
    from abcd.pages.beside import Telling, Work, work_button

    def work_of(_key: str) -> Work:
        said = _("Done")

        def work(_telling: Telling) -> str:
            return f"{said} {_('Done')}"

        return work

    st.session_state["language"] = "cy"
    use("cy")
    work_button("words", "Go", work_of, SYSTEM, "Over")
    st.write(st.session_state.get("saved words", ""))


def test_long_work_speaks_the_language_of_the_page() -> None:
    page = AppTest.from_function(speaking, default_timeout=10).run()
    page.button[0].click().run()
    assert not page.exception
    assert page.markdown[0].value == "Wedi'i wneud Wedi'i wneud"

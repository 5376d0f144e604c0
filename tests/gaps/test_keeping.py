"""Places are kept up to date a neighbourhood at a time, by one process at a time; a change is never missed."""

from uuid import UUID

import pytest
from sqlalchemy import select, text
from typer.testing import CliRunner

from abcd.assets.taxonomy import load_taxonomy
from abcd.cli import app
from abcd.core.clock import today
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import PlaceMeasure, PlaceMeasured
from abcd.errors import NotFound
from abcd.gaps.keeping import LOCK, due, keep_up, refresh
from abcd.gaps.possibilities import possibilities
from abcd.gaps.stored import stored_measures
from abcd.intake import millfield
from tests.builders import HERE, a_place, an_asset

EAST, NORTH = HERE


@pytest.fixture(scope="module")
def places(store: str, owner: Actor) -> list[UUID]:
    with session(owner) as s:
        load_taxonomy(s)
        return [a_place(s, (EAST + 9_000 * n, NORTH), name=f"Place {n}") for n in range(3)]


def test_all_that_is_due_is_worked_out_and_then_nothing_is(places: list[UUID], owner: Actor) -> None:
    told: list[tuple[int, int]] = []
    assert keep_up(tell=lambda done, of: told.append((done, of))) == 3
    assert told[-1] == (3, 3)
    assert keep_up() == 0
    with session(owner) as s:
        assert set(s.scalars(select(PlaceMeasured.place_id))) == set(places)
        an_asset(s, "library", (EAST + 9_000, NORTH), checked=today())
    with session(owner) as s:
        assert due(s)[places[1]] == {"library"}
    result = CliRunner().invoke(app, ["gaps", "refresh"])
    # The nearest library of the other two is this one now.
    assert "3 places were worked out" in result.output
    assert "3 of 3 places" in result.output


def test_a_run_ends_when_its_time_is_up(places: list[UUID], owner: Actor) -> None:
    with session(owner) as s:
        an_asset(s, "cafe", HERE)
    assert keep_up(seconds=0) == 0
    assert keep_up() == 3


def test_one_place_is_worked_out_when_it_is_named(places: list[UUID], owner: Actor) -> None:
    assert refresh(str(places[0])) > 10
    with session(owner) as s:
        assert s.scalar(select(PlaceMeasure.state).where(PlaceMeasure.place_id == places[1],
                                                         PlaceMeasure.category == "library")) == "present"  # fmt: skip
    with pytest.raises(NotFound):
        refresh("nowhere")


def test_two_processes_do_not_do_the_same_work(places: list[UUID], owner: Actor) -> None:
    with session(owner) as s:
        an_asset(s, "library", HERE)
    with session(SYSTEM) as other:
        other.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        assert keep_up() == 0
    assert keep_up() > 0


def test_a_change_that_was_long_in_coming_is_not_missed(places: list[UUID], owner: Actor) -> None:
    with session(owner) as slow:
        an_asset(slow, "pharmacy", HERE, name="Slow")
        with session(owner) as quick:
            an_asset(quick, "gp", HERE, name="Quick")
        keep_up()
        with session(owner) as reader:
            assert stored_measures(reader, places[0]) is not None
    with session(owner) as reader:
        assert stored_measures(reader, places[0]) is None
        assert due(reader)[places[0]] == {"pharmacy"}
    keep_up()
    with session(owner) as reader:
        kept = {one.standard.category: one.in_reach for one in stored_measures(reader, places[0]) or []}
        assert (kept["pharmacy"], kept["gp"]) == (1, 1)


def test_the_invented_borough_is_told_of_alike_from_the_register_and_from_what_is_kept(
    places: list[UUID], owner: Actor
) -> None:
    millfield.load(actor=owner)
    with session(owner) as s:
        estates = list(s.scalars(text("select id from core.place where kind in ('estate', 'ward')")))
        live = {one: possibilities(s, one) for one in estates if stored_measures(s, one) is None}
    assert len(live) == 13
    keep_up()
    with session(owner) as s:
        assert all(stored_measures(s, one) is not None for one in estates)
        assert {one: possibilities(s, one) for one in live} == live

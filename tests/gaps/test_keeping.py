"""Places are kept up to date one by one, by one process at a time."""

from uuid import UUID

import pytest
from sqlalchemy import select, text
from typer.testing import CliRunner

from abcd.assets.taxonomy import load_taxonomy
from abcd.cli import app
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import PlaceMeasure, PlaceMeasured
from abcd.errors import NotFound
from abcd.gaps.keeping import LOCK, keep_up, refresh
from abcd.gaps.stored import due
from tests.builders import HERE, a_place, an_asset

EAST, NORTH = HERE


@pytest.fixture(scope="module")
def places(store: str, owner: Actor) -> list[UUID]:
    with session(owner) as s:
        load_taxonomy(s)
        return [a_place(s, (EAST + 3_000 * n, NORTH), name=f"Place {n}") for n in range(3)]


def test_all_that_is_due_is_worked_out_and_then_nothing_is(places: list[UUID], owner: Actor) -> None:
    assert keep_up() == 3
    assert keep_up() == 0
    with session(owner) as s:
        assert set(s.scalars(select(PlaceMeasured.place_id))) == set(places)
        an_asset(s, "library", (EAST + 3_000, NORTH))
    with session(owner) as s:
        assert due(s) == [places[1]]
    assert "1 places were worked out" in CliRunner().invoke(app, ["gaps", "refresh"]).output


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

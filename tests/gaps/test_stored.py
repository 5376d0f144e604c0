"""Kept figures are those of the place page, and a place is due again when something near it changed."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.core.language import chosen, use
from abcd.db.tables import Asset, Place, PlaceMeasure
from abcd.gaps.possibilities import possibilities
from abcd.gaps.stored import due, settle, work_out
from tests.builders import HERE, a_place, a_search, a_small_area, an_asset

EAST, NORTH = HERE
FAR = (EAST + 20_000, NORTH)


@pytest.fixture
def places(s: Session) -> tuple[UUID, UUID]:
    """An estate with homes and a library, and another far away; both worked out."""
    near, far = a_place(s, name="Near", households=120), a_place(s, FAR, name="Far", households=90)
    a_small_area(s, HERE, 120)
    an_asset(s, "library", HERE, name="Library")
    for one in (near, far):
        work_out(s, one)
    return near, far


def kept(s: Session, place_id: UUID) -> dict[str, PlaceMeasure]:
    return {row.category: row for row in s.scalars(select(PlaceMeasure).where(PlaceMeasure.place_id == place_id))}


def test_what_is_kept_says_what_the_page_says(s: Session, places: tuple[UUID, UUID]) -> None:
    near, _far = places
    a_search(s, near, "park")
    work_out(s, near)
    rows, shown = kept(s, near), possibilities(s, near)
    assert rows["library"].state == "present"
    assert rows["library"].coverage == pytest.approx(1.0)
    assert {row.category for row in rows.values() if row.order} == {one.category for one in shown}
    for one in shown:
        row = rows[one.category]
        assert (row.order, row.state, row.coverage) == (one.order, one.state, one.measure.coverage)
        assert (row.absence, row.searches) == (one.knowledge.absence, len(one.knowledge.searches))
        assert row.judged_by == one.judged_by


def test_working_out_twice_gives_the_same_rows_under_the_same_ids(s: Session, places: tuple[UUID, UUID]) -> None:
    before = {row.id for row in kept(s, places[0]).values()}
    s.expire_all()
    work_out(s, places[0])
    assert {row.id for row in kept(s, places[0]).values()} == before


def test_nothing_is_due_when_nothing_changed(s: Session, places: tuple[UUID, UUID]) -> None:
    assert due(s) == []


def test_a_place_that_never_was_worked_out_comes_first(s: Session, places: tuple[UUID, UUID]) -> None:
    new = a_place(s, (EAST + 50_000, NORTH), name="New")
    assert due(s) == [new]


def test_another_day_makes_every_place_due(s: Session, places: tuple[UUID, UUID]) -> None:
    assert set(due(s, on=today() + timedelta(days=1))) == set(places)


@pytest.mark.parametrize(
    "change",
    [
        lambda s: an_asset(s, "park", (EAST + 900, NORTH)),
        lambda s: s.execute(update(Asset).where(Asset.name == "Library").values(assured_on=date(2020, 1, 1))),
        lambda s: s.execute(update(Asset).where(Asset.name == "Library").values(
            point=text("ST_SetSRID(ST_MakePoint(500000, 500000), 27700)"))),
        lambda s: s.execute(delete(Asset).where(Asset.name == "Library")),
        lambda s: a_search(s, s.scalar(select(Place.id).where(Place.name == "Near")), "park"),
        lambda s: s.execute(update(Place).where(Place.name == "Near").values(households=7)),
    ],
    ids=["added", "edited", "moved away", "deleted", "searched", "the place itself"],
)  # fmt: skip
def test_a_change_near_a_place_makes_it_due_and_no_other(s: Session, places: tuple[UUID, UUID], change: object) -> None:
    change(s)  # type: ignore[operator]
    s.flush()
    assert due(s) == [places[0]]
    work_out(s, places[0])
    assert due(s) == []


def test_a_load_makes_every_place_due_once(s: Session, places: tuple[UUID, UUID]) -> None:
    s.execute(
        text("""
        insert into core.asset (asset_kind, category, name, point)
        select 'physical', 'park', n, ST_SetSRID(ST_MakePoint(n, n), 27700) from generate_series(1, 300) n""")
    )
    assert set(due(s)) == set(places)
    for one in places:
        work_out(s, one)
    settle(s)
    assert due(s) == []


def test_what_rests_on_something_hidden_is_marked(s: Session, places: tuple[UUID, UUID]) -> None:
    an_asset(s, "park", HERE, kind="physical", visibility="officer")
    work_out(s, places[0])
    assert {slug for slug, row in kept(s, places[0]).items() if row.rests_on_hidden} == {"park"}


def test_the_words_are_english_and_the_language_here_stays(s: Session, places: tuple[UUID, UUID]) -> None:
    use("cy")
    try:
        work_out(s, places[0])
        assert chosen() == "cy"
    finally:
        use("en")
    assert "minutes’ walk" in kept(s, places[0])["library"].judged_by

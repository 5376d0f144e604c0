"""Larger places that hold a place."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.db.tables import PlaceParent
from abcd.places.parents import relate
from abcd.places.queries import parents
from tests.builders import HERE, a_place

EAST, NORTH = HERE


def test_a_place_belongs_to_the_larger_places_that_hold_most_of_it(s: Session) -> None:
    estate = a_place(s, size=400)
    ward, lad = a_place(s, kind="ward", size=2000), a_place(s, kind="lad", size=9000)
    a_place(s, (EAST + 1000, NORTH), kind="ward", size=1000)
    assert relate(s) == 4
    assert [parent.id for parent in parents(s, estate)] == [ward, lad]


def test_the_share_is_the_part_of_its_area(s: Session) -> None:
    estate = a_place(s, size=400)
    a_place(s, (EAST + 600, NORTH), kind="ward", size=1400)
    relate(s)
    assert s.scalars(select(PlaceParent.share).where(PlaceParent.place_id == estate)).all() == [0.75]


def test_less_than_half_is_no_parent_and_nor_is_one_of_its_kind(s: Session) -> None:
    a_place(s, size=400)
    a_place(s, size=2000)
    a_place(s, (EAST + 1010, NORTH), kind="ward", size=1990)
    assert relate(s) == 0


def test_only_what_differs_is_written(s: Session) -> None:
    estate = a_place(s)
    a_place(s, kind="ward", size=2000)
    assert (relate(s, [estate]), relate(s, [estate]), relate(s)) == (1, 0, 0)

"""Households of a place: its own figure, else the census areas within it."""

from uuid import UUID, uuid4

import pytest
from shapely import Point
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from abcd.db.tables import Dwelling, Households
from abcd.errors import NotFound
from abcd.places import demand
from abcd.places.demand import demand_in
from abcd.places.households import households_in, small_areas
from tests.builders import HERE, a_place, a_small_area, shape

EAST, NORTH = HERE


def test_a_places_own_figure_goes_first_with_its_source(s: Session) -> None:
    place = a_place(s, households=150, denominators_source="landlord's list", denominators_year=2025)
    a_small_area(s, HERE, 90)
    count = households_in(s, place)
    assert (count.count, count.source, count.year, count.small_areas) == (150, "landlord's list", 2025, 0)


def test_without_one_the_areas_whose_point_is_inside_are_added_up(s: Session) -> None:
    place = a_place(s)
    a_small_area(s, HERE, 90), a_small_area(s, (EAST + 200, NORTH), 50), a_small_area(s, (EAST + 201, NORTH), 1000)
    count = households_in(s, place)
    assert (count.count, count.year, count.small_areas, count.small_area_kind) == (140, 2021, 2, "oa")


def test_output_areas_are_preferred_to_lsoas_and_never_added_to_them(s: Session) -> None:
    place = a_place(s)
    a_small_area(s, HERE, 90), a_small_area(s, HERE, 700, kind="lsoa")
    assert households_in(s, place).count == 90


def test_lsoas_serve_where_no_output_area_has_a_figure(s: Session) -> None:
    place = a_place(s)
    a_place(s, kind="oa"), a_small_area(s, HERE, 700, kind="lsoa")
    count = households_in(s, place)
    assert (count.count, count.small_area_kind) == (700, "lsoa")


def test_the_newest_census_counts(s: Session) -> None:
    place, area = a_place(s), a_small_area(s, HERE, 90)
    s.add(Households(place_id=area, year=2031, measure="all", count=101))
    s.flush()
    assert (households_in(s, place).count, households_in(s, place).year) == (101, 2031)


def test_another_measure_is_never_the_places_own_figure(s: Session) -> None:
    place, area = a_place(s, households=150), a_small_area(s, HERE, 90)
    s.add(Households(place_id=area, year=2021, measure="social_rented", count=40))
    s.flush()
    assert households_in(s, place, "social_rented").count == 40


def test_nobody_has_given_a_figure(s: Session) -> None:
    count = households_in(s, a_place(s))
    assert (count.count, count.year) == (None, None)
    with pytest.raises(NotFound):
        households_in(s, uuid4())


def points(s: Session, *places: UUID) -> list[tuple[float, float, int, str, int]]:
    """Easting, northing, households, kind and the place's total, of each point of the demand of places."""
    found = demand_in(s, places)
    return list(found[["easting", "northing", "households", "kind", "total"]].itertuples(index=False, name=None))


def a_dwelling(s: Session, metres: float, households: int, kind: str = "dwelling") -> None:
    reference = f"H{s.scalar(select(func.count()).select_from(Dwelling))}"
    point = shape(Point(EAST + metres, NORTH))
    s.add(Dwelling(reference=reference, kind=kind, point=point, households=households))
    s.flush()


def test_demand_lies_at_the_middle_of_each_area(s: Session) -> None:
    place = a_place(s, households=999)
    a_small_area(s, (EAST + 10, NORTH), 90)
    assert points(s, place) == [(EAST + 10, NORTH, 90, "area", 999)]


def test_demand_falls_back_to_the_places_own_point_and_then_to_nothing(s: Session) -> None:
    alone, unknown = a_place(s, households=75), a_place(s)
    assert points(s, alone) == [(EAST, NORTH, 75, "place", 75)]
    assert demand_in(s, [unknown]).empty
    assert small_areas(s, alone).empty


def test_homes_go_before_areas_when_they_are_at_least_half_of_them(s: Session) -> None:
    place = a_place(s)
    a_small_area(s, (EAST, NORTH), 20)
    a_dwelling(s, -50, 4)
    assert points(s, place) == [(EAST, NORTH, 20, "area", 20)]
    a_dwelling(s, 50, 6)
    assert points(s, place) == [(EAST - 50, NORTH, 4, "dwelling", 20), (EAST + 50, NORTH, 6, "dwelling", 20)]
    assert households_in(s, place).count == 20


def test_homes_go_before_postcodes_and_alone_they_are_the_households(s: Session) -> None:
    place = a_place(s)
    a_dwelling(s, 0, 30, "postcode")
    assert points(s, place) == [(EAST, NORTH, 30, "postcode", 30)]
    a_dwelling(s, 10, 7)
    assert points(s, place) == [(EAST + 10, NORTH, 7, "dwelling", 7)]
    assert (households_in(s, place).count, households_in(s, place).source) == (7, "a list of homes")


def test_a_place_of_very_many_homes_is_measured_by_squares(s: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demand, "MOST_POINTS", 2)
    place = a_place(s)
    for metres, households in ((-170, 1), (10, 30), (40, 10)):
        a_dwelling(s, metres, households)
    found = points(s, place)
    assert found == [(EAST - 170, NORTH, 1, "dwelling", 41), (EAST + 17.5, NORTH, 40, "dwelling", 41)]
    a_small_area(s, (EAST, NORTH), 50)
    assert points(s, place) == [(EAST, NORTH, 50, "area", 50)]


def test_the_demand_of_many_places_at_once_is_that_of_each(s: Session) -> None:
    one, other = a_place(s), a_place(s, (EAST + 5000, NORTH), households=12)
    a_small_area(s, (EAST, NORTH), 50)
    together = {key: len(rows) for key, rows in demand_in(s, [one, other]).groupby("place_id")}
    assert together == {one: 1, other: 1}
    assert sorted(points(s, one, other)) == sorted(points(s, one) + points(s, other))

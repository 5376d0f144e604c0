"""Households of a place: its own figure, else the census areas within it."""

from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from abcd.db.tables import Households
from abcd.errors import NotFound
from abcd.places.households import demand_points, households_in, small_areas
from tests.builders import HERE, a_place, a_small_area

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


def test_demand_lies_at_the_middle_of_each_area(s: Session) -> None:
    place = a_place(s, households=999)
    a_small_area(s, (EAST + 10, NORTH), 90)
    assert demand_points(s, place).to_dict("records") == [{"easting": EAST + 10, "northing": NORTH, "households": 90}]


def test_demand_falls_back_to_the_places_own_point_and_then_to_nothing(s: Session) -> None:
    alone, unknown = a_place(s, households=75), a_place(s)
    assert demand_points(s, alone).to_dict("records") == [{"easting": EAST, "northing": NORTH, "households": 75}]
    assert demand_points(s, unknown).empty
    assert list(demand_points(s, unknown).columns) == ["easting", "northing", "households"]
    assert small_areas(s, alone).empty

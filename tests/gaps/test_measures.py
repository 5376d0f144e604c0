"""One place's figures, from real rows and by hand."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from shapely import Point, box
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.errors import BadRequest, NotFound
from abcd.gaps.measures import measures
from abcd.gaps.records import Measure
from tests.builders import HERE, TODAY, a_place, a_small_area, an_asset


def east(metres: float, north: float = 0) -> tuple[float, float]:
    return HERE[0] + metres, HERE[1] + north


def of(s: Session, place: UUID, category: str = "library", **more: object) -> Measure:
    return next(one for one in measures(s, place, on=TODAY, **more) if one.standard.category == category)  # type: ignore[arg-type]


def a_settlement(s: Session) -> UUID:
    """An estate 1.2 km wide with homes at three points: 100, 50 and 150 households."""
    for metres, households in ((-500, 100), (0, 50), (500, 150)):
        a_small_area(s, east(metres), households)
    return a_place(s, size=1200)


def inside(s: Session, place: UUID, asset: UUID, relation: str = "within") -> None:
    s.execute(text("insert into core.place_asset values (:p, :a, :r)"), {"p": place, "a": asset, "r": relation})


def test_nearest_coverage_and_median_walk_by_hand(s: Session) -> None:
    place = a_settlement(s)
    nearer = an_asset(s, at=east(300, 400), name="Near library")
    an_asset(s, at=east(-1600), name="Far library")
    measure = of(s, place)
    # Walks: home at -500 is 894 m from the near one (17.4 min), 0 is 500 m (9.7 min), 500 is 447 m (8.7 min).
    assert measure.coverage == pytest.approx(200 / 300)
    assert measure.median_minutes == pytest.approx(447.2136 * 1.3 / 66.7)
    assert measure.nearest is not None
    assert (measure.nearest.asset_id, measure.nearest.name) == (nearer, "Near library")
    assert measure.nearest.minutes == pytest.approx(447.2136 * 1.3 / 66.7)
    assert (measure.in_reach, measure.households, measure.homes) == (1, 300, 3)


def test_the_slower_walker_reaches_less(s: Session) -> None:
    place = a_settlement(s)
    an_asset(s, at=east(300, 400))
    assert of(s, place, profile="slower").coverage == pytest.approx(200 / 300)
    an_asset(s, "cafe", at=east(500, 490))
    assert of(s, place, "cafe").coverage == pytest.approx(150 / 300)
    assert of(s, place, "cafe", profile="slower").coverage == 0


def test_provision_counts_what_is_inside_or_serves_and_gives_exact_limits(s: Session) -> None:
    place = a_settlement(s)
    inside(s, place, an_asset(s, at=east(0)))
    inside(s, place, an_asset(s, at=None, name="Mobile library"), "serves")
    rate = of(s, place).provision
    assert (rate.count, rate.per_1000) == (2, pytest.approx(2000 / 300))
    assert (rate.low, rate.high) == pytest.approx((0.2422 / 0.3, 7.2247 / 0.3), abs=0.001)


def test_what_serves_the_place_counts_as_here_without_a_point(s: Session) -> None:
    place = a_settlement(s)
    inside(s, place, an_asset(s, at=None), "serves")
    measure = of(s, place)
    assert (measure.in_reach, measure.fresh, measure.coverage, measure.nearest) == (1, 1, 0.0, None)


def test_beyond_the_search_the_nearest_known_is_still_named(s: Session) -> None:
    place = a_settlement(s)
    an_asset(s, at=east(5000), name="Next town")
    an_asset(s, "cafe", at=east(40_000))
    measure = of(s, place)
    assert measure.nearest is not None
    assert (measure.nearest.name, round(measure.nearest.metres)) == ("Next town", 5000)
    assert (measure.in_reach, measure.coverage, measure.median_minutes) == (0, 0.0, None)
    assert of(s, place, "cafe").nearest is None


def test_a_green_space_is_measured_from_its_edge_in_a_straight_line(s: Session) -> None:
    place = a_settlement(s)
    e, n = HERE
    an_asset(s, "natural-greenspace", geom=box(e + 700, n - 100, e + 900, n + 100), kind="physical")
    an_asset(s, "natural-greenspace", geom=box(e, n, e + 50, n + 50), kind="physical")
    an_asset(s, "natural-greenspace", geom=Point(e, n), kind="physical")
    measure = of(s, place, "natural-greenspace", asked_for=["natural-greenspace"])
    # One of 4 ha lies 200 m from the last home; the one at the door has 0.25 ha, and a point has no size.
    assert measure.standard.metres_from_boundary == 300
    assert measure.coverage == pytest.approx(150 / 300)
    assert measure.nearest is not None
    assert measure.nearest.metres == pytest.approx(200)


def test_only_a_known_yes_is_usable(s: Session) -> None:
    place = a_settlement(s)
    an_asset(s, at=east(-500), step_free="unknown")
    an_asset(s, at=east(500), step_free="yes", cost="Free entry", open_grid=0b100)
    plain, free = of(s, place), of(s, place, needs=["step_free", "free", "evening"])
    assert (plain.coverage, plain.usable) == (pytest.approx(1.0), 2)
    assert (free.coverage, free.usable, free.usable_coverage) == (pytest.approx(1.0), 1, pytest.approx(200 / 300))
    assert of(s, place, needs=["weekend"]).usable == 0


def test_freshness_of_what_is_in_reach(s: Session) -> None:
    place = a_settlement(s)
    an_asset(s, at=east(0), checked=date(2025, 12, 1))
    an_asset(s, at=east(10), checked=date(2024, 1, 1))
    an_asset(s, at=east(20), checked=None)
    measure = of(s, place)
    assert (measure.in_reach, measure.fresh, measure.newest_check) == (3, 1, date(2025, 12, 1))


def test_closed_merged_and_sensitive_assets_are_not_there(s: Session) -> None:
    place, kept = a_settlement(s), an_asset(s, at=east(2000))
    an_asset(s, at=east(0), status="temporarily closed")
    an_asset(s, at=east(0), merged_into=kept)
    inside(s, place, an_asset(s, at=None, is_sensitive=True), "serves")
    measure = of(s, place)
    assert (measure.in_reach, measure.provision.count) == (0, 0)


def test_households_unknown_gives_no_share_and_no_rate(s: Session) -> None:
    place = a_place(s)
    an_asset(s)
    measure = of(s, place)
    assert (measure.coverage, measure.median_minutes, measure.provision.per_1000) == (None, None, None)
    assert (measure.in_reach, measure.similar.n) == (1, 0)


def test_only_everyday_categories_and_what_was_asked_for(s: Session) -> None:
    place = a_place(s)
    everyday = {one.standard.category for one in measures(s, place, on=TODAY)}
    assert "library" in everyday
    assert "allotment" not in everyday
    asked = {one.standard.category for one in measures(s, place, on=TODAY, asked_for=["allotment"])}
    assert asked == everyday | {"allotment"}


def test_unknown_place_profile_and_need(s: Session) -> None:
    with pytest.raises(NotFound):
        measures(s, uuid4())
    with pytest.raises(BadRequest, match="step_free"):
        measures(s, a_place(s), needs=["quiet"])

"""Walks from one place: minutes and the ground within reach, by straight lines and round barriers."""

from uuid import UUID

import numpy as np
import pytest
import shapely

from abcd.gaps.around import RoundBarriers
from abcd.gaps.onfoot import OnFoot
from abcd.gaps.sight import ring_round, seen_from
from abcd.gaps.streets.walk import StreetWalk
from abcd.gaps.walk import StraightLine
from abcd.gaps.walls import walls_of
from abcd.places.barriers import BarrierRecord, CrossingRecord
from tests.gaps.streets.test_rings import town  # noqa: F401

LINE = shapely.LineString([(-9_000, 100), (9_000, 100)])
GATE = CrossingRecord(UUID(int=9), "Bridge", "yes", 200.0, 100.0, 1)


def walk(*gates: CrossingRecord) -> RoundBarriers:
    return RoundBarriers(walls=walls_of([BarrierRecord(UUID(int=1), "R", "river", True, LINE, gates, 1)]), barriers=1)


def test_nothing_behind_a_wall_is_seen() -> None:
    found = seen_from(np.array([0.0, 0.0]), 500.0, LINE)
    disc = shapely.Point(0, 0).buffer(500, quad_segs=16)
    assert found.symmetric_difference(disc.intersection(shapely.box(-600, -600, 600, 100))).area < 1.0


def test_a_ring_goes_through_the_crossing_and_no_further_than_what_is_left_of_the_walk() -> None:
    closed = ring_round(walk(), shapely.Point(0, 0), 10)
    assert closed.bounds[3] == pytest.approx(100, abs=0.01)
    open_ring = ring_round(walk(GATE), shapely.Point(0, 0), 10)
    reach, spent = 10 * 66.7 / 1.3, np.hypot(200, 100)
    assert open_ring.bounds[3] == pytest.approx(100 + reach - spent, abs=1.0)
    assert not open_ring.contains(shapely.Point(-150, 150)), "across, and too far round"


@pytest.mark.parametrize("gates", [(), (GATE,)])
def test_what_is_in_the_ring_is_within_the_minutes(gates: tuple[CrossingRecord, ...]) -> None:
    here = OnFoot(shapely.Point(30, -40), walk(*gates))
    spots = np.random.default_rng(5).uniform(-700, 700, (400, 2))
    ring = here.ring(10)
    inside, minutes = shapely.intersects_xy(ring, *spots.T), here.minutes(spots)
    sure = ~shapely.intersects_xy(ring.boundary.buffer(3.0), *spots.T)
    np.testing.assert_array_equal(inside[sure], (minutes <= 10)[sure])


def test_from_an_area_one_starts_at_its_edge() -> None:
    here = OnFoot(shapely.box(-100, -100, 100, 0), StraightLine())
    assert here.minutes(np.array([[0.0, -50.0], [0.0, 66.7]])) == pytest.approx([0.0, 1.3], abs=0.06)
    assert here.is_plain
    assert "straight lines" in here.words()


def test_along_streets_minutes_and_ring_agree(town) -> None:  # noqa: ANN001, F811
    here = OnFoot(shapely.Point(5, 400), StreetWalk(town, StraightLine()))
    minutes, ring = here.minutes(np.asarray(town.network.xy)), here.ring(8)
    np.testing.assert_array_equal(shapely.intersects_xy(ring, *town.network.xy.T), minutes <= 8)
    both = StreetWalk(town, StraightLine()).minutes(np.array([[5.0, 400.0]]), np.asarray(town.network.xy))[0]
    near = np.isfinite(both)
    np.testing.assert_allclose(minutes[near], both[near])
    assert "along streets" in here.words()


def test_far_from_every_street_ring_and_minutes_are_both_by_straight_line(town) -> None:  # noqa: ANN001, F811
    here = OnFoot(shapely.Point(town.network.xy.max(axis=0) + 400), StreetWalk(town, StraightLine()))
    spots = np.asarray(town.network.xy)
    np.testing.assert_array_equal(shapely.intersects_xy(here.ring(20), *spots.T), here.minutes(spots) <= 20)
    assert here.ring(20).area > 0

"""Walks round what nobody walks across: worked out by hand, and the same along streets."""

from dataclasses import replace
from uuid import UUID, uuid4

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from abcd.gaps.around import RoundBarriers
from abcd.gaps.streets.building import build
from abcd.gaps.streets.cutting import cuts_of, without
from abcd.gaps.streets.loaded import Streets, keep, opened
from abcd.gaps.streets.network import Edges, ways_of
from abcd.gaps.streets.pairs import pairs_within
from abcd.gaps.streets.searching import metres_between, to_nearest
from abcd.gaps.streets.walk import StreetWalk
from abcd.gaps.walk import StraightLine
from abcd.gaps.walls import Walls, is_cut, walls_of
from abcd.places.barriers import BarrierRecord, CrossingRecord


def a_crossing(east: float, north: float, step_free: str = "unknown") -> CrossingRecord:
    return CrossingRecord(uuid4(), "", step_free, east, north, 1)


def a_barrier(
    *line: tuple[float, float], crossings: tuple[CrossingRecord, ...] = (), is_hard: bool = True
) -> BarrierRecord:
    return BarrierRecord(UUID(int=1), "Line", "railway", is_hard, shapely.LineString(line), crossings, 1)


RAILWAY = a_barrier(
    (-5_000, 0), (5_000, 0), crossings=(a_crossing(300, 0, "yes"), a_crossing(-50, 0, "no"))
)  # fmt: skip
HOME, ACROSS, SAME_SIDE = (0.0, -400.0), (0.0, 400.0), (600.0, -400.0)


def around(*barriers: BarrierRecord, is_level: bool = False) -> RoundBarriers:
    return RoundBarriers(walls=walls_of(barriers, is_level=is_level), barriers=len(barriers), is_level=is_level)


def test_a_straight_line_goes_round_by_the_nearest_crossing() -> None:
    walk = around(RAILWAY)
    metres = walk.metres(np.array([HOME]), np.array([ACROSS, SAME_SIDE]))
    by_the_footbridge = 2 * np.hypot(50, 400)
    np.testing.assert_allclose(metres, [[by_the_footbridge, 600.0]])
    level = around(RAILWAY, is_level=True).metres(np.array([HOME]), np.array([ACROSS]))
    np.testing.assert_allclose(level, [[500 + 500]])
    np.testing.assert_allclose(
        walk.minutes(np.array([HOME]), np.array([ACROSS])), [[by_the_footbridge * 1.3 / 66.7]]
    )  # fmt: skip


def test_whoever_walks_through_a_crossing_goes_straight_on() -> None:
    metres = around(RAILWAY).metres(np.array([[300.0, -100.0]]), np.array([[320.0, 100.0], [335.0, 150.0]]))
    np.testing.assert_allclose(metres, [[np.hypot(20, 200), np.hypot(35, 250)]])


def test_without_a_crossing_in_reach_there_is_no_walk_and_a_soft_barrier_is_none() -> None:
    closed = replace(RAILWAY, crossings=(a_crossing(1_600, 0),))
    there = around(closed).minutes(np.array([HOME]), np.array([ACROSS]))
    assert np.isinf(there).all()
    assert walls_of([replace(RAILWAY, is_hard=False)]) is None
    assert walls_of([]) is None


def test_two_barriers_are_crossed_one_after_the_other() -> None:
    river = BarrierRecord(
        UUID(int=2),
        "River",
        "river",
        True,
        shapely.LineString([(-5_000, 300), (5_000, 300)]),
        (a_crossing(60, 300),),
        1,
    )
    metres = around(RAILWAY, river).metres(np.array([HOME]), np.array([ACROSS]))
    np.testing.assert_allclose(metres, [[np.hypot(50, 400) + np.hypot(110, 300) + np.hypot(60, 100)]])


def test_the_words_name_how_many_and_how() -> None:
    assert "1 drawn barrier near here is crossed only at its crossings." in around(RAILWAY).words()
    assert "known to be step-free" in around(RAILWAY, is_level=True).words()


@given(st.integers(0, 10_000), st.integers(0, 12))
@settings(max_examples=100, deadline=None)
def test_what_is_cut_is_what_shapely_says_crosses(seed: int, pieces_n: int) -> None:
    rng = np.random.default_rng(seed)
    origins, targets = rng.uniform(0, 20, (9, 2)), rng.uniform(0, 20, (7, 2))
    segments = rng.uniform(0, 20, (pieces_n, 4))
    ways = shapely.linestrings(np.stack(np.broadcast_arrays(origins[:, None], targets[None]), axis=2))
    pieces = shapely.linestrings(segments.reshape(-1, 2, 2))
    wanted = shapely.intersects(ways[..., None], pieces).any(axis=2) if len(segments) else np.zeros(ways.shape, bool)
    np.testing.assert_array_equal(is_cut(origins, targets, segments), wanted)


def grid(tmp_path_factory: pytest.TempPathFactory) -> Streets:
    """Streets 100 m apart, 13 by 13, each bent at a node half-way."""
    xy = [(i * 50.0, j * 50.0) for j in range(25) for i in range(25) if i % 2 == 0 or j % 2 == 0]
    at = {spot: k for k, spot in enumerate(xy)}
    pairs = [(k, at[x + dx, y + dy]) for (x, y), k in at.items() for dx, dy in ((50.0, 0.0), (0.0, 50.0))
             if (x + dx, y + dy) in at and (dx == 0 or y % 100 == 0) and (dy == 0 or x % 100 == 0)]  # fmt: skip
    metres, marks = np.full(len(pairs), 50.0), np.zeros(len(pairs), dtype=np.int32)
    folder = tmp_path_factory.mktemp("grid") / "network"
    keep(folder, build(Edges(np.array(xy), np.array(pairs), metres, marks)))
    return opened(folder, "invented")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Streets:
    return grid(tmp_path_factory)


def edges_across(found: Streets, walls: Walls) -> np.ndarray:
    """The edges of the grid that a wall meets, as the store would find them: neighbours 50 m apart."""
    xy = np.asarray(found.network.xy)
    near = [(a, b) for a in range(len(xy)) for b in range(a) if np.abs(xy[a] - xy[b]).sum() == 50.0]
    ends = np.array([np.concatenate([xy[a], xy[b]]) for a, b in near])
    return ends[shapely.intersects(walls.line, shapely.linestrings(ends.reshape(-1, 2, 2)))]


def test_streets_are_cut_but_at_the_crossing(town: Streets) -> None:
    walls = walls_of([a_barrier((-100, 620), (1_400, 620), crossings=(a_crossing(1_000, 620),))])
    assert walls is not None
    cut = without(town, edges_across(town, walls), walls)
    assert len(cuts_of(town.network, edges_across(town, walls))) == 12, "13 streets go north, one through the crossing"
    walk = StreetWalk(cut, StraightLine())
    points = np.array([(400.0, 600.0), (400.0, 650.0), (1_000.0, 600.0), (1_000.0, 650.0)])
    metres = walk.minutes(points[:1], points[1:]) * 66.7
    np.testing.assert_allclose(
        metres, [[600 + 100 + 600 + 50, 600, 650]], err_msg="650 is half-way up a street: from above"
    )


def test_every_search_on_a_cut_network_is_that_of_the_network_made_again_without_those_edges(town: Streets) -> None:
    railway = a_barrier((330, -50), (520, 700), (340, 1_300), crossings=(a_crossing(430, 350),))
    walls = walls_of([railway])
    assert walls is not None
    edges = edges_across(town, walls)
    cut = without(town, edges, walls)
    xy = np.asarray(town.network.xy)
    kept = [(a, b) for a in range(len(xy)) for b in range(a) if np.abs(xy[a] - xy[b]).sum() == 50.0
            and not ((edges == (*xy[a], *xy[b])).all(axis=1).any())]  # fmt: skip
    marks = np.zeros(len(kept), dtype=np.int32)
    again = build(Edges(xy, np.array(kept), np.full(len(kept), 50.0), marks))
    np.testing.assert_array_equal(again.xy, xy, err_msg="the order of nodes is that of their places")
    every = np.arange(len(xy))
    wanted = metres_between(again, ways_of(again), every, every, 900.0)
    found = metres_between(cut.network, cut.ways, every, every, 900.0)
    shut = ~np.isin(every, cut.nodes)
    assert shut.sum() <= 4, "only what lies between two cuts of one street"
    np.testing.assert_allclose(found[~shut][:, ~shut], wanted[~shut][:, ~shut])
    some = cut.nodes[::7]
    np.testing.assert_allclose(
        to_nearest(cut.network, cut.ways, some, np.zeros(len(some)), 900.0)[~shut], wanted[some].min(axis=0)[~shut]
    )
    pairs = pairs_within(cut.network, cut.ways, cut.nodes, some, 900.0)
    assert len(pairs.target) == np.isfinite(wanted[cut.nodes][:, some]).sum()


def test_a_door_is_on_the_street_of_its_own_side(town: Streets) -> None:
    walls = walls_of([a_barrier((-100, 1_190), (1_300, 1_190), crossings=())])
    assert walls is not None
    cut = without(town, edges_across(town, walls), walls)
    nodes, away = cut.nearest(np.array([[230.0, 1_185.0]]))
    assert cut.network.xy[nodes[0]].tolist() == [200.0, 1_150.0], "1,200 is nearer, but across"
    assert away[0] == pytest.approx(np.hypot(30, 35))
    shut = walls_of([a_barrier((230, 500), (270, 500), (270, 560), (230, 560), (230, 500))])
    assert shut is not None
    assert np.isinf(without(town, edges_across(town, shut), shut).nearest(np.array([[250.0, 530.0]]))[1]).all()

"""A ring holds the nodes that one reaches in time, and no other."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from abcd.gaps.streets.building import build
from abcd.gaps.streets.loaded import Streets, keep, opened
from abcd.gaps.streets.network import Edges
from abcd.gaps.streets.rings import ARCS, STRIP, clipped, ground, ring, starts_in
from abcd.gaps.streets.searching import to_nearest


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Streets:
    """Two quarters of streets 80 m apart on either side of a river, with one bridge at the far end."""
    across = [(i * 80.0, j * 80.0) for j in range(12) for i in range(12)]
    xy = np.array(across) + np.random.default_rng(3).uniform(-9, 9, (len(across), 2))
    pairs = [(j * 12 + i, j * 12 + i + 1) for j in range(12) for i in range(11)]
    pairs += [(j * 12 + i, (j + 1) * 12 + i) for j in range(11) for i in range(12) if j != 5 or i == 11]
    ends = xy[np.array(pairs)]
    metres = np.hypot(*(ends[:, 0] - ends[:, 1]).T)
    folder = tmp_path_factory.mktemp("town") / "network"
    keep(folder, build(Edges(xy, np.array(pairs), metres, np.zeros(len(pairs), dtype=np.int32))))
    return opened(folder, "invented")


@pytest.mark.parametrize("metres", [100.0, 333.0, 700.0, 5_000.0])
def test_a_ring_covers_exactly_the_nodes_within_reach(town: Streets, metres: float) -> None:
    start, away = town.nearest(np.array([[5.0, 400.0]]))
    reached = to_nearest(town.network, town.ways, start, away, metres) <= metres
    found = ring(town, start, away, metres)
    covered = shapely.intersects_xy(found, *town.network.xy.T)
    np.testing.assert_array_equal(covered, reached)


def test_ground_along_streets_that_join_is_one_piece_without_cracks() -> None:
    """Nodes every 40 m along streets 300 m apart, none quite in line, as a map of streets has them."""
    rng = np.random.default_rng(1)
    down = [(x + rng.normal() * 2, y) for x in np.arange(0, 2_000, 300) for y in np.arange(0, 2_000, 40)]
    along = [(x, y + rng.normal() * 2) for y in np.arange(0, 2_000, 300) for x in np.arange(0, 2_000, 40)]
    xy = np.array(down + along) + [400_000.0, 393_000.0]
    found = ground(xy, np.flatnonzero((xy[:, 0] < 401_150) & (xy[:, 1] < 394_150)))
    parts = shapely.get_parts(found)
    assert len(parts) == 1
    holes = [shapely.Polygon(hole).area for part in parts for hole in part.interiors]
    assert all(area > 10_000 for area in holes), "the middles of blocks, and no cracks"


@pytest.mark.parametrize(("spread", "many"), [(150, 60), (600, 300), (2_000, 300), (9_000, 40)])
def test_cells_joined_where_they_touch_are_the_same_ground_as_cells_cut_one_by_one(spread: int, many: int) -> None:
    for seed in range(5):
        nodes = np.unique(np.random.default_rng(seed).uniform(0, spread, (many, 2)), axis=0) + [400_000.0, 393_000.0]
        cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(nodes), ordered=True))
        inner = shapely.bounds(cells)
        some = (inner[:, 0] > 400_000) & (inner[:, 2] < 400_000 + spread)
        each = shapely.intersection(cells[some], shapely.buffer(shapely.points(nodes[some]), STRIP, quad_segs=ARCS))
        found = clipped(cells[some], nodes[some])
        assert found.is_valid
        assert found.symmetric_difference(shapely.union_all(each)).area < 1e-3


def test_the_other_side_of_the_river_is_in_it_only_by_the_bridge(town: Streets) -> None:
    start, away = town.nearest(np.array([[0.0, 400.0]]))
    across = shapely.Point(0.0, 480.0)
    assert not ring(town, start, away, 600.0).intersects(across), "80 m as the crow flies, 1.8 km on foot"
    assert ring(town, start, away, 2_500.0).intersects(across)


def test_one_walks_from_everywhere_inside_a_place_or_from_the_nearest_street(town: Streets) -> None:
    nodes, away = starts_in(town, shapely.box(-20, -20, 180, 180))
    assert len(nodes) == 9
    assert not away.any()
    nodes, away = starts_in(town, shapely.box(30, 30, 50, 50))
    assert len(nodes) == 1
    assert 0 < away[0] < 80


def test_nothing_is_within_reach_of_what_lies_too_far_from_any_street(town: Streets) -> None:
    start, away = town.nearest(np.array([[5_000.0, 400.0]]))
    assert ring(town, start, away, 500.0).is_empty


def test_a_network_is_written_once_whoever_comes_first(town: Streets, tmp_path: Path) -> None:
    keep(tmp_path / "network", town.network)
    keep(tmp_path / "network", town.network)
    assert [path.name for path in tmp_path.iterdir()] == ["network"]

"""The figures of a plan, against worked figures and against gerrychain's."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from gerrychain import GeographicPartition, Graph
from gerrychain.metrics import polsby_popper as judges_polsby_popper

from abcd.patches.design import LEANINGS, design
from abcd.patches.feasible import Room
from abcd.patches.net import net_of, stock_of
from abcd.patches.outline import dissolved, outlines
from abcd.patches.quality import patch_quality, pieces, plan_quality, polsby_popper, streets_split
from tests.patches.towns import a_town, homes_from

ROOM = Room(175, 0.1)
NONE = np.full(4, -1)


def a_street() -> tuple:
    """Four blocks in a row, 100 m apart, of 1, 1, 1 and 7 households."""
    stock = stock_of(np.array([1.0, 1, 1, 7]), np.arange(4) * 100.0, np.zeros(4))
    return stock, net_of(stock, np.array([[0, 1], [1, 2], [2, 3]]))


def test_polsby_popper_of_known_shapes() -> None:
    shapes = np.array(
        [shapely.box(0, 0, 1, 1), shapely.box(0, 0, 2, 1), shapely.Point(0, 0).buffer(1, 400), shapely.Point(0, 0)]
    )
    assert polsby_popper(shapes) == pytest.approx([np.pi / 4, 0.698, 1.0, 0.0], abs=1e-3)


def test_the_measures_of_a_street() -> None:
    stock, net = a_street()
    found = patch_quality(homes_from(stock, net), np.zeros(4, np.int64), 0, shapely.box(0, 0, 1, 1), Room(8, 0.1))
    middle = 0.1 * (0 + 100 + 200) + 0.7 * 300
    spread = 0.1 * sum((x - middle) ** 2 for x in (0, 100, 200)) + 0.7 * (300 - middle) ** 2
    assert (found.households, found.deviation, found.pieces, found.medoid) == (10, 0.25, 1, 3)
    assert found.gyration == pytest.approx(np.sqrt(spread))
    assert found.walk == pytest.approx(0.1 * (300 + 200 + 100), abs=0.01)
    assert found.walk_most == pytest.approx(200, abs=0.01)


def test_a_plan_is_summed_up() -> None:
    stock, net = a_street()
    part = np.array([0, 0, 0, 1])
    shapes = outlines(stock.x, stock.y, part)
    homes = homes_from(stock, net, street=np.array([0, 0, 1, 1]))
    found = plan_quality(homes, part, shapes, Room(5, 0.4), now=np.array([3, 3, 4, 4]))
    assert (found.within, found.worst, found.cut_links, found.streets_split) == (1.0, 0.4, 1, 1)
    assert found.uneven == pytest.approx(0.4)
    assert found.changed == pytest.approx(0.1)
    assert pieces(net, part) == 2
    assert pieces(net, np.array([0, 1, 0, 1])) == 4


def test_a_soft_barrier_inside_a_patch_counts() -> None:
    stock, _net = a_street()
    net = net_of(stock, np.array([[0, 1], [1, 2], [2, 3]]), np.array([1.0, -1.0, 0.0]))
    inside, between = (
        plan_quality(homes_from(stock, net), part, outlines(stock.x, stock.y, part), ROOM, now=NONE)
        for part in (np.zeros(4, np.int64), np.array([0, 0, 1, 1]))
    )
    assert (inside.soft_crossings, between.soft_crossings) == (1, 0)


def test_streets_without_a_name_are_not_split() -> None:
    assert streets_split(np.array([0, 1, 0, 1]), np.array([-1, -1, 5, 5])) == 1


def test_outlines_hold_their_own_blocks_and_never_overlap() -> None:
    stock, net = a_town(12, 1)
    plan = design(stock, net, ROOM, LEANINGS[1], seed=1)
    shapes = outlines(stock.x, stock.y, plan.part)
    assert all(shapely.contains_xy(shapes[k], x, y) for k, x, y in zip(plan.part, stock.x, stock.y, strict=True))
    overlap = [shapely.intersection(a, b).area for i, a in enumerate(shapes) for b in shapes[:i]]
    assert max(overlap) < 1e-6
    stock_area = shapely.union_all(shapely.buffer(shapely.points(stock.x, stock.y), 50))
    assert shapely.difference(shapely.union_all(shapes), stock_area).area < 1e-3


def test_an_outline_does_not_swallow_the_streets_between() -> None:
    shapes = outlines(np.array([0.0, 1000.0, 500.0]), np.zeros(3), np.array([0, 0, 1]))
    assert not shapes[0].intersects(shapely.Point(500, 0))
    assert shapes[0].geom_type == "MultiPolygon"


def test_one_block_and_two_at_one_spot_have_outlines() -> None:
    assert outlines(np.zeros(1), np.zeros(1), np.zeros(1, np.int64))[0].area == pytest.approx(np.pi * 50**2, rel=0.02)
    shapes = outlines(np.array([0.0, 0.0, 80.0]), np.zeros(3), np.array([0, 0, 1]))
    assert [not shape.is_empty for shape in shapes] == [True, True]


def test_compactness_agrees_with_gerrychain() -> None:
    cells = np.array([shapely.box(x, y, x + 1, y + 1) for y in range(6) for x in range(6)])
    frame = gpd.GeoDataFrame({"part": [(i % 6) // 2 for i in range(36)]}, geometry=cells, crs=27700)
    judge = GeographicPartition(Graph.from_geodataframe(frame), "part")
    said = judges_polsby_popper(judge)
    ours = polsby_popper(dissolved(cells, frame.part.to_numpy()))
    assert [said[k] for k in range(3)] == pytest.approx(ours.tolist())

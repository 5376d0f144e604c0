"""The compiled searches, against plain ones of other libraries."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from abcd.patches.anneal import Taste, add, anneal, holds_without, inertia, price, sow, tally_of, worth
from abcd.patches.cuts import Wanted, cut_by_distance, cut_by_tree, distances
from tests.patches.towns import a_town, as_networkx, is_whole

TASTE = Taste(60.0, 0.05, 0.1, 6.0, 1e-6, 0.0, 1.0)


def strips(side: int) -> np.ndarray:
    """A plan of rows."""
    return np.repeat(np.arange(side), side)


@given(some.integers(3, 8), some.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_both_sides_of_any_cut_are_connected(side: int, seed: int) -> None:
    stock, net = a_town(side, seed, gaps=0.25)
    units = np.array(sorted(max(nx.connected_components(as_networkx(net)), key=len)))
    label = np.full(side * side, -1)
    label[units] = 3
    sow(seed)
    for cut in (cut_by_distance, cut_by_tree):
        cost, sides = cut(net, stock, label, 3, units, Wanted(1, 2, 60.0, 0.1), 4)
        if np.isfinite(cost):
            assert all(nx.is_connected(as_networkx(net).subgraph(units[sides == k])) for k in (0, 1))


def test_distances_are_dijkstras() -> None:
    stock, net = a_town(9, 2)
    found = np.full(81, np.inf)
    distances(net, np.zeros(81, np.int64), 0, 40, found)
    graph = as_networkx(net)
    for u in range(81):
        for link in range(net.start[u], net.start[u + 1]):
            graph[u][int(net.to[link])]["metres"] = net.metres[link]
    judge = nx.single_source_dijkstra_path_length(graph, 40, weight="metres")
    assert {u: pytest.approx(m) for u, m in judge.items()} == {u: m for u, m in enumerate(found) if np.isfinite(m)}


def test_a_block_may_leave_only_when_the_rest_holds() -> None:
    _stock, net = a_town(8, 4)
    part = np.arange(64) // 16
    graph, seen, queue = as_networkx(net), np.zeros(64, np.int64), np.empty(64, np.int64)
    for u in range(64):
        mine = [v for v in range(64) if part[v] == part[u]]
        whole = nx.number_connected_components(graph.subgraph(mine)) == 1
        if whole:
            without = graph.subgraph([v for v in mine if v != u])
            assert holds_without(net, part, u, seen, u + 1, queue) == nx.is_connected(without)


def test_the_price_of_a_move_is_the_difference_it_makes() -> None:
    stock, net = a_town(6, 1)
    part, now = strips(6), strips(6)
    tally = tally_of(stock, part, 6)
    before = sum(worth(row, TASTE) for row in tally)
    said = price(net, stock, part, tally, now, TASTE._replace(bond=0.0), 7, 2)
    part[7] = 2
    assert said == pytest.approx(sum(worth(row, TASTE) for row in tally_of(stock, part, 6)) - before)


def test_cut_bonds_are_part_of_the_price() -> None:
    stock, net = a_town(6, 1, gaps=0.0)
    net = net._replace(bond=np.ones(len(net.to)))
    part, now = strips(6), np.full(36, -1)
    tally = tally_of(stock, part, 6)
    with_bond, without = (price(net, stock, part, tally, now, TASTE._replace(bond=b), 7, 2) for b in (1.0, 0.0))
    assert with_bond - without == pytest.approx(2 - 1)


def test_sums_stay_right_through_a_long_run() -> None:
    stock, net = a_town(14, 3, gaps=0.0)
    part = strips(14)
    tally = tally_of(stock, part, 14)
    sow(1)
    assert anneal(net, stock, part, tally, np.full(196, -1), TASTE, 200_000, (0.3, 0.001)) > 100
    assert tally == pytest.approx(tally_of(stock, part, 14), abs=1e-5)
    assert is_whole(net, part)


def test_inertia_is_the_textbooks() -> None:
    stock, _net = a_town(4)
    tally = tally_of(stock, np.zeros(16, np.int64), 1)
    h = stock.weight
    middle = (h @ stock.x / h.sum(), h @ stock.y / h.sum())
    assert inertia(tally[0]) == pytest.approx((h * ((stock.x - middle[0]) ** 2 + (stock.y - middle[1]) ** 2)).sum())
    add(tally, stock, 3, 0, -1.0)
    assert tally[0, 4] == 15

"""The compiled searches, against plain ones of other libraries."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from abcd.patches.anneal import (
    Play,
    Taste,
    add,
    anneal,
    exchange,
    holds_without,
    inertia,
    move,
    price,
    sow,
    tally_of,
    worth,
)
from abcd.patches.cuts import Wanted, cut_by_distance, cut_by_tree, distances
from abcd.patches.net import Net, Stock, net_of, stock_of
from tests.patches.towns import a_town, as_networkx, is_whole

TASTE = Taste(60.0, 0.05, 0.1, 6.0, 1e-6, 0.0, 1.0)


def a_play(stock: Stock, net: Net, part: np.ndarray, taste: Taste = TASTE) -> Play:
    """What moves work on; today's patches are those of ``part``."""
    n = len(part)
    tally = tally_of(stock, part, int(part.max()) + 1)
    return Play(net, stock, part, tally, part.copy(), taste, np.zeros(n, np.int64), np.empty(n, np.int64))


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
    stock, net = a_town(8, 4)
    part = np.arange(64) // 16
    graph, play = as_networkx(net), a_play(stock, net, part)
    for u in range(64):
        mine = [v for v in range(64) if part[v] == part[u]]
        whole = nx.number_connected_components(graph.subgraph(mine)) == 1
        if whole:
            without = graph.subgraph([v for v in mine if v != u])
            assert holds_without(play, u, u + 1) == nx.is_connected(without)


def test_the_price_of_a_move_is_the_difference_it_makes() -> None:
    stock, net = a_town(6, 1)
    play = a_play(stock, net, strips(6), TASTE._replace(bond=0.0))
    before = sum(worth(row, TASTE) for row in play.tally)
    said = price(play, 7, 2)
    move(play, 7, 2)
    assert said == pytest.approx(sum(worth(row, TASTE) for row in play.tally) - before)
    assert play.tally == pytest.approx(tally_of(stock, play.part, 6))


def test_another_coach_has_its_price() -> None:
    stock, net = a_town(6, 1)
    dear, free = (price(a_play(stock, net, strips(6), TASTE._replace(change=c)), 7, 2) for c in (0.01, 0.0))
    assert dear - free == pytest.approx(0.01 * stock.weight[7])


def a_ladder() -> tuple[Stock, Net]:
    """Two rows of four blocks, 24 households and 16, joined across; block 1 holds 9 and block 5, across from it, 5."""
    weight = np.array([5.0, 9, 5, 5, 3, 5, 3, 5])
    stock = stock_of(weight, np.tile(np.arange(4) * 40.0, 2), np.repeat([0.0, 40.0], 4))
    rows = [
        (0, 1),
        (1, 2),
        (2, 3),
        (4, 5),
        (5, 6),
        (6, 7),
        (0, 4),
        (1, 5),
        (2, 6),
        (3, 7),
        (0, 2),
        (4, 6),
        (0, 5),
        (1, 4),
    ]
    return stock, net_of(stock, np.array(rows))


def test_two_blocks_change_places_when_that_evens_out() -> None:
    play = a_play(*a_ladder(), np.repeat([0, 1], 4), TASTE._replace(target=20.0, compact=0.0, bond=0.0))
    assert play.tally[:, 0].tolist() == [24, 16]
    assert exchange(play, 1, 5, 1e-9, 1)
    assert play.tally[:, 0].tolist() == [20, 20]
    assert is_whole(play.net, play.part)


def test_an_exchange_that_would_break_a_patch_changes_nothing() -> None:
    stock, _net = a_ladder()
    bare = net_of(stock, np.array([(0, 1), (1, 2), (2, 3), (4, 5), (5, 6), (6, 7), (1, 5)]))
    play = a_play(stock, bare, np.repeat([0, 1], 4), TASTE._replace(target=20.0, compact=0.0, bond=0.0))
    assert not exchange(play, 1, 5, 1e9, 1)
    assert play.part.tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    assert play.tally[:, 0].tolist() == [24, 16]


def test_cut_bonds_are_part_of_the_price() -> None:
    stock, net = a_town(6, 1, gaps=0.0)
    net = net._replace(bond=np.ones(len(net.to)))
    with_bond, without = (price(a_play(stock, net, strips(6), TASTE._replace(bond=b)), 7, 2) for b in (1.0, 0.0))
    assert with_bond - without == pytest.approx(2 - 1)


def test_sums_stay_right_through_a_long_run() -> None:
    stock, net = a_town(14, 3, gaps=0.0)
    play = a_play(stock, net, strips(14))
    sow(1)
    assert anneal(play, 200_000, (5.0, 0.01)) > 1_000
    assert play.tally == pytest.approx(tally_of(stock, play.part, 14), abs=1e-5)
    assert is_whole(net, play.part)


def test_inertia_is_the_textbooks() -> None:
    stock, _net = a_town(4)
    tally = tally_of(stock, np.zeros(16, np.int64), 1)
    h = stock.weight
    middle = (h @ stock.x / h.sum(), h @ stock.y / h.sum())
    assert inertia(tally[0]) == pytest.approx((h * ((stock.x - middle[0]) ** 2 + (stock.y - middle[1]) ** 2)).sum())
    add(tally, stock, 3, 0, -1.0)
    assert tally[0, 4] == 15

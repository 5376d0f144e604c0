"""Distances on the shortened network are those of a plain search over all of it, on any graph."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from abcd.gaps.streets.building import build, curve_order, single
from abcd.gaps.streets.lean import reached as lean_reached
from abcd.gaps.streets.network import STEPPED, Edges, Network, ways_of
from abcd.gaps.streets.pairs import pairs_within
from abcd.gaps.streets.searching import metres_between, to_nearest

#: A square with a tail, a ring that touches nothing, and steps across the square.
SQUARE = Edges(
    xy=np.array([[0, 0], [100, 0], [100, 100], [0, 100], [200, 100], [900, 900], [950, 900], [950, 950]], float),
    pairs=np.array([[0, 1], [1, 2], [2, 3], [3, 0], [2, 4], [5, 6], [6, 7], [7, 5], [0, 2]]),
    metres=np.array([100, 100, 100, 100, 100, 50, 50, 70, 141.4]),
    marks=np.array([0, 0, 0, 0, 0, 0, 0, 0, STEPPED], dtype=np.int32),
)


def at(network: Network, x: float, y: float) -> np.ndarray:
    return np.flatnonzero((network.xy == (x, y)).all(axis=1))


def plain(edges: Edges, network: Network) -> np.ndarray:
    """Every distance by scipy over every node, numbered as the network numbers them."""
    place = np.empty(len(edges.xy), dtype=np.int64)
    place[curve_order(edges.xy)] = np.arange(len(edges.xy))
    pairs, metres, _ = single(np.sort(place[edges.pairs], axis=1), edges.metres, edges.marks)
    n = len(network.xy)
    return dijkstra(coo_array((metres, (pairs[:, 0], pairs[:, 1])), shape=(n, n)).tocsr(), directed=False)


def test_a_walk_goes_the_shorter_way_round_and_up_the_steps() -> None:
    network = build(SQUARE)
    far, corner = at(network, 200, 100), at(network, 0, 0)
    assert metres_between(network, ways_of(network), corner, far, 1_000.0) == pytest.approx(np.array([[241.4]]))
    level = ways_of(network, without=STEPPED)
    assert metres_between(network, level, corner, far, 1_000.0) == pytest.approx(np.array([[300.0]]))
    assert np.isinf(metres_between(network, level, corner, far, 299.9)).all()
    assert np.isinf(metres_between(network, level, corner, at(network, 950, 900), 1e6)).all()


def test_along_a_ring_without_a_crossing_one_walks_too() -> None:
    network = build(SQUARE)
    one, other = at(network, 950, 900), at(network, 950, 950)
    assert metres_between(network, ways_of(network), one, other, 1_000.0) == pytest.approx(np.array([[50.0]]))
    assert set(network.piece) == {0, 1}


@st.composite
def graphs(draw: st.DrawFn) -> Edges:
    n = draw(st.integers(2, 30))
    node = st.integers(0, n - 1)
    pairs = draw(st.lists(st.tuples(node, node).filter(lambda pair: pair[0] != pair[1]), min_size=1, max_size=60))
    metres = draw(st.lists(st.floats(0.5, 500), min_size=len(pairs), max_size=len(pairs)))
    xy = np.array(draw(st.lists(st.tuples(st.floats(0, 1e4), st.floats(0, 1e4)), min_size=n, max_size=n)))
    marks = draw(st.lists(st.sampled_from([0, STEPPED]), min_size=len(pairs), max_size=len(pairs)))
    return Edges(xy, np.array(pairs), np.array(metres), np.array(marks, dtype=np.int32))


@given(graphs(), st.sampled_from([50.0, 400.0, 1e9]))
@settings(max_examples=150, deadline=None)
def test_every_distance_is_that_of_a_plain_search(edges: Edges, limit: float) -> None:
    network = build(edges)
    every = np.arange(len(network.xy))
    wanted = plain(edges, network)
    # A limit on the edge of rounding may fall either way.
    if np.isclose(wanted, limit, rtol=1e-9).any():
        return
    wanted = np.where(wanted <= limit, wanted, np.inf)
    found = metres_between(network, ways_of(network), every, every, limit)
    np.testing.assert_allclose(found, wanted, atol=1e-6)
    some, extra = every[::3], np.linspace(0, 40, len(every[::3]))
    nearest = (plain(edges, network)[some] + extra[:, None]).min(axis=0)
    if not np.isclose(nearest, limit, rtol=1e-9).any():
        reached = to_nearest(network, ways_of(network), some, extra, limit)
        np.testing.assert_allclose(reached, np.where(nearest <= limit, nearest, np.inf), atol=1e-6)
        lean = lean_reached(network, ways_of(network), some, extra, limit)
        np.testing.assert_allclose(lean, reached, atol=1e-6)


@given(graphs(), st.sampled_from([50.0, 400.0, 1e9]), st.booleans())
@settings(max_examples=100, deadline=None)
def test_the_pairs_are_those_of_all_distances(edges: Edges, limit: float, is_level: bool) -> None:
    network = build(edges)
    ways = ways_of(network, without=STEPPED if is_level else 0)
    origins, targets = np.arange(len(network.xy)), np.arange(len(network.xy))[::2].repeat(2)
    wanted = metres_between(network, ways, origins, targets, limit)
    pairs = pairs_within(network, ways, origins, targets, limit)
    found = np.full(wanted.shape, np.inf)
    origin = np.repeat(origins, np.diff(pairs.starts))
    assert len(set(zip(origin, pairs.target, strict=True))) == len(origin), "each pair once"
    found[origin, pairs.target] = pairs.metres
    np.testing.assert_allclose(found, wanted, atol=1e-9)


@given(graphs())
@settings(max_examples=50, deadline=None)
def test_every_edge_lies_on_one_stretch(edges: Edges) -> None:
    network = build(edges)
    _pairs, metres, _marks = single(np.sort(edges.pairs, axis=1), edges.metres, edges.marks)
    assert network.metres.sum() == pytest.approx(metres.sum())
    assert ((network.crossing >= 0) ^ (network.stretch >= 0)).all()
